/* Chargers' passwords (OCPP's AuthorizationKey): stored as PBKDF2-HMAC-SHA256 with a salt.
 *
 * A key may be given, and sent, as raw bytes or as their hex form: both mean the same key. Text of
 * an even number of hex digits, at least 32 of them, counts as the hex form. */
#ifndef CHARGERS_PASSWORD_H
#define CHARGERS_PASSWORD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <busbar/arena.h>

#define PASSWORD_MOST 256u /* bytes, of what a charger may send */
#define PASSWORD_PROOF 32u
#define PASSWORD_HASH_MOST 160u /* bytes of a stored one, the NUL included */

/* "pbkdf2-sha256$1000$<salt>$<hash>", both in hex; NULL if the generator fails. */
const char *password_hash(struct bb_arena *, const void *password, size_t len, uint32_t iterations);

/* Compares in constant time. A malformed hash matches nothing. */
bool password_matches(const char *hash, const void *password, size_t len);

/* A digest of (hash, password) under a key of this process: what proves, without the slow function,
 * that a password is the one that matched before. */
void password_proof(const char *hash, const void *password, size_t len,
		    unsigned char ret[PASSWORD_PROOF]);

/* The password of an `Authorization: Basic` header whose user part is `user`. Returns its length,
 * or -1: not Basic, not base64, another user, too long. */
int password_of_basic(const char *header, const char *user, unsigned char ret[PASSWORD_MOST]);
#endif
