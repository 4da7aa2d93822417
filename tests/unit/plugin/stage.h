/* A host with the test's plugins, in a temporary folder. Storage is SQLite, or what the
 * environment's BUSBAR_TEST_ENGINE says. */
#ifndef TEST_PLUGIN_STAGE_H
#define TEST_PLUGIN_STAGE_H
#include "plugin/host_state.h"

struct stage {
	struct loop *loop;
	struct config *config;
	struct schema_set *schemas;
	struct script_host *scripts;
	struct host *host;
	struct db *db;
	struct bb_arena *arena;
	char dir[64], url[256], trace[8192]; /* the URL is "" on SQLite */
	char *error;
	/* What plugins came up with: 0 is alpha, 1 is beta. */
	struct bb *me[2];
	const struct bb_api *bb;
	const void *cfg[2];
};
extern struct stage stage;

void stage_setup(void);
void stage_teardown(void);

/* Of that text, with the section of storage. */
struct config *stage_config(const char *text);
/* The configuration's text; NULL: none. The names are NULL-terminated; storage is added. */
int stage_load(const char *config, const char *const *names);
/* The same, with storage and all plugins started. */
int stage_begin(const char *config, const char *const *names);
/* alpha and beta, loaded and started. */
void stage_up(const char *config);
/* Ends the host and begins again on the same database. */
void stage_restart(const char *config);
void stage_trace(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void stage_forget(void);
void stage_wait(const bool *what);
/* Lets the loop turn until nothing is left to do at once. */
void stage_turn(void);
const struct bb_json *stage_json(const char *text);

/* What `who` does when it is called. */
typedef int stage_fn(struct bb_call *call);
void stage_script(const char *who, stage_fn *fn);
/* What reload() of `who` returns. */
void stage_reload(const char *who, int verdict);
#endif
