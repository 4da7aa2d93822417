#include <busbar/plugin.h>

BB_PLUGIN(null_name, .version = "1", .name = NULL);
