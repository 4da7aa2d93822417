#include <busbar/plugin.h>

BB_PLUGIN(service_without_table, .version = "1", .gives = "wallet/1");
