/* How sums over any time are read: few rows of coarse grain inside, fine ones at its ends. */
#ifndef ANALYTICS_COVER_H
#define ANALYTICS_COVER_H
#include <stdbool.h>
#include <stdint.h>

#define SLOT_S 900 /* every time zone's hours and days begin with a slot */

struct piece {
	int32_t grain; /* slots a row is of */
	int64_t slot, behind;
};

/* The most that cover() makes. */
#define PIECES_MOST 7

/* The pieces of the slots from `slot` up to `behind`, in order, into `ret`; how many. Chargers
 * and stations have few rows: none of hours, as operators have. */
uint32_t cover(bool few, int64_t slot, int64_t behind, struct piece *ret);
#endif
