#include <busbar/plugin.h>

static int handle(struct bb_call *call, void *self)
{
	(void)call, (void)self;
	return BB_PASS;
}

static const struct bb_luafn rows[] = {
    {NULL, "()", "nothing", handle},
};

BB_PLUGIN(lua_without_name, .version = "1", .lua = BB_TABLE(luafn, rows));
