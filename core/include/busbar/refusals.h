/* Log lines of what anybody can cause as often as they like: one a minute, with how many there
 * were. */
#ifndef BUSBAR_REFUSALS_H
#define BUSBAR_REFUSALS_H
#include <stdint.h>

#define BB_REFUSALS_EVERY_MS 60000

/* Zeroed: none yet. */
struct bb_refusals {
	int64_t told_ms, count;
};

/* Notes one, at `now_ms`. How many there were since the last line, if it is time for one; else 0.
 */
static inline int64_t bb_refusals_note(struct bb_refusals *r, int64_t now_ms)
{
	int64_t passed_ms = now_ms - r->told_ms, count = ++r->count;
	if (r->told_ms && passed_ms >= 0 && passed_ms < BB_REFUSALS_EVERY_MS)
		return 0;
	r->told_ms = now_ms;
	r->count = 0;
	return count;
}
#endif
