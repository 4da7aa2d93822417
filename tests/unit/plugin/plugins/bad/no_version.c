#include <busbar/plugin.h>

BB_PLUGIN(no_version, .name = "no_version");
