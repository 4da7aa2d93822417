/* How slowly a peer may send a body or take an answer. It has http.rate_grace of being waited for
 * to begin with, and each byte buys it the time that it takes at http.min_rate, of which it can
 * save up as much as http.timeout: so neither a pause nor a moment of few bytes ends it, but going
 * on at less than that rate does. Private to core/net. */
#ifndef NET_PACE_H
#define NET_PACE_H
#include "net/net.h"

struct pace {
	int64_t left_us;
};

void pace_begin(struct pace *, const struct net_options *);
/* So many bytes came or went. */
void pace_moved(struct pace *, const struct net_options *, uint64_t bytes);
/* It was waited for so long: false if that was too long. */
bool pace_waited(struct pace *, const struct net_options *, uint64_t ms);
#endif
