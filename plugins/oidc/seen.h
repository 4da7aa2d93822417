/* Tokens whose signature has been looked at: a table of fixed size, by their SHA-256. */
#ifndef OIDC_SEEN_H
#define OIDC_SEEN_H
#include <stdbool.h>
#include <stdint.h>

enum { SEEN_HASH = 32, SEEN_ROWS = 4096 };

struct seen_row {
	uint64_t generation; /* of the keys that it was looked at with; 0: free */
	int64_t at_ms;
	unsigned char hash[SEEN_HASH];
};
struct seen {
	struct seen_row rows[SEEN_ROWS];
};

void seen_hash(const char *token, unsigned char ret[SEEN_HASH]);
bool seen_has(struct seen *, const unsigned char hash[SEEN_HASH], uint64_t generation,
	      int64_t now_ms);
void seen_put(struct seen *, const unsigned char hash[SEEN_HASH], uint64_t generation,
	      int64_t now_ms);
#endif
