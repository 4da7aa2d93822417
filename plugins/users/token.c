#include "token.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <string.h>

#include "hex.h"

bool token_new(char ret[TOKEN_SIZE])
{
	unsigned char random[32];
	if (RAND_bytes(random, sizeof random) != 1)
		return false;
	hex_write(random, sizeof random, ret);
	OPENSSL_cleanse(random, sizeof random);
	return true;
}

void token_hash(const char *text, char ret[TOKEN_SIZE])
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	SHA256((const unsigned char *)text, strlen(text), hash);
	hex_write(hash, sizeof hash, ret);
}

bool token_has_hash(const char *text, const char *hash)
{
	char own[TOKEN_SIZE];
	if (!text || strlen(hash) != TOKEN_SIZE - 1)
		return false;
	token_hash(text, own);
	return !CRYPTO_memcmp(own, hash, TOKEN_SIZE - 1);
}
