/* The signature of what is sent to an operator's service. Pure. */
#ifndef AUTHORIZATION_SIGNATURE_H
#define AUTHORIZATION_SIGNATURE_H
#include <stddef.h>

#include <busbar/arena.h>

/* "sha256=" and the HMAC-SHA-256 of "<timestamp>.<body>" in hexadecimal, in the arena. */
const char *signature_of(struct bb_arena *, const char *secret, const char *timestamp,
			 const char *body, size_t len);
#endif
