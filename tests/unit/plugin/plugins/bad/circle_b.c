#include <busbar/plugin.h>

static const char *const needs[] = {"c/1", NULL};
static const uint32_t service = sizeof service;

BB_PLUGIN(circle_b, .version = "1", .needs = needs, .gives = "b/1", .service = &service);
