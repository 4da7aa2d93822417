/* The addresses that connections come from, and how many of each. An IPv6 address counts as the
 * network of its first 64 bits, which is what one customer gets. Private to core/net. */
#ifndef NET_SOURCE_H
#define NET_SOURCE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source {
	struct source *next;
	uint8_t address[16];
	uint32_t connections; /* that are no links */
	uint32_t links;
	double tokens; /* connections that it may open now */
	uint64_t at_ms;
};

struct sources {
	struct source **buckets;
	size_t size, count; /* the former a power of two, or 0 */
	size_t swept;
};

/* Finds or makes the one of an address, which is as long as IPv6's. */
struct source *sources_get(struct sources *, const uint8_t address[16], uint64_t now_ms);
/* Takes one of so many connections a minute, a minute's worth at once; false: it has none left. */
bool source_may_open(struct source *, int64_t per_minute, uint64_t now_ms);
/* Forgets those that have no connection and had none for a minute; a part of them at each call, all
 * in 60 calls. */
void sources_sweep(struct sources *, uint64_t now_ms);
void sources_free(struct sources *);
#endif
