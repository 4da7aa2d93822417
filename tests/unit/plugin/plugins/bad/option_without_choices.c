#include <busbar/plugin.h>

struct config {
	int64_t limit;
};

static const struct bb_option options[] = {
    {"limit", BB_OPT_ENUM, 0, 0, "a", "which", 0, 0, NULL},
};

BB_PLUGIN(option_without_choices, .version = "1", .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options));
