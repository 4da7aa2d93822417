#include "token.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

bool token_new(char ret[TOKEN_SIZE])
{
	static const char letters[] = BB_URL_TOKEN_LETTERS;
	unsigned char random[TOKEN_SIZE - 1];
	if (RAND_bytes(random, sizeof random) != 1)
		return false;
	for (size_t i = 0; i < sizeof random; i++)
		ret[i] = letters[random[i] & 31]; /* 32 letters: no bias */
	ret[sizeof random] = '\0';
	return true;
}

void hex_of_sha256(char ret[HEX_SIZE], const unsigned char *hash)
{
	for (size_t i = 0; i < (HEX_SIZE - 1) / 2; i++)
		snprintf(ret + 2 * i, 3, "%02x", hash[i]);
}

void token_hash(char ret[HEX_SIZE], const char *token)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	EVP_Digest(token, strlen(token), hash, NULL, EVP_sha256(), NULL);
	hex_of_sha256(ret, hash);
}
