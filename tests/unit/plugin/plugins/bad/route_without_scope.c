#include <busbar/plugin.h>

static int handle(struct bb_call *call, void *self)
{
	(void)call, (void)self;
	return BB_PASS;
}

static const struct bb_route rows[] = {
    {"GET", "/api/things", NULL, handle},
};

BB_PLUGIN(route_without_scope, .version = "1", .routes = BB_TABLE(route, rows));
