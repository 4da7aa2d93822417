/* A signed token in its compact form (RFC 7515, 7519), read and not yet believed. */
#ifndef OIDC_JWT_H
#define OIDC_JWT_H
#include <busbar/plugin.h>

#include "algorithm.h"
#include "base64.h"

enum { JWT_MOST = 8192 };

struct jwt {
	const struct algorithm *alg;
	const char *kid;         /* or NULL */
	const char *signed_text; /* the token up to the second point */
	size_t signed_len;
	struct bytes signature;
	const struct bb_json *claims;
};

/* Has it two points, as a token has? */
bool jwt_looks_like(const char *text);
/* NULL: well; else what is wrong with it. All lives in the arena, and in `text`. */
const char *jwt_read(const struct bb_api *, struct bb_arena *, const char *text, struct jwt *ret);
/* What is wrong with the claims at that time, but for the issuer; NULL: nothing. `audience`: texts,
 * one of which must be among the token's. */
const char *jwt_fault(const struct jwt *, const struct bb_json *audience, int64_t now_ms,
		      int64_t skew_ms);
int64_t jwt_expires_ms(const struct jwt *); /* of one without faults */
#endif
