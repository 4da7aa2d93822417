/* Does a price add up? Pure. */
#ifndef TARIFFS_BILL_H
#define TARIFFS_BILL_H
#include <busbar/plugin.h>

/* NULL if it does; else what is wrong, in the arena. The bill's shape is schema hooks/price. */
const char *bill_fault(struct bb_arena *, const struct bb_json *bill);
#endif
