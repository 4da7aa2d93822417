/* Operators' Lua: one sandboxed state per operator, capped in memory, instructions and time.
 * Every call runs in a coroutine; a host function may answer later. Errors never leave a state. */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H
#include <busbar/plugin.h>

#include "loop/loop.h"

struct script_host;

struct script_limits {
	size_t memory_bytes;   /* of one operator's state */
	uint64_t instructions; /* of one call */
	uint32_t burst_ms;     /* of Lua's own run between two awaits */
};

/* A host function: answers `call(args)` by calling `done` once, now or later. */
typedef void script_host_fn(void *self, const struct bb_json *args, bb_json_fn *done, void *arg);

struct script_host *script_host_new(struct loop *, const struct script_limits *);
void script_host_free(struct script_host *);

/* busbar.<group>.<name> in every state made afterwards. Texts are borrowed. */
void script_host_export(struct script_host *, const char *group, const char *name,
			script_host_fn *fn, void *self);
/* Where print() goes; NULL: nowhere but the debug log. */
void script_host_on_print(struct script_host *,
			  void (*fn)(const char *operator_id, const char *text, void *arg),
			  void *arg);

/* Contracts of plugin.h's script_call and script_check. */
int script_call(struct script_host *, const struct bb_script *, const char *function,
		const struct bb_json *question, uint32_t ms, bb_json_fn *fn, void *arg);
int script_check(struct script_host *, const struct bb_script *, struct bb_arena *,
		 const char **ret_error);
/* A global table of the script (its settings), as JSON; -ENOENT. Used for declarations like
 * `tariff = { ... }`. */
int script_global(struct script_host *, const struct bb_script *, const char *name,
		  struct bb_arena *, const struct bb_json **ret);
#endif
