#include "password.h"

#include <ctype.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define PREFIX "pbkdf2-sha256$"
#define SALT_BYTES ((size_t)16)
#define HASH_BYTES ((size_t)32)
#define HEX_LEAST 32u
#define ITERATIONS_MOST 10000000ul

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes written, or -1 if it is not hex. */
static int unhex(const char *hex, size_t len, unsigned char *out)
{
	if (len % 2)
		return -1;
	for (size_t i = 0; i < len; i += 2) {
		int high = hex_digit(hex[i]), low = hex_digit(hex[i + 1]);
		if (high < 0 || low < 0)
			return -1;
		out[i / 2] = (unsigned char)(high << 4 | low);
	}
	return (int)(len / 2);
}

static void hex(const unsigned char *bytes, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* The key's bytes, whichever form it came in. */
static size_t canonical(const void *password, size_t len, unsigned char out[PASSWORD_MOST])
{
	if (len > PASSWORD_MOST)
		len = PASSWORD_MOST;
	int n = len >= HEX_LEAST ? unhex(password, len, out) : -1;
	if (n >= 0)
		return (size_t)n;
	memcpy(out, password, len);
	return len;
}

static bool derive(const void *password, size_t len, const unsigned char salt[SALT_BYTES],
		   uint32_t iterations, unsigned char out[HASH_BYTES])
{
	unsigned char key[PASSWORD_MOST];
	size_t n = canonical(password, len, key);
	int ok = PKCS5_PBKDF2_HMAC((const char *)key, (int)n, salt, SALT_BYTES, (int)iterations,
				   EVP_sha256(), HASH_BYTES, out);
	OPENSSL_cleanse(key, sizeof key);
	return ok == 1;
}

const char *password_hash(struct bb_arena *a, const void *password, size_t len, uint32_t iterations)
{
	unsigned char salt[SALT_BYTES], hash[HASH_BYTES];
	if (RAND_bytes(salt, sizeof salt) != 1 || !derive(password, len, salt, iterations, hash))
		return NULL;
	char salt_hex[2 * SALT_BYTES + 1], hash_hex[2 * HASH_BYTES + 1];
	hex(salt, sizeof salt, salt_hex);
	hex(hash, sizeof hash, hash_hex);
	return bb_printf(a, PREFIX "%u$%s$%s", iterations, salt_hex, hash_hex);
}

bool password_matches(const char *stored, const void *password, size_t len)
{
	if (strncmp(stored, PREFIX, strlen(PREFIX)) != 0)
		return false;
	char *at;
	unsigned long iterations = strtoul(stored + strlen(PREFIX), &at, 10);
	if (!iterations || iterations > ITERATIONS_MOST ||
	    strlen(at) != 2 + 2 * SALT_BYTES + 2 * HASH_BYTES || at[0] != '$' ||
	    at[1 + 2 * SALT_BYTES] != '$')
		return false;
	unsigned char salt[SALT_BYTES], hash[HASH_BYTES], got[HASH_BYTES];
	if (unhex(at + 1, 2 * SALT_BYTES, salt) < 0 ||
	    unhex(at + 2 + 2 * SALT_BYTES, 2 * HASH_BYTES, hash) < 0 ||
	    !derive(password, len, salt, (uint32_t)iterations, got))
		return false;
	return !CRYPTO_memcmp(hash, got, sizeof hash);
}

void password_proof(const char *stored, const void *password, size_t len,
		    unsigned char ret[PASSWORD_PROOF])
{
	static unsigned char secret[32]; /* of this process; nothing of it is ever stored */
	static bool drawn;
	if (!drawn)
		drawn = RAND_bytes(secret, sizeof secret) == 1;
	unsigned char text[PASSWORD_MOST + 256];
	size_t n = canonical(password, len, text), hash_len = strnlen(stored, 256);
	memcpy(text + n, stored, hash_len);
	unsigned int size = PASSWORD_PROOF;
	if (!drawn || !HMAC(EVP_sha256(), secret, sizeof secret, text, n + hash_len, ret, &size))
		RAND_bytes(ret, PASSWORD_PROOF);
	OPENSSL_cleanse(text, sizeof text);
}

int password_of_basic(const char *header, const char *user, unsigned char ret[PASSWORD_MOST])
{
	if (!header || strncasecmp(header, "Basic ", 6) != 0)
		return -1;
	header += 6 + strspn(header + 6, " ");
	size_t len = strlen(header), user_len = strlen(user);
	unsigned char text[2 * PASSWORD_MOST + 3];
	if (!len || len % 4 || len / 4 * 3 > sizeof text - 3)
		return -1;
	int n = EVP_DecodeBlock(text, (const unsigned char *)header, (int)len);
	if (n < 0)
		return -1;
	n -= (header[len - 1] == '=') + (header[len - 2] == '=');
	if ((size_t)n < user_len + 1 || memcmp(text, user, user_len) != 0 || text[user_len] != ':')
		return -1;
	n -= (int)user_len + 1;
	if (n > (int)PASSWORD_MOST)
		return -1;
	memcpy(ret, text + user_len + 1, (size_t)n);
	OPENSSL_cleanse(text, sizeof text);
	return n;
}
