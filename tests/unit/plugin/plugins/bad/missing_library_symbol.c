#include <busbar/plugin.h>

int nobody_defines_this(void);

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	(void)me, (void)api, (void)cfg, (void)self;
	return nobody_defines_this();
}

BB_PLUGIN(missing_library_symbol, .version = "1", .init = init);
