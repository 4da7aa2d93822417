/* The plugin's own: what its files share. */
#ifndef QUIRKS_QUIRKS_H
#define QUIRKS_QUIRKS_H
#include <busbar/rest.h>

#include "match.h"

struct config {
	int64_t refresh_ms, slow_ms, aside_ms;
};

/* In the order of query_names in plugin.c. */
enum query {
	Q_STAMP,
	Q_RULES_LOAD,
	Q_SCRIPTS_LOAD,
	Q_RULE_LIST,
	Q_RULE_GET,
	Q_RULE_INSERT,
	Q_RULE_UPDATE,
	Q_RULE_DELETE,
	Q_SCRIPT_LIST,
	Q_SCRIPT_GET,
	Q_SCRIPT_INSERT,
	Q_VERSION_FIRST,
	Q_SCRIPT_LOCK,
	Q_SCRIPT_UPDATE,
	Q_VERSION_NEXT,
	Q_SCRIPT_DELETE,
	Q_VERSION_LIST,
	Q_COUNT_OF,
};

/* A script, in memory: bundled if its operator is "". */
struct script {
	const char *operator_id, *name, *version, *text;
	size_t len;
	int64_t aside_until_ms; /* it was too slow */
};

struct quirks {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	struct {
		struct bb_arena *arena;
		const struct bb_json *json; /* as REST shows it */
		struct rule *rules;
		struct script *scripts;
		uint32_t rule_count, script_count;
	} bundled;
	/* Of all operators, as they stand in the database. */
	struct {
		struct bb_arena *arena;
		struct rule *rules; /* by operator, position, id; beside it their operators */
		const char **operators;
		uint32_t count;
	} rules;
	struct {
		struct bb_arena *arena;
		struct script *list; /* by operator, name */
		uint32_t count;
	} scripts;
	char *stamp; /* of what is in memory */
	bool refreshing;
	struct bb_slot *timer;
};

/* catalogue.c: what is bundled. -errno, told in the log. */
int catalogue_load(struct quirks *);
/* Is it a byte repair, or a kindness at the handshake? */
bool catalogue_is_builtin(const char *name);
bb_call_fn catalogue_get;

/* book.c: operators' rules and scripts in memory. */
void book_refresh(struct quirks *);
void book_take_rules(struct quirks *, const struct bb_rows *);
void book_take_scripts(struct quirks *, const struct bb_rows *);
void book_free(struct quirks *);
/* The operator's own or the bundled one; NULL if there is none. */
struct script *book_script(const struct quirks *, const char *operator_id, const char *name);
/* The answer of the hook `quirks`. */
const struct bb_json *book_answer(const struct quirks *, struct bb_arena *,
				  const struct bb_json *known);

/* links.c: lets those connect again for whom other rules hold now. */
void links_renew(struct quirks *);

/* hooks.c, normalize.c */
bb_call_fn quirks_hook, normalize_hook;

/* rule.c, script.c: REST. */
bb_call_fn rule_list, rule_get, rule_create, rule_put, rule_delete;
bb_call_fn script_list, script_get, script_create, script_put, script_delete, script_versions;

/* thing.c: what rules and scripts have in common over REST. `get` is Q_RULE_GET or Q_SCRIPT_GET. */
int thing_list(struct bb_call *, struct quirks *, enum query list);
int thing_get(struct bb_call *, struct quirks *, enum query get);
/* Reads the thing that the path names, then goes on with `step`, or 404. `arg` becomes r->arg. */
int thing_find(struct bb_call *, struct quirks *, enum query get, bb_rest_fn *step, void *arg);
int thing_delete(struct bb_call *, struct quirks *, enum query get, enum query gone);
/* After a change: memory follows the database, then the thing of that id is shown; 0: 204. */
void thing_changed(struct bb_rest *, enum query get, int64_t id);
/* A row behind its cursor. */
const struct bb_json *thing_json(struct bb_arena *, const struct bb_rows *, uint32_t row,
				 void *quirks);
/* 422 with one fault. */
void thing_refuse(struct bb_rest *, const char *path, const char *rule);
#endif
