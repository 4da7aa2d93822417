/* Base64 as tokens and webhooks have it: only what an encoder would write. Pure. */
#ifndef OIDC_BASE64_H
#define OIDC_BASE64_H
#include <stddef.h>

#include <busbar/arena.h>

struct bytes {
	const unsigned char *at; /* NULL: that was no base64 */
	size_t len;
};

/* The URL's alphabet, no padding (RFC 7515). NUL-terminated, in the arena. */
struct bytes base64url_read(struct bb_arena *, const char *text, size_t len);
/* The usual alphabet, with padding. */
struct bytes base64_read(struct bb_arena *, const char *text, size_t len);
#endif
