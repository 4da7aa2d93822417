#include "stage.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#include "base/arena.h"
#include "base/clock.h"
#include "db/database.h"
#include "plugins/probe.h"
#include "json/json.h"

#define HERE BUSBAR_ROOT "/tests/unit/plugin"

struct stage stage;

static struct {
	const char *who;
	stage_fn *fn;
	int reload;
} parts[16];

static uint32_t no_links(void)
{
	return 0;
}

static void no_each(bool (*fn)(const struct bb_link *, void *), void *arg)
{
	(void)fn, (void)arg;
}

static const struct bb_link *no_link(const char *id)
{
	(void)id;
	return NULL;
}

static int no_close(const char *id, uint16_t code, const char *reason)
{
	(void)id, (void)code, (void)reason;
	return -ENOTCONN;
}

static int note_ask(const char *plugin, const struct bb_ask *ask, struct bb_arena *arena,
		    const char **ret_id, const struct bb_json **ret_errors, bb_command_fn *fn,
		    void *arg)
{
	(void)arena, (void)ret_id, (void)ret_errors, (void)fn, (void)arg;
	stage_trace("%s asks %s for %s", plugin, ask->charge_point_id, ask->action);
	return -ENOTCONN;
}

static int note_trust(const char *plugin, const char *pem)
{
	stage_trace("%s trusts %s", plugin, pem);
	return 0;
}

static const struct host_upcalls upcalls = {note_ask, no_links, no_each,
					    no_link,  no_close, note_trust};

static void link_sql(const char *owner, const char *folder)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", stage.dir, owner);
	cr_assert_eq(symlink(folder, path), 0);
}

void stage_setup(void)
{
	static const struct script_limits limits = {8u << 20, 1000000, 1000};
	strcpy(stage.dir, "/tmp/busbar-plugin-XXXXXX");
	cr_assert_not_null(mkdtemp(stage.dir));
	link_sql("core", BUSBAR_ROOT "/sql/core");
	link_sql("alpha", HERE "/sql/alpha");
	link_sql("example", BUSBAR_ROOT "/sql/example");
	const char *engine = getenv("BUSBAR_TEST_ENGINE");
	if (engine && !strcmp(engine, "postgres"))
		database_create(stage.url, sizeof stage.url);
	stage.arena = arena_new(0);
	stage.loop = loop_new();
	stage.scripts = script_host_new(stage.loop, &limits);
	int err = schema_load(HERE "/schemas", &stage.schemas, &stage.error);
	cr_assert_eq(err, 0, "%s", stage.error);
}

static void end_host(void)
{
	if (stage.host)
		host_fini(stage.host);
	host_free(stage.host);
	config_free(stage.config);
	free(stage.error);
	stage.host = NULL;
	stage.config = NULL;
	stage.error = NULL;
	stage.db = NULL;
}

void stage_teardown(void)
{
	end_host();
	script_host_free(stage.scripts);
	schema_free(stage.schemas);
	loop_free(stage.loop);
	arena_free(stage.arena);
	if (*stage.url)
		database_drop(stage.url);
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", stage.dir);
	cr_assert_eq(system(command), 0);
	clock_set_ms(-1);
#ifdef __SANITIZE_ADDRESS__
	/* An assertion would not count any more; ctest fails the program for what this prints. */
	__lsan_do_recoverable_leak_check();
#endif
}

struct config *stage_config(const char *text)
{
	char path[128];
	snprintf(path, sizeof path, "%s/busbar.lua", stage.dir);
	FILE *f = fopen(path, "w");
	if (*stage.url)
		fprintf(f, "storage_postgres = { url = \"%s\" }\n%s\n", stage.url, text);
	else
		fprintf(f, "storage_sqlite = { path = \"%s/busbar.db\" }\n%s\n", stage.dir, text);
	fclose(f);
	struct config *config = NULL;
	int err = config_load(path, NULL, &config, &stage.error);
	cr_assert_eq(err, 0, "%s", stage.error);
	return config;
}

int stage_load(const char *config, const char *const *names)
{
	const char *list[16] = {*stage.url ? BUSBAR_BUILD "/lib/busbar/plugins/storage_postgres.so"
					   : BUSBAR_BUILD "/lib/busbar/plugins/storage_sqlite.so"};
	for (size_t i = 0; names[i]; i++)
		list[i + 1] = names[i];
	stage.config = stage_config(config ? config : "");
	stage.host = host_new(&(struct host_spec){
	    .loop = stage.loop,
	    .config = stage.config,
	    .schemas = stage.schemas,
	    .scripts = stage.scripts,
	    .up = &upcalls,
	    .plugin_dir = BUSBAR_BUILD "/tests/plugins",
	    .sql_dir = stage.dir,
	    .script_dir = HERE "/scripts",
	});
	return host_load(stage.host, list, &stage.error);
}

int stage_begin(const char *config, const char *const *names)
{
	static const struct db_options options = {200, 10000};
	int err = stage_load(config, names);
	if (!err)
		err = host_open_storage(stage.host, &options, &stage.db, &stage.error);
	if (!err)
		err = db_migrate(stage.db, &stage.error);
	if (!err)
		err = db_prepare(stage.db, &stage.error);
	if (!err)
		err = host_start(stage.host, &stage.error);
	return err;
}

void stage_up(const char *config)
{
	static const char *const names[] = {"beta", "alpha", NULL};
	cr_assert_eq(stage_begin(config, names), 0, "%s", stage.error);
}

void stage_restart(const char *config)
{
	end_host();
	stage_up(config);
}

void stage_trace(const char *fmt, ...)
{
	size_t len = strlen(stage.trace);
	if (len)
		stage.trace[len++] = ',';
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(stage.trace + len, sizeof stage.trace - len, fmt, ap);
	va_end(ap);
}

void stage_forget(void)
{
	stage.trace[0] = '\0';
}

void stage_wait(const bool *what)
{
	cr_assert(loop_run_until(stage.loop, what, 10000), "it did not happen: %s", stage.trace);
}

static void set_true(void *arg)
{
	*(bool *)arg = true;
}

void stage_turn(void)
{
	for (int i = 0; i < 3; i++) {
		bool done = false;
		loop_defer(stage.loop, set_true, &done);
		stage_wait(&done);
	}
}

const struct bb_json *stage_json(const char *text)
{
	const struct bb_json *v = NULL;
	cr_assert_eq(json_parse(stage.arena, text, strlen(text), &v, NULL), 0, "%s", text);
	return v;
}

static size_t part_of(const char *who)
{
	size_t i = 0;
	while (parts[i].who && strcmp(parts[i].who, who) != 0)
		i++;
	parts[i].who = who;
	return i;
}

void stage_script(const char *who, stage_fn *fn)
{
	parts[part_of(who)].fn = fn;
}

void stage_reload(const char *who, int verdict)
{
	parts[part_of(who)].reload = verdict;
}

void probe_trace(const char *what)
{
	stage_trace("%s", what);
}

int probe_handle(const char *who, struct bb_call *call)
{
	stage_trace("%s", who);
	stage_fn *fn = parts[part_of(who)].fn;
	return fn ? fn(call) : BB_PASS;
}

void probe_event(const char *who, const struct bb_json *event)
{
	stage_trace("%s %s", who, bb_json_get_str(event, "name", "?"));
}

void probe_init(const char *who, struct bb *me, const struct bb_api *api, const void *cfg)
{
	int i = strcmp(who, "alpha") != 0;
	stage.me[i] = me;
	stage.bb = api;
	stage.cfg[i] = cfg;
}

int probe_reload(const char *who, const void *cfg)
{
	stage_trace("%s.reload", who);
	int verdict = parts[part_of(who)].reload;
	if (!verdict)
		stage.cfg[strcmp(who, "alpha") != 0] = cfg;
	return verdict;
}
