#include <busbar/plugin.h>

static const char *const needs[] = {"b/1", NULL};
static const uint32_t service = sizeof service;

BB_PLUGIN(circle_a, .version = "1", .needs = needs, .gives = "a/1", .service = &service);
