#include <busbar/plugin.h>

static int handle(struct bb_call *call, void *self)
{
	(void)call, (void)self;
	return BB_PASS;
}

static const struct bb_action rows[] = {
    {"ocpp1.6", "Ping", handle, BB_OWNER, 0},
    {"ocpp1.6", "Ping", handle, BB_OWNER, 1},
};

BB_PLUGIN(action_twice, .version = "1", .actions = BB_TABLE(action, rows));
