/* API keys: made of 200 random bits, known to the database by their SHA-256 only. */
#ifndef REST_SECRET_H
#define REST_SECRET_H
#include <stdbool.h>
#include <stddef.h>

#define SECRET_SIZE 44u   /* "bb_", 40 letters and digits, NUL */
#define SECRET_MARK "bb_" /* how all begin */
#define SECRET_PREFIX 9u
#define DIGEST_SIZE 65u /* hex, NUL */

/* False if the generator fails. */
bool secret_new(char ret[SECRET_SIZE]);
/* SHA-256 in hex of the texts one after the other, each followed by a NUL; the list ends with
 * NULL. */
void secret_digest(char ret[DIGEST_SIZE], const char *const *texts);
/* The token of "Bearer <token>", or NULL. */
const char *secret_of_header(const char *authorization);
#endif
