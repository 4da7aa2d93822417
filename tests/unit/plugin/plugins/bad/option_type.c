#include <busbar/plugin.h>

struct config {
	int64_t limit;
};

static const struct bb_option options[] = {
    {"limit", 99, 0, 0, "1", "how many", 0, 0, NULL},
};

BB_PLUGIN(option_type, .version = "1", .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options));
