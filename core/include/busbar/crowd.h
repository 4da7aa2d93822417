/* Names in a table of fixed size: what is kept of each is found by the name's hash, and in a
 * crowded table whoever was heard of longest ago gives way, so that a flood of names costs no
 * memory. */
#ifndef BUSBAR_CROWD_H
#define BUSBAR_CROWD_H
#include <stddef.h>
#include <stdint.h>

/* A row of such a table begins with this. */
struct bb_crowd {
	uint64_t who;  /* bb_crowd_hash() of the name; 0: free */
	int64_t at_ms; /* when it was last heard of */
};

/* Never 0. [any] */
static inline uint64_t bb_crowd_hash(const char *name)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (; *name; name++)
		h = (h ^ (uint8_t)*name) * UINT64_C(1099511628211);
	h ^= h >> 32;
	return h ? h : 1;
}

/* The row of `who` among `count` rows of `size` bytes; else the one that it may have, as somebody
 * else has left it. [any] */
static inline void *bb_crowd_find(void *rows, uint32_t count, size_t size, uint64_t who)
{
	struct bb_crowd *idle = NULL;
	for (uint32_t i = 0; i < 8; i++) {
		struct bb_crowd *row =
		    (struct bb_crowd *)((char *)rows + (size_t)((who + i) % count) * size);
		if (row->who == who)
			return row;
		if (!idle || (idle->who && (!row->who || row->at_ms < idle->at_ms)))
			idle = row;
	}
	return idle;
}
#endif
