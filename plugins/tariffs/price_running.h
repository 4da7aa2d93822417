/* Sessions that run: pricing.running is set. */
#ifndef TARIFFS_PRICE_RUNNING_H
#define TARIFFS_PRICE_RUNNING_H
#include <busbar/tariffs.h>

#include "pricing.h"

extern const struct bb_tariffs tariffs_service;
void running_open(struct tariffs *);

/* In the place of the task's steps. running_end(): there is no price; err as of bb_running_fn.
 * running_facts(): the facts as if it ended now; an error ends it. */
void running_end(struct pricing *, int err);
int running_facts(struct pricing *, const char *state, int64_t meter_last_wh);
bb_json_fn running_answered;
#endif
