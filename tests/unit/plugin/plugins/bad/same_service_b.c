#include <busbar/plugin.h>

static const uint32_t service = sizeof service;

BB_PLUGIN(same_service_b, .version = "1", .gives = "wallet/1", .service = &service);
