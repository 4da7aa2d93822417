#include <busbar/plugin.h>

static const char *const needs[] = {"teleport/1", NULL};

BB_PLUGIN(need_missing, .version = "1", .needs = needs);
