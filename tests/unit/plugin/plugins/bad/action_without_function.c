#include <busbar/plugin.h>

static const struct bb_action rows[] = {
    {"ocpp1.6", "Ping", NULL, BB_OWNER, 0},
};

BB_PLUGIN(action_without_function, .version = "1", .actions = BB_TABLE(action, rows));
