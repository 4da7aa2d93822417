/* The signature of a webhook: "t=1732590000,v1=<hex>,v1=<hex>", HMAC-SHA-256 over t, a point, and
 * the body as it came. */
#ifndef PAYMENTS_STRIPE_SIGNATURE_H
#define PAYMENTS_STRIPE_SIGNATURE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGNATURE_BYTES = 32, SIGNATURES_MOST = 16 };

struct signature {
	const char *time_text; /* as it was signed: not NUL-terminated, in the header */
	size_t time_len;
	int64_t time_s;
	uint32_t count;
	unsigned char v1[SIGNATURES_MOST][SIGNATURE_BYTES];
};

/* False: the header is malformed, or has no time or no v1. Other schemes are passed over. */
bool signature_parse(const char *header, struct signature *ret);
/* Does one of them belong to the secret? All are compared, in constant time. */
bool signature_is_of(const struct signature *, const char *secret, const char *body, size_t len);
#endif
