/* A script host on a loop, and calls whose answer is kept. */
#ifndef TESTS_SCRIPT_SANDBOX_H
#define TESTS_SCRIPT_SANDBOX_H
#include <criterion/criterion.h>
#include <errno.h>

#include "base/arena.h"
#include "script/script.h"
#include "json/json.h"

extern struct loop *loop;
extern struct script_host *host;
extern struct bb_arena *arena;

struct answer {
	bool done;
	int err, calls;
	const struct bb_json *value; /* lives in `arena` */
};

void sandbox_setup(void);
/* With 50 ms for a run and instructions without end. */
void sandbox_setup_short(void);
void sandbox_teardown(void);
/* A function of the host that takes anything. */
script_host_fn sandbox_echo;
void keep_answer(int err, const struct bb_json *v, void *arg);
/* Starts function `f` of the script for operator "acme". */
void call_script(const char *text, const char *question, uint32_t ms, struct answer *ret);
/* The same, until the answer is there. */
struct answer run_script(const char *text, const char *question);
const char *text_of(const struct bb_json *v);
/* `f` returns what `expression` is; its JSON text. */
const char *value_of(const char *expression);
/* The script's error: its code and, if not NULL, its detail; line 0: any. */
void expect_error(const char *text, int err, const char *detail, int64_t line);
/* The state still works. */
void expect_alive(void);
#endif
