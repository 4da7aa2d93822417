#include "signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

const char *signature_of(struct bb_arena *a, const char *secret, const char *timestamp,
			 const char *body, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned int size = 0;
	size_t before = strlen(timestamp) + 1;
	char *text = bb_alloc(a, before + len);
	memcpy(text, timestamp, before - 1);
	text[before - 1] = '.';
	memcpy(text + before, body, len);
	if (!HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text,
		  before + len, mac, &size))
		abort();
	char *out = bb_alloc(a, sizeof "sha256=" + 2u * size), *c = stpcpy(out, "sha256=");
	for (unsigned int i = 0; i < size; i++) {
		*c++ = digits[mac[i] >> 4];
		*c++ = digits[mac[i] & 15];
	}
	*c = 0;
	return out;
}
