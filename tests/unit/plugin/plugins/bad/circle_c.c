#include <busbar/plugin.h>

static const char *const needs[] = {"a/1", NULL};
static const uint32_t service = sizeof service;

BB_PLUGIN(circle_c, .version = "1", .needs = needs, .gives = "c/1", .service = &service);
