#include "password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "hex.h"

#define SALT_BYTES ((size_t)16)
#define HASH_BYTES ((size_t)32)
#define BLOCKS 8u   /* r */
#define PARALLEL 3u /* p: that many times the work, in the memory of one */

/* Beyond what this program writes, but no text makes it take all memory. */
#define LOG_N_MOST 20u
#define BLOCKS_MOST 16u
#define PARALLEL_MOST 16u

struct stored {
	unsigned int log_n, r, p;
	unsigned char salt[SALT_BYTES], hash[HASH_BYTES];
};

bool password_derive(const char *password, const void *salt, size_t salt_len, uint32_t log_n,
		     uint32_t r, uint32_t p, unsigned char *ret, size_t len)
{
	uint64_t n = UINT64_C(1) << log_n, memory = 128u * (uint64_t)r * (n + p) + (1u << 20);
	return EVP_PBE_scrypt(password, strlen(password), salt, salt_len, n, r, p, memory, ret,
			      len) == 1;
}

bool password_hash(const char *password, uint32_t log_n, char ret[PASSWORD_TEXT])
{
	unsigned char salt[SALT_BYTES], hash[HASH_BYTES];
	char salt_hex[2 * SALT_BYTES + 1], hash_hex[2 * HASH_BYTES + 1];
	if (RAND_bytes(salt, sizeof salt) != 1 ||
	    !password_derive(password, salt, sizeof salt, log_n, BLOCKS, PARALLEL, hash,
			     sizeof hash))
		return false;
	hex_write(salt, sizeof salt, salt_hex);
	hex_write(hash, sizeof hash, hash_hex);
	snprintf(ret, PASSWORD_TEXT, "scrypt$%u$%u$%u$%s$%s", (unsigned int)log_n, BLOCKS, PARALLEL,
		 salt_hex, hash_hex);
	return true;
}

/* `ret` is untouched where it is false. */
static bool read_stored(const char *text, struct stored *ret)
{
	struct stored s;
	char salt[2 * SALT_BYTES + 1], hash[2 * HASH_BYTES + 1];
	int end = 0;
	if (sscanf(text, "scrypt$%2u$%2u$%2u$%32[0-9a-f]$%64[0-9a-f]%n", &s.log_n, &s.r, &s.p, salt,
		   hash, &end) != 5 ||
	    text[end])
		return false;
	if (!s.log_n || s.log_n > LOG_N_MOST || !s.r || s.r > BLOCKS_MOST || !s.p ||
	    s.p > PARALLEL_MOST || !hex_read(salt, s.salt, SALT_BYTES) ||
	    !hex_read(hash, s.hash, HASH_BYTES))
		return false;
	*ret = s;
	return true;
}

bool password_matches(const char *text, const char *password, uint32_t log_n)
{
	struct stored s = {.log_n = log_n, .r = BLOCKS, .p = PARALLEL};
	unsigned char got[HASH_BYTES];
	bool there = text && read_stored(text, &s);
	bool derived =
	    password_derive(password, s.salt, SALT_BYTES, s.log_n, s.r, s.p, got, sizeof got);
	bool same = !CRYPTO_memcmp(got, s.hash, sizeof got);
	OPENSSL_cleanse(got, sizeof got);
	return there && derived && same;
}
