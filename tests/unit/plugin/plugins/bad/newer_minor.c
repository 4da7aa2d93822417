#include <busbar/plugin.h>

BB_PLUGIN(newer_minor, .version = "1", .abi_minor = BB_ABI_MINOR + 1);
