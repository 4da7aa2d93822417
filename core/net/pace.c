#include "net/pace.h"

#define US_PER_S 1000000
#define US_PER_MS 1000
#define MOST_BYTES                                                                     \
	((uint64_t)1 << 40) /* as much as is worth counting, so that nothing overflows \
			     */

void pace_begin(struct pace *p, const struct net_options *o)
{
	p->left_us = o->rate_grace_ms * US_PER_MS;
}

void pace_moved(struct pace *p, const struct net_options *o, uint64_t bytes)
{
	int64_t most_ms = o->http_ms > o->rate_grace_ms ? o->http_ms : o->rate_grace_ms;
	if (!o->min_rate)
		return;
	p->left_us += (int64_t)(bytes < MOST_BYTES ? bytes : MOST_BYTES) * US_PER_S / o->min_rate;
	if (p->left_us > most_ms * US_PER_MS)
		p->left_us = most_ms * US_PER_MS;
}

bool pace_waited(struct pace *p, const struct net_options *o, uint64_t ms)
{
	if (!o->min_rate)
		return true;
	p->left_us -= (int64_t)ms * US_PER_MS;
	return p->left_us >= 0;
}
