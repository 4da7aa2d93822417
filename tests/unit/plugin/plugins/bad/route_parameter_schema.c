#include <busbar/plugin.h>

static int handle(struct bb_call *call, void *self)
{
	(void)call, (void)self;
	return BB_PASS;
}

static const struct bb_route rows[] = {
    {"GET", "/api/things", "admin", handle, .query = "limit kind=rest/no_such_thing"},
};

BB_PLUGIN(route_parameter_schema, .version = "1", .routes = BB_TABLE(route, rows));
