/* The loader, the registries made of plugins' tables, and their lifecycle. */
#ifndef PLUGIN_HOST_H
#define PLUGIN_HOST_H
#include <busbar/plugin.h>

#include "config/config.h"
#include "db/db.h"
#include "plugin/call.h"
#include "schema/schema.h"
#include "script/script.h"

struct host;

/* What modules above this one lend to plugins; every member must be set. */
struct host_upcalls {
	int (*ask_charger)(const char *plugin, const struct bb_ask *, struct bb_arena *,
			   const char **ret_id, const struct bb_json **ret_errors, bb_command_fn *,
			   void *arg);
	uint32_t (*link_count)(void);
	void (*link_each)(bool (*fn)(const struct bb_link *, void *arg), void *arg);
	const struct bb_link *(*link_find)(const char *charge_point_id);
	int (*link_close)(const char *charge_point_id, uint16_t code, const char *reason);
	int (*link_register)(const char *charge_point_id, const char *registration);
	int (*tls_trust)(const char *plugin, const char *pem);
};

struct host_spec {
	struct loop *loop;
	struct config *config;
	const struct schema_set *schemas;
	struct script_host *scripts;
	const struct host_upcalls *up;
	const char *plugin_dir, *sql_dir, *script_dir;
};

struct host *host_new(const struct host_spec *);
void host_free(struct host *);

/* Opens and checks every plugin of the list without running its code, reads its options, orders
 * them by needs, and builds the registries: two owners of one action, route, query or service are
 * an error that names both. Errors are malloc'd texts. */
int host_load(struct host *, const char *const *names, char **ret_error);
/* The engine: the plugin that gives "storage/1" is inited and started first, then `ret` is made. */
int host_open_storage(struct host *, const struct db_options *, struct db **ret, char **ret_error);
/* Migrations and queries of "core" and of every plugin are in db by then: init and start each; a
 * failure stops and ends those that were up, in reverse order. */
int host_start(struct host *, char **ret_error);
/* All sections are read again; an error changes nothing. */
int host_reload(struct host *, struct config *, char **ret_error);
/* stop() of each, in reverse order of start. Storage keeps running until host_fini(). */
void host_stop(struct host *);
void host_fini(struct host *);

struct db *host_db(struct host *);
/* Is any plugin not ready yet? */
bool host_is_starting(const struct host *);

/* The registries. NULL: nobody owns it. */
const struct chain *host_action(struct host *, const char *ocpp, const char *action);
/* The i-th row of an action that we send, with its plugin's self: 0 is the owner's, its witnesses'
 * follow. NULL past the end, or if nobody owns it. */
const struct bb_outgoing *host_outgoing(struct host *, const char *ocpp, const char *action,
					uint32_t i, void **ret_self);
/* The subprotocols that some plugin has actions for, each once, NULL-terminated; how many. Names
 * live as long as the host. */
size_t host_subprotocols(struct host *, const char **ret, size_t size);
/* The route of a request: its chain with all guards and observers that match. The path parameters
 * are put in `params` as name, value, name, value, ..., NULL in the arena. Without an owner for the
 * path and method the chain has the others only, and `ret_route` stays as it is; if other methods
 * match, `ret_allowed` lists them ("GET, PUT"). NULL: nobody matches. */
const struct chain *host_route(struct host *, struct bb_arena *, const char *method,
			       const char *path, const char *const **ret_params,
			       const struct bb_route **ret_route, const char **ret_allowed);
/* The owner's route alone; NULL if there is none. */
const struct bb_route *host_route_of(struct host *, const char *method, const char *path);
/* What query parameters the route takes: an object, a property for each. */
const struct schema *host_parameters(struct host *, const struct bb_route *);
bool host_route_at(struct host *, uint32_t i, struct bb_route_info *ret);

/* plugin.h's service(); `asker` is who complains in the log of one that is too old. */
const void *host_service(struct host *, const char *asker, const char *name, uint32_t min_size);

/* plugin.h's ask_hook, for the core itself (`admit`). */
int host_ask_hook(struct host *, const char *hook, const struct bb_json *question, uint32_t ms,
		  bb_json_fn *fn, void *arg);
/* plugin.h's ask_behind, script_ask, script_answer and script_answer_with. */
int host_script_ask(struct bb *, const struct bb_script *, const char *hook,
		    const struct bb_json *question, uint32_t ms, bb_json_fn *fn, void *arg);
int host_ask_behind(struct bb_call *, const struct bb_json *question, bb_json_fn *fn, void *arg);
int host_script_answer(struct bb *, struct bb_call *, const struct bb_script *, const char *hook,
		       const struct bb_json *question);
int host_script_answer_with(struct bb *, struct bb_call *, const struct bb_script *,
			    const char *hook, const struct bb_json *question,
			    const struct bb_json *stamp);
int host_emit(struct host *, struct bb_unit *, const char *topic, const struct bb_json *event);
int host_enqueue(struct host *, struct bb_unit *, const char *task, const struct bb_json *payload);

/* Tables for --list-plugins: one line per plugin, action, route, hook in order; malloc'd. */
char *host_describe(struct host *);
/* The plugins' options in order, for --print-config (values in use, secrets as "***") or, without
 * `values`, for --help-config; malloc'd. */
char *host_describe_options(struct host *, bool values);
#endif
