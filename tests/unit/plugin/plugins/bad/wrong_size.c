#include <busbar/plugin.h>

BB_PLUGIN(wrong_size, .version = "1", .size = 8);
