/* What a browser or a mail holds: 256 random bits. The database has their SHA-256 only. */
#ifndef USERS_TOKEN_H
#define USERS_TOKEN_H
#include <stdbool.h>
#include <stddef.h>

#define TOKEN_SIZE 65u /* hex, NUL */

/* False if the generator fails. */
bool token_new(char ret[TOKEN_SIZE]);
/* SHA-256 in hex, of any text. */
void token_hash(const char *text, char ret[TOKEN_SIZE]);
/* In constant time: is `hash` that of the text? NULL has none. */
bool token_has_hash(const char *text, const char *hash);
#endif
