/* What the files of the host share. Private to core/plugin. */
#ifndef PLUGIN_HOST_STATE_H
#define PLUGIN_HOST_STATE_H
#include "base/error.h"
#include "plugin/host.h"
#include "plugin/instance.h"
#include "plugin/names.h"

struct hook_set;
struct parameter_list;
struct route_tree;
struct task_runner;
struct zones;

struct host {
	struct host_spec spec;
	struct bb_arena *arena; /* plugins and registries; lives as long as the host */
	struct bb core;         /* the core itself, where a plugin is asked for */
	struct bb **plugins;    /* in the order of start; storage first */
	size_t count;
	struct bb *storage;
	struct db *db;
	struct names actions, outgoing, services, questions, topics, tasks;
	struct route_tree *routes;
	struct parameter_list *parameters;
	struct hook_set *hooks;
	struct task_runner *runner;
	struct zones *zones; /* those that plugins asked for */
	bool drained;        /* nothing is in storage's queue any more */
	bool ended;
};

/* A malloc'd text into `ret_error`; the value is `err`. */
#define host_error(ret_error, err, ...) (error_set(ret_error, __VA_ARGS__), (err))

/* The rows of a plugin's table. */
#define TABLE_EACH(type, it, table)                                                     \
	for (const struct bb_##type *it = (table).row, *it##_end = table_end(&(table)); \
	     it != it##_end; it = (const void *)((const char *)it + (table).stride))
static inline const void *table_end(const struct bb_table *t)
{
	return (const char *)t->row + (size_t)t->count * t->stride;
}

/* loader.c: opens and checks <name>.so; none of its code runs. */
int loader_open(struct host *, const char *name, struct bb **ret, char **ret_error);
/* check.c: is its definition sound? */
int check_definition(const struct host *, const struct bb *, char **ret_error);
/* check_route.c: likewise, of one route. NULL, or what is wrong with it. */
const char *check_route(const struct bb_route *);
/* bb_route.answer that names no schema. */
bool is_media_type(const char *answer);
/* order.c: needs before those who need them. */
int order_plugins(struct host *, char **ret_error);
/* options.c: a config struct for each plugin, of its section. */
int options_read(struct bb *, struct config *, void **ret, char **ret_error);

/* registry.c: the names that plugins' tables claim. */
int registry_build(struct host *, char **ret_error);
/* routes.c */
int routes_build(struct host *, char **ret_error);
/* parameters.c: of all routes. */
int parameters_build(struct host *, char **ret_error);
/* hooks.c, hook_set.c: `config` holds the rows of `scripts`. */
int hook_set_make(struct host *, struct config *, struct hook_set **ret, char **ret_error);
struct hook_set *hook_set_unref(struct hook_set *);
/* zones.c: plugin.h's zone_local and zone_utc. */
int host_zone_local(struct host *, const char *zone, int64_t utc_ms, int64_t *ret_shown_ms);
int host_zone_utc(struct host *, const char *zone, int64_t shown_ms, int64_t *ret_utc_ms);
/* lua.c: plugins' functions for scripts. */
void lua_export(struct host *);
/* tasks.c: open() when the core's queries are known; start() begins to run due tasks; stop() does
 * not wait for those at work. */
int tasks_open(struct host *, char **ret_error);
void tasks_start(struct host *);
void tasks_stop(struct host *);
void tasks_free(struct host *);
/* A task has been enqueued on this node. */
void tasks_wake(void *host);

/* slots.c: takes from a plugin what it has not given back; waits for its threads. */
void slots_end(struct bb *);
struct bb_slot *slot_timer(struct bb *, uint64_t ms, bool repeat, bb_fn *, void *arg);
void slot_release(struct bb_slot *);
int slot_offload(struct bb *, bb_fn *work, bb_fn *done, void *arg);
int slot_post(struct bb *, bb_fn *, void *arg);

/* api.c: what plugins get; of one host at a time. */
const struct bb_api *api_of(struct host *);
#endif
