#include <busbar/plugin.h>

static int handle(struct bb_call *call, void *self)
{
	(void)call, (void)self;
	return BB_PASS;
}

static const struct bb_route rows[] = {
    {"GET", "/api/{id}/of/{id}", "admin", handle},
};

BB_PLUGIN(route_parameter_twice, .version = "1", .routes = BB_TABLE(route, rows));
