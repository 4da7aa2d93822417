#include <busbar/plugin.h>

BB_PLUGIN(table_without_rows, .version = "1", .actions = {NULL, 3, sizeof(struct bb_action)});
