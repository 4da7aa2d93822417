#include <busbar/plugin.h>

struct config {
	int64_t limit, other;
};

static const struct bb_option options[] = {
    {"limit", BB_OPT_BOOL, 0, 0, "true", "on or off", 0, 0, NULL},
    {"name", BB_OPT_STR, 0, 4, NULL, "of what", 0, 0, NULL},
};

BB_PLUGIN(option_unaligned, .version = "1", .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options));
