#include "host.h"

#include "base/clock.h"
#include "node.h"

static struct node *node_of(struct bb *bb)
{
	return (struct node *)bb;
}

static void host_log(struct bb *bb, enum bb_level level, const char *fmt, ...)
{
	char line[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	if (level >= BB_INFO)
		buf_printf(&node_of(bb)->log, "%s\n", line);
}

static struct bb_slot *host_timer(struct bb *bb, uint64_t ms, bool repeat, bb_fn *fn, void *arg)
{
	return (struct bb_slot *)loop_timer(node_of(bb)->loop, ms, repeat, fn, arg);
}

static void host_release(struct bb_slot *slot)
{
	loop_timer_release((struct loop_timer *)slot);
}

static int host_offload(struct bb *bb, bb_fn *work, bb_fn *done, void *arg)
{
	return loop_offload(node_of(bb)->loop, work, done, arg);
}

static int host_post(struct bb *bb, bb_fn *fn, void *arg)
{
	return loop_post(node_of(bb)->loop, fn, arg);
}

static struct node *looping;

static void *host_uv_loop(void)
{
	return loop_uv(looping->loop);
}

void host_enter(struct node *n)
{
	looping = n;
}

const struct bb_api host_api = {
    .size = sizeof host_api,
    .log = host_log,
    .now_ms = clock_now_ms,
    .timer = host_timer,
    .release = host_release,
    .offload = host_offload,
    .post = host_post,
    .uv_loop = host_uv_loop,
};
