#include <busbar/plugin.h>

static const char *const needs[] = {"wallet", NULL};

BB_PLUGIN(need_form, .version = "1", .needs = needs);
