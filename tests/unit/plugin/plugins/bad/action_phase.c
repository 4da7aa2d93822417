#include <busbar/plugin.h>

static int handle(struct bb_call *call, void *self)
{
	(void)call, (void)self;
	return BB_PASS;
}

static const struct bb_action rows[] = {
    {"ocpp1.6", "Ping", handle, 7, 0},
};

BB_PLUGIN(action_phase, .version = "1", .actions = BB_TABLE(action, rows));
