#include <busbar/plugin.h>

BB_PLUGIN(wrong_major, .version = "1", .abi_major = BB_ABI_MAJOR + 1);
