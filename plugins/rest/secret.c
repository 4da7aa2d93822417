#include "secret.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool secret_new(char ret[SECRET_SIZE])
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	unsigned char random[SECRET_SIZE - 4];
	if (RAND_bytes(random, sizeof random) != 1)
		return false;
	memcpy(ret, SECRET_MARK, 3);
	for (size_t i = 0; i < sizeof random; i++)
		ret[3 + i] = letters[random[i] & 31]; /* 32 letters: no bias */
	ret[3 + sizeof random] = '\0';
	return true;
}

void secret_digest(char ret[DIGEST_SIZE], const char *const *texts)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);
	for (; *texts; texts++)
		EVP_DigestUpdate(ctx, *texts, strlen(*texts) + 1);
	EVP_DigestFinal_ex(ctx, hash, &len);
	EVP_MD_CTX_free(ctx);
	for (unsigned int i = 0; i < len; i++)
		snprintf(ret + 2 * (size_t)i, 3, "%02x", hash[i]);
}

const char *secret_of_header(const char *authorization)
{
	if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0)
		return NULL;
	authorization += 7 + strspn(authorization + 7, " ");
	return *authorization ? authorization : NULL;
}
