/* A webhook's signature. No state. */
#ifndef NOTIFICATIONS_SIGN_H
#define NOTIFICATIONS_SIGN_H
#include <stddef.h>

#include <busbar/arena.h>

/* "t=<seconds>,v1=<HMAC-SHA-256 of "<seconds>.<body>", hexadecimal>", with a second v1 if there is
 * a second secret. */
const char *sign(struct bb_arena *, long long seconds, const char *body, size_t len,
		 const char *secret, const char *second);
/* A new secret: "whsec_" and 256 random bits in hexadecimal. NULL: no randomness. */
const char *sign_new_secret(struct bb_arena *);
#endif
