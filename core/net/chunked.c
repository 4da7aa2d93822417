#include "net/chunked.h"

#include <ctype.h>
#include <errno.h>

#define MOST_DIGITS 8u /* of a chunk's size: more than any limit */

enum { SIZE, EXTENSION, SIZE_END, DATA, DATA_CR, DATA_LF, TRAILER, TRAILER_LINE, LAST_LF, DONE };

static int on_size(struct chunked *c, char ch)
{
	if (isxdigit((unsigned char)ch) && c->digits < MOST_DIGITS) {
		int digit = isdigit((unsigned char)ch) ? ch - '0' : (ch | 0x20) - 'a' + 10;
		c->left = c->left * 16 + (size_t)digit;
		c->digits++;
		return SIZE;
	}
	if (!c->digits)
		return -EBADMSG;
	return ch == '\r' ? SIZE_END : ch == ';' || ch == ' ' ? EXTENSION : -EBADMSG;
}

static int after_size(struct chunked *c)
{
	c->digits = 0;
	return c->left ? DATA : TRAILER;
}

static int expect(char ch, char wanted, int next)
{
	return ch == wanted ? next : -EBADMSG;
}

/* The state after one byte that is not data. */
static int step(struct chunked *c, char ch)
{
	switch (c->state) {
	case SIZE:
		return on_size(c, ch);
	case EXTENSION:
		return ch == '\r' ? SIZE_END : EXTENSION;
	case SIZE_END:
		return ch == '\n' ? after_size(c) : -EBADMSG;
	case DATA_CR:
		return expect(ch, '\r', DATA_LF);
	case DATA_LF:
		return expect(ch, '\n', SIZE);
	case TRAILER:
		return ch == '\r' ? LAST_LF : TRAILER_LINE;
	case TRAILER_LINE:
		return ch == '\n' ? TRAILER : TRAILER_LINE;
	default:
		return expect(ch, '\n', DONE);
	}
}

static size_t take_data(struct chunked *c, const char *in, size_t len, struct buf *body)
{
	size_t n = len < c->left ? len : c->left;
	buf_add(body, in, n);
	c->left -= n;
	if (!c->left)
		c->state = DATA_CR;
	return n;
}

int chunked_feed(struct chunked *c, const char *in, size_t len, size_t limit, struct buf *body)
{
	for (size_t i = 0; i < len && c->state != DONE;) {
		if (c->state == DATA) {
			i += take_data(c, in + i, len - i, body);
			continue;
		}
		int next = step(c, in[i++]);
		if (next < 0)
			return next;
		c->state = next;
		if (next == DATA && c->left > limit - body->len)
			return -EMSGSIZE;
	}
	return c->state == DONE;
}
