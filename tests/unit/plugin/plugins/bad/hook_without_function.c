#include <busbar/plugin.h>

static const struct bb_hook rows[] = {
    {"ask", 0, NULL},
};

BB_PLUGIN(hook_without_function, .version = "1", .hooks = BB_TABLE(hook, rows));
