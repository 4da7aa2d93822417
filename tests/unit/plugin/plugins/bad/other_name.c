#include <busbar/plugin.h>

BB_PLUGIN(other_name, .version = "1", .name = "somebody");
