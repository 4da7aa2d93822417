#include <busbar/plugin.h>

struct config {
	int64_t limit;
};

static const struct bb_option options[] = {
    {"limit", BB_OPT_INT, 0, 0, "1", NULL, 0, 0, NULL},
};

BB_PLUGIN(option_without_help, .version = "1", .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options));
