/* A plugin with something in each table; what it does is in the hands of the test. */
#include <busbar/plugin.h>

#include "probe.h"

struct config {
	int64_t limit;
	const char *colour;
};

static const struct bb_option options[] = {
    {"limit", BB_OPT_INT, BB_RELOADABLE, offsetof(struct config, limit), "7", "how many", 1, 100,
     NULL},
    {"colour", BB_OPT_ENUM, 0, offsetof(struct config, colour), "red", "of what colour", 0, 0,
     "red|green"},
};

#define HANDLER(name)                                          \
	static int on_##name(struct bb_call *call, void *self) \
	{                                                      \
		(void)self;                                    \
		return probe_handle("alpha." #name, call);     \
	}
HANDLER(ping)
HANDLER(things)
HANDLER(thing)
HANDLER(new_thing)
HANDLER(put_thing)
HANDLER(root)
HANDLER(ask)
HANDLER(ask_open)
HANDLER(job)
HANDLER(lua)

static void on_happened(const struct bb_json *event, void *self)
{
	(void)self;
	probe_event("alpha.happened", event);
}

static const struct bb_action actions[] = {
    {"ocpp1.6", "Ping", on_ping, BB_OWNER, 0},
    {"ocpp1.6", "BootNotification", on_ping, BB_OWNER, 0},
};
static const struct bb_route routes[] = {
    {"GET", "/", "public", on_root},
    {"GET", "/api/things", "admin", on_things},
    {"GET", "/api/things/{id}", "admin", on_thing},
    {"PUT", "/api/things/{id}", "admin", on_put_thing},
    {"GET", "/api/things/new", "admin", on_new_thing},
    {"GET", "/api/{kind}/{id}/parts/{part}", "admin", on_thing},
};
static const struct bb_question questions[] = {
    {"ask", "closed", "test/answer", "asked by tests"},
    {"ask_open", "open", "test/answer", "asked by tests"},
};
static const struct bb_hook hooks[] = {{"ask", 10, on_ask}, {"ask_open", 10, on_ask_open}};
static void on_dead(const struct bb_json *event, void *self)
{
	(void)self;
	probe_trace("alpha.dead");
	probe_trace(bb_json_get_str(event, "error", "?"));
}

static const struct bb_topic topics[] = {{"thing.happened", on_happened}, {"task.dead", on_dead}};
static const struct bb_task tasks[] = {{"job", 3, 1000, on_job}};
static const struct bb_luafn lua[] = {{"twice", "(n)", "twice as much", on_lua}};
static const struct {
	uint32_t size;
	int answer;
} service = {sizeof service, 42};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	(void)self;
	probe_trace("alpha.init");
	probe_init("alpha", me, api, cfg);
	return 0;
}

static int start(void *self)
{
	(void)self;
	probe_trace("alpha.start");
	return 0;
}

static int reload(void *self, const void *cfg)
{
	(void)self;
	return probe_reload("alpha", cfg);
}

static void stop(void *self)
{
	(void)self;
	probe_trace("alpha.stop");
}

static void fini(void *self)
{
	(void)self;
	probe_trace("alpha.fini");
}

BB_PLUGIN(alpha, .version = "1.0", .gives = "alpha/1", .service = &service,
	  .config_size = sizeof(struct config), .options = BB_TABLE(option, options),
	  .actions = BB_TABLE(action, actions), .routes = BB_TABLE(route, routes),
	  .questions = BB_TABLE(question, questions), .hooks = BB_TABLE(hook, hooks),
	  .topics = BB_TABLE(topic, topics), .tasks = BB_TABLE(task, tasks),
	  .lua = BB_TABLE(luafn, lua), .init = init, .start = start, .reload = reload, .stop = stop,
	  .fini = fini);
