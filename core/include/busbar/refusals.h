/* Log lines of what anybody can cause as often as they like: one for each address and reason in ten
 * seconds, with how many there were. */
#ifndef BUSBAR_REFUSALS_H
#define BUSBAR_REFUSALS_H
#include <stdint.h>
#include <string.h>

#include "networks.h"

#define BB_REFUSALS_EVERY_MS 10000
enum { BB_REFUSALS_LINES = 32 }; /* in that time, whoever causes them */

/* Zeroed: none yet. The addresses of one IPv6 customer are one. */
struct bb_refusals {
	struct {
		char network[BB_NETWORK_SIZE];
		int reason;
		int64_t told_ms;
	} told[BB_REFUSALS_LINES];
	int64_t count; /* since the last line */
};

/* Notes one, at `now_ms`. `reason` is the caller's own number, such as a status. How many there
 * were since the last line, with this one, if it is time for a line; else 0: the next line counts
 * it. */
static inline int64_t bb_refusals_note(struct bb_refusals *r, const char *address, int reason,
				       int64_t now_ms)
{
	char network[BB_NETWORK_SIZE];
	int64_t count = ++r->count;
	int room = -1;
	bb_network_of(address, network);
	for (int i = 0; i < BB_REFUSALS_LINES; i++) {
		int64_t passed_ms = now_ms - r->told[i].told_ms;
		bool is_over =
		    !r->told[i].told_ms || passed_ms < 0 || passed_ms >= BB_REFUSALS_EVERY_MS;
		if (is_over)
			room = i;
		else if (r->told[i].reason == reason && !strcmp(r->told[i].network, network))
			return 0;
	}
	if (room < 0)
		return 0;
	memcpy(r->told[room].network, network, sizeof network);
	r->told[room].reason = reason;
	r->told[room].told_ms = now_ms;
	r->count = 0;
	return count;
}
#endif
