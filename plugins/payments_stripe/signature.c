#include "signature.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

#define TIME_DIGITS 12

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool read_hex(const char *text, size_t len, unsigned char ret[SIGNATURE_BYTES])
{
	if (len != 2 * (size_t)SIGNATURE_BYTES)
		return false;
	for (size_t i = 0; i < SIGNATURE_BYTES; i++) {
		int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		ret[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

static bool read_time(const char *text, size_t len, struct signature *s)
{
	if (!len || len > TIME_DIGITS || s->time_text)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		s->time_s = s->time_s * 10 + (text[i] - '0');
	}
	s->time_text = text;
	s->time_len = len;
	return true;
}

/* One "name=value". */
static bool read_item(const char *item, size_t len, struct signature *s)
{
	const char *equals = memchr(item, '=', len);
	if (!equals)
		return false;
	size_t name = (size_t)(equals - item), value = len - name - 1;
	if (name == 1 && item[0] == 't')
		return read_time(equals + 1, value, s);
	if (name != 2 || memcmp(item, "v1", 2) != 0)
		return true;
	return s->count < SIGNATURES_MOST && read_hex(equals + 1, value, s->v1[s->count++]);
}

bool signature_parse(const char *header, struct signature *ret)
{
	struct signature s = {0};
	for (const char *at = header; at;) {
		at += strspn(at, " ");
		const char *comma = strchr(at, ',');
		size_t len = comma ? (size_t)(comma - at) : strlen(at);
		while (len && at[len - 1] == ' ')
			len--;
		if (!read_item(at, len, &s))
			return false;
		at = comma ? comma + 1 : NULL;
	}
	if (!s.time_text || !s.count)
		return false;
	*ret = s;
	return true;
}

static bool digest(const struct signature *s, const char *secret, const char *body, size_t len,
		   unsigned char ret[SIGNATURE_BYTES])
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
	OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){"SHA256"}, 0),
	    OSSL_PARAM_construct_end()};
	size_t out = 0;
	bool ok = ctx && EVP_MAC_init(ctx, (const unsigned char *)secret, strlen(secret), params) &&
		  EVP_MAC_update(ctx, (const unsigned char *)s->time_text, s->time_len) &&
		  EVP_MAC_update(ctx, (const unsigned char *)".", 1) &&
		  EVP_MAC_update(ctx, (const unsigned char *)body, len) &&
		  EVP_MAC_final(ctx, ret, &out, SIGNATURE_BYTES);
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return ok && out == SIGNATURE_BYTES;
}

bool signature_is_of(const struct signature *s, const char *secret, const char *body, size_t len)
{
	unsigned char own[SIGNATURE_BYTES];
	bool found = false;
	if (!*secret || !digest(s, secret, body, len, own))
		return false;
	for (uint32_t i = 0; i < s->count; i++)
		found |= !CRYPTO_memcmp(own, s->v1[i], SIGNATURE_BYTES);
	return found;
}
