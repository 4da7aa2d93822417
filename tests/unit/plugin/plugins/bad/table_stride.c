#include <busbar/plugin.h>

static const struct bb_hook rows[2];

BB_PLUGIN(table_stride, .version = "1", .hooks = {rows, 2, sizeof(struct bb_hook) - 8});
