/* The latest events, as text, for all who are there: so many, and so many bytes of them. Who has
 * not taken one before it goes must read it from storage. Pure. */
#ifndef EVENTS_RING_H
#define EVENTS_RING_H
#include <stddef.h>

#include "match.h"

struct entry {
	int64_t id;
	struct subject subject; /* its texts are in `room` */
	const char *text;
	size_t len; /* of the text */
	char room[];
};

struct ring {
	struct entry **slots;
	size_t most, most_bytes;
	size_t first, count, bytes;
	int64_t base; /* all after this id and up to `head` are here */
	int64_t head;
};

void ring_open(struct ring *, size_t most, size_t most_bytes, int64_t head);
void ring_close(struct ring *);
/* Ids must rise. What has no room any more goes, the oldest first; the new one never. */
void ring_add(struct ring *, int64_t id, const struct subject *, const char *text, size_t len);
/* The first entry above `id`, as a position for ring_at(); `count` if there is none. */
size_t ring_after(const struct ring *, int64_t id);
const struct entry *ring_at(const struct ring *, size_t position);
#endif
