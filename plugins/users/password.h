/* Passwords as the database has them: scrypt, whose figures and salt are in the text. No state. */
#ifndef USERS_PASSWORD_H
#define USERS_PASSWORD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASSWORD_TEXT 160u  /* of a hash with its NUL */
#define PASSWORD_MOST 1024u /* bytes of a password */

/* Memory: 128 * r * 2^log_n bytes. Both take that and some tenths of a second: not on the loop. */
bool password_hash(const char *password, uint32_t log_n, char ret[PASSWORD_TEXT]);
/* In the same time whether it does or not. `stored` NULL: as if there were one, and it does not. */
bool password_matches(const char *stored, const char *password, uint32_t log_n);
/* RFC 7914, for its test vectors. */
bool password_derive(const char *password, const void *salt, size_t salt_len, uint32_t log_n,
		     uint32_t r, uint32_t p, unsigned char *ret, size_t len);
#endif
