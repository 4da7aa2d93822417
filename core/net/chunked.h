/* Decoding a request body in chunks (RFC 9112, 7.1); lws leaves it to us. */
#ifndef NET_CHUNKED_H
#define NET_CHUNKED_H
#include "base/buf.h"

struct chunked {
	int state;
	unsigned char digits; /* of the size so far */
	size_t left;          /* of the chunk */
};

/* Appends what it finds in `in` to `body`. 1: that was all; 0: more is to come; -EBADMSG:
 * malformed; -EMSGSIZE: the body would be longer than `limit`. Zeroed at the start. */
int chunked_feed(struct chunked *, const char *in, size_t len, size_t limit, struct buf *body);
#endif
