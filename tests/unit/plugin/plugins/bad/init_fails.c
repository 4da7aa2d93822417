#include <busbar/plugin.h>
#include <errno.h>

#include "probe.h"

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	(void)me, (void)api, (void)cfg, (void)self;
	probe_trace("init_fails.init");
	return -EACCES;
}

static void fini(void *self)
{
	(void)self;
	probe_trace("init_fails.fini");
}

BB_PLUGIN(init_fails, .version = "1", .init = init, .fini = fini);
