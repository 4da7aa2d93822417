#include <busbar/plugin.h>
#include <errno.h>

#include "probe.h"

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	(void)me, (void)api, (void)cfg, (void)self;
	probe_trace("start_fails.init");
	return 0;
}

static int start(void *self)
{
	(void)self;
	probe_trace("start_fails.start");
	return -EADDRINUSE;
}

static void stop(void *self)
{
	(void)self;
	probe_trace("start_fails.stop");
}

static void fini(void *self)
{
	(void)self;
	probe_trace("start_fails.fini");
}

BB_PLUGIN(start_fails, .version = "1", .init = init, .start = start, .stop = stop, .fini = fini);
