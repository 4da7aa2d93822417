/* Codes of authenticator apps: RFC 6238 with SHA-1, six digits, thirty seconds. Pure. */
#ifndef USERS_TOTP_H
#define USERS_TOTP_H
#include <busbar/arena.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTP_STEP_MS INT64_C(30000)
#define TOTP_SECRET_BYTES 20u
#define TOTP_SECRET_TEXT 33u /* in base32, with its NUL */

/* The code of a step, as of RFC 4226; below 1000000. */
uint32_t totp_code(const unsigned char *secret, size_t len, int64_t step);
/* Is `code` (digits) that of the step of `now_ms` or of one beside it, and later than `last_step`?
 * Then `ret_step` is its step. `secret` is base32. */
bool totp_check(const char *secret, const char *code, int64_t now_ms, int64_t last_step,
		int64_t *ret_step);

/* RFC 4648, without padding. */
void base32_write(const unsigned char *bytes, size_t len, char *ret);
/* The bytes, at most `most`, or -1. */
int base32_read(const char *text, unsigned char *ret, size_t most);
/* otpauth://totp/... */
const char *totp_uri(struct bb_arena *, const char *issuer, const char *account,
		     const char *secret);
#endif
