/* The signature of an identity provider's webhook, as Svix makes it: HMAC-SHA-256 of the message's
 * id, its time and its body, with points between them. Pure. */
#ifndef OIDC_SVIX_H
#define OIDC_SVIX_H
#include <busbar/json.h>

struct svix {
	const char *id, *timestamp, *signature; /* the headers, NULL those that are missing */
	const char *body;
	size_t body_len;
};

/* NULL: it is of one of the secrets that `secrets` has for `name`: "name:whsec_...
 * other:whsec_..."; else what is wrong. */
const char *svix_fault(struct bb_arena *, const struct svix *, const char *name,
		       const char *secrets, int64_t now_ms, int64_t tolerance_ms);
/* Is each of the secrets well-formed? */
bool svix_secrets_are_sound(struct bb_arena *, const char *secrets);
/* Has the name one? */
bool svix_has_secret(const char *name, const char *secrets);
#endif
