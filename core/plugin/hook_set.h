/* Who answers which question. Private to core/plugin. */
#ifndef PLUGIN_HOOK_SET_H
#define PLUGIN_HOOK_SET_H
#include "base/buf.h"
#include "plugin/host_state.h"

/* A row of the configuration's `scripts`. */
struct script_row {
	const char *hook, *file, *only_operator;
	int64_t order;
};

struct hook_script {
	struct script_row row;
	struct bb me; /* what the log calls it; `self` is this */
	struct buf text;
	const char *version; /* changes with the text */
	struct hook_set *set;
	struct hook_script *next;
};

struct hook_set {
	uint32_t refs;
	struct bb_arena *arena;
	struct names hooks;
	struct hook_script *scripts;
};

struct bb_script hook_script_for(const struct hook_script *, const char *operator_id);
/* The handler of a script's row. */
int hook_ask_script(struct bb_call *, void *hook_script);
/* hooks.c: what is wrong with an answer by its question's schema; NULL: nothing. */
const char *hook_answer_fault(const struct host *, const char *hook, struct bb_arena *,
			      const struct bb_json *);
#endif
