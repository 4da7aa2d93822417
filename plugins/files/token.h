/* The secret in a URL, and what of it is stored. */
#ifndef FILES_TOKEN_H
#define FILES_TOKEN_H
#include <stdbool.h>

#include <busbar/url.h>

#define TOKEN_SIZE (BB_URL_TOKEN_LEN + 1) /* 200 random bits in 40 letters, NUL */
#define HEX_SIZE 65                       /* of a SHA-256, NUL */

/* False: there is no randomness. */
bool token_new(char ret[TOKEN_SIZE]);
void token_hash(char ret[HEX_SIZE], const char *token);
/* 32 bytes as text. */
void hex_of_sha256(char ret[HEX_SIZE], const unsigned char *hash);
#endif
