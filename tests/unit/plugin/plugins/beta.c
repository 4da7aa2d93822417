/* A plugin that needs alpha, guards and observes what alpha owns, and answers before it. */
#include <busbar/plugin.h>

#include "probe.h"

#define HANDLER(name)                                          \
	static int on_##name(struct bb_call *call, void *self) \
	{                                                      \
		(void)self;                                    \
		return probe_handle("beta." #name, call);      \
	}
HANDLER(guard)
HANDLER(observe)
HANDLER(route_guard)
HANDLER(route_observe)
HANDLER(ask)
HANDLER(ask_open)

static void on_happened(const struct bb_json *event, void *self)
{
	(void)self;
	probe_event("beta.happened", event);
}

static const struct bb_action actions[] = {
    {"ocpp1.6", "Ping", on_observe, BB_OBSERVER, 0},
    {"ocpp1.6", "Ping", on_guard, BB_GUARD, 0},
    {"ocpp1.6", "Unowned", on_guard, BB_GUARD, 0},
};
static const struct bb_route routes[] = {
    {"*", "/api/*", NULL, on_route_guard, .phase = BB_GUARD},
    {"PUT", "/api/things/{any}", NULL, on_route_observe, .phase = BB_OBSERVER},
};
static const struct bb_hook hooks[] = {{"ask", 5, on_ask}, {"ask_open", 5, on_ask_open}};
static const struct bb_topic topics[] = {{"thing.happened", on_happened}};
static const char *const needs[] = {"alpha/1", NULL};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	(void)self;
	probe_trace("beta.init");
	probe_init("beta", me, api, cfg);
	return 0;
}

static int start(void *self)
{
	(void)self;
	probe_trace("beta.start");
	return 0;
}

static int reload(void *self, const void *cfg)
{
	(void)self;
	return probe_reload("beta", cfg);
}

static void stop(void *self)
{
	(void)self;
	probe_trace("beta.stop");
}

static void fini(void *self)
{
	(void)self;
	probe_trace("beta.fini");
}

BB_PLUGIN(beta, .version = "1.0", .needs = needs, .actions = BB_TABLE(action, actions),
	  .routes = BB_TABLE(route, routes), .hooks = BB_TABLE(hook, hooks),
	  .topics = BB_TABLE(topic, topics), .init = init, .start = start, .reload = reload,
	  .stop = stop, .fini = fini);
