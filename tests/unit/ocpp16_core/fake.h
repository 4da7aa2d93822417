/* A core that a test scripts: what reads, commits and hooks answer; what handlers did is kept.
 * Everything answers at once. */
#ifndef TESTS_OCPP16_CORE_FAKE_H
#define TESTS_OCPP16_CORE_FAKE_H
#include "ocpp16_core/core16.h"

#define FAKE_MAX 32

struct fake_added {
	enum core16_query query;
	uint32_t count;
	const struct bb_val *v;
};

struct fake_answer {
	int err;
	struct bb_rows rows;
};

struct fake {
	struct bb_api api;
	struct core16_config config;
	struct core16 core;
	struct bb_arena *arena;
	struct bb_link link;
	int64_t now_ms;
	/* Scripted. */
	struct fake_answer reads[FAKE_MAX]; /* in order */
	int commit_err;
	int64_t changed; /* what every statement says */
	struct bb_rows last;
	int hook_err;
	const char *hook_answer, *hook_failure;
	const char *own_answer; /* of the plugin's own questions, boot and stop; NULL: all pass */
	/* Seen. */
	const struct bb_json *payload;
	struct fake_added added[FAKE_MAX];
	bb_rows_fn *added_fn[FAKE_MAX];
	void *added_arg[FAKE_MAX];
	uint32_t added_count, added_done, read_count, commit_count, rollback_count;
	const char *emitted[FAKE_MAX], *enqueued[FAKE_MAX];
	uint32_t emitted_count, enqueued_count;
	const char *registered; /* by link_register() */
	uint32_t answer_count;  /* must become 1 */
	const char *answer;     /* JSON text; NULL if it failed */
	const char *code;       /* the failure's */
	const char *question;   /* what a hook was asked last, of others */
	const char *own_question;
};

/* The one fake of a test. 2026-11-21T12:00:00Z; storage that takes everything; a token that is
 * accepted. */
struct fake *fake_new(void);
void fake_free(void);
/* The handler's whole answer, as JSON text or as "!code". */
const char *fake_call(bb_call_fn *fn, const char *payload);
/* The next read answers these rows: a table as text, names first, ";" between columns, "-" for
 * NULL. Whole numbers are integers unless in single quotes. */
void fake_read(const char *const *lines, uint32_t count);
/* The same for what the last statement of each unit returns. */
void fake_returns(const char *const *lines, uint32_t count);
/* The i-th statement of that query; NULL if there is none. */
const struct fake_added *fake_added(enum core16_query, uint32_t i);
const char *fake_text(const struct fake_added *, uint32_t param); /* 1 is $1; "-" is NULL */
int64_t fake_int(const struct fake_added *, uint32_t param);

const struct bb_json *fake_json(const char *text);
struct bb_arena *fake_arena(void);
#define FAKE_NOW_MS INT64_C(1795262400000)
#endif
