/* Which events a subscription wants. No state. */
#ifndef NOTIFICATIONS_MATCH_H
#define NOTIFICATIONS_MATCH_H
#include <stdbool.h>

#include <busbar/json.h>

/* Is the name in the array, or "*", or "session.*"? */
bool match_event(const struct bb_json *names, const char *event);
/* Has the data each of the filter's members, equal to it, or to one of its array's items? */
bool match_filter(const struct bb_json *filter, const struct bb_json *data);
#endif
