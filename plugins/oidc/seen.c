#include "seen.h"

#include <openssl/evp.h>
#include <string.h>

enum { WAYS = 8 };

void seen_hash(const char *token, unsigned char ret[SEEN_HASH])
{
	EVP_Digest(token, strlen(token), ret, NULL, EVP_sha256(), NULL);
}

/* The row of that token, or the one that it may have. */
static struct seen_row *row_of(struct seen *s, const unsigned char hash[SEEN_HASH])
{
	uint32_t first = ((uint32_t)hash[0] << 8 | hash[1]) % SEEN_ROWS;
	struct seen_row *oldest = &s->rows[first];
	for (uint32_t i = 0; i < WAYS; i++) {
		struct seen_row *row = &s->rows[(first + i) % SEEN_ROWS];
		if (row->generation && !memcmp(row->hash, hash, SEEN_HASH))
			return row;
		if (oldest->generation && (!row->generation || row->at_ms < oldest->at_ms))
			oldest = row;
	}
	return oldest;
}

bool seen_has(struct seen *s, const unsigned char hash[SEEN_HASH], uint64_t generation,
	      int64_t now_ms)
{
	struct seen_row *row = row_of(s, hash);
	if (row->generation != generation || memcmp(row->hash, hash, SEEN_HASH) != 0)
		return false;
	row->at_ms = now_ms;
	return true;
}

void seen_put(struct seen *s, const unsigned char hash[SEEN_HASH], uint64_t generation,
	      int64_t now_ms)
{
	struct seen_row *row = row_of(s, hash);
	row->generation = generation;
	row->at_ms = now_ms;
	memcpy(row->hash, hash, SEEN_HASH);
}
