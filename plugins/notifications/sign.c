#include "sign.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#define SECRET_BYTES 32

static const char *hex(struct bb_arena *a, const unsigned char *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char *text = bb_alloc(a, 2 * len + 1);
	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	text[2 * len] = '\0';
	return text;
}

static const char *mac(struct bb_arena *a, const char *signed_text, size_t len, const char *secret)
{
	unsigned char out[EVP_MAX_MD_SIZE];
	unsigned int out_len = 0;
	HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)signed_text, len,
	     out, &out_len);
	return hex(a, out, out_len);
}

const char *sign(struct bb_arena *a, long long seconds, const char *body, size_t len,
		 const char *secret, const char *second)
{
	char *at = bb_printf(a, "%lld.", seconds);
	size_t head = strlen(at);
	char *all = bb_alloc(a, head + len + 1);
	memcpy(all, at, head);
	memcpy(all + head, body, len);
	const char *text = bb_printf(a, "t=%lld,v1=%s", seconds, mac(a, all, head + len, secret));
	if (second)
		text = bb_printf(a, "%s,v1=%s", text, mac(a, all, head + len, second));
	return text;
}

const char *sign_new_secret(struct bb_arena *a)
{
	unsigned char bytes[SECRET_BYTES];
	if (RAND_bytes(bytes, sizeof bytes) != 1)
		return NULL;
	return bb_printf(a, "whsec_%s", hex(a, bytes, sizeof bytes));
}
