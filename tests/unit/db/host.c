#include "host.h"

#include <dlfcn.h>
#include <stdio.h>

#include "base/clock.h"

static struct engine_host *entered;

static struct engine_host *host_of(struct bb *bb)
{
	return (struct engine_host *)bb;
}

static void host_log(struct bb *bb, enum bb_level level, const char *fmt, ...)
{
	char line[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	if (level >= BB_INFO)
		buf_printf(&host_of(bb)->log, "%s\n", line);
}

static struct bb_slot *host_timer(struct bb *bb, uint64_t ms, bool repeat, bb_fn *fn, void *arg)
{
	return (struct bb_slot *)loop_timer(host_of(bb)->loop, ms, repeat, fn, arg);
}

static void host_release(struct bb_slot *slot)
{
	loop_timer_release((struct loop_timer *)slot);
}

static int host_offload(struct bb *bb, bb_fn *work, bb_fn *done, void *arg)
{
	return loop_offload(host_of(bb)->loop, work, done, arg);
}

static int host_post(struct bb *bb, bb_fn *fn, void *arg)
{
	return loop_post(host_of(bb)->loop, fn, arg);
}

static void *host_uv_loop(void)
{
	return loop_uv(entered->loop);
}

static const struct bb_api host_api = {
    .size = sizeof host_api,
    .log = host_log,
    .now_ms = clock_now_ms,
    .time_parse = clock_parse,
    .timer = host_timer,
    .release = host_release,
    .offload = host_offload,
    .post = host_post,
    .uv_loop = host_uv_loop,
};

const struct bb_api *host_enter(struct engine_host *h)
{
	entered = h;
	return &host_api;
}

const struct bb_plugin *host_load(const char *build, const char *engine)
{
	char path[512], symbol[64];
	snprintf(path, sizeof path, "%s/lib/busbar/plugins/storage_%s.so", build, engine);
	snprintf(symbol, sizeof symbol, "bb_plugin_storage_%s", engine);
	void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	return module ? dlsym(module, symbol) : NULL;
}
