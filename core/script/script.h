/* Operators' Lua: one sandboxed state per operator, capped in memory, instructions and time.
 * Every call runs in a coroutine and starts the script anew, in an environment of its own: nothing
 * that one call does is seen by another. A host function may answer later. Errors never leave a
 * state. What scripts find there is in docs/scripting.md. */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H
#include <busbar/plugin.h>

#include "loop/loop.h"

struct script_host;

struct script_limits {
	size_t memory_bytes;   /* of one operator's state */
	uint64_t instructions; /* of one call */
	uint32_t time_ms;      /* of CPU time of one call, without what it waits */
	uint32_t idle_ms;      /* an operator's state that is not used for so long goes; 0: never */
};

/* A host function: answers a call of one of the operator's scripts by calling `done` once, now or
 * later. */
typedef void script_host_fn(void *self, const char *operator_id, const struct bb_json *args,
			    bb_json_fn *done, void *arg);

struct script_host *script_host_new(struct loop *, const struct script_limits *);
/* Calls that still wait are ended with -ECANCELED. NULL is fine. */
void script_host_free(struct script_host *);

/* Every DIR/<name>.lua runs once in every state made afterwards; the table it returns is the global
 * <name> of all scripts, read-only. `ret_error` is malloc'd by the callee. */
int script_host_library(struct script_host *, const char *dir, char **ret_error);
/* busbar.<group>.<name> in every state made afterwards. Texts are borrowed. */
void script_host_export(struct script_host *, const char *group, const char *name,
			script_host_fn *fn, void *self);
/* Contracts of plugin.h's script_call and script_check. script_call tells every failure to `fn` and
 * returns 0; `ms` 0 means ten seconds. */
int script_call(struct script_host *, const struct bb_script *, const char *function,
		const struct bb_json *question, uint32_t ms, bb_json_fn *fn, void *arg);
int script_check(struct script_host *, const struct bb_script *, struct bb_arena *,
		 const char **ret_error);
/* Contract of plugin.h's script_stats. */
bool script_stats(struct script_host *, uint32_t i, struct bb_script_stats *ret);
void script_host_drop_idle(struct script_host *, uint32_t idle_ms);
#endif
