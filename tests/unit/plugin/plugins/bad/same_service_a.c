#include <busbar/plugin.h>

static const uint32_t service = sizeof service;

BB_PLUGIN(same_service_a, .version = "1", .gives = "wallet/1", .service = &service);
