/* Bytes that grow at their end, for what is longer than a call or written piece by piece. */
#ifndef BUSBAR_BYTES_H
#define BUSBAR_BYTES_H
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Zeroed is empty. */
struct bb_bytes {
	char *data; /* malloc'd */
	size_t len, room;
};

/* Copies them to the end. */
static inline void bb_bytes_add(struct bb_bytes *b, const void *bytes, size_t len)
{
	if (b->room - b->len < len) {
		size_t room = b->room ? b->room : 512;
		while (room - b->len < len)
			room *= 2;
		b->data = (char *)realloc(b->data, room);
		if (!b->data)
			abort();
		b->room = room;
	}
	if (len)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
}

static inline void bb_bytes_add_str(struct bb_bytes *b, const char *s)
{
	bb_bytes_add(b, s, strlen(s));
}

static inline void bb_bytes_free(struct bb_bytes *b)
{
	free(b->data);
	*b = (struct bb_bytes){0};
}
#endif
