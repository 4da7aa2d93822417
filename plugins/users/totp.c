#include "totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include <busbar/url.h>

#define DIGITS 6u
#define CODES 1000000u
#define SECRET_MOST 64u

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

uint32_t totp_code(const unsigned char *secret, size_t len, int64_t step)
{
	unsigned char counter[8], mac[EVP_MAX_MD_SIZE];
	unsigned int mac_len = sizeof mac;
	for (size_t i = 0; i < sizeof counter; i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	if (!HMAC(EVP_sha1(), secret, (int)len, counter, sizeof counter, mac, &mac_len))
		return CODES; /* no code is that */
	const unsigned char *at = mac + (mac[mac_len - 1] & 15);
	uint32_t v =
	    (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	return v % CODES;
}

static bool read_code(const char *text, uint32_t *ret)
{
	uint32_t v = 0;
	if (strlen(text) != DIGITS)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		v = v * 10 + (uint32_t)(*text - '0');
	}
	*ret = v;
	return true;
}

bool totp_check(const char *secret, const char *text, int64_t now_ms, int64_t last_step,
		int64_t *ret_step)
{
	unsigned char key[SECRET_MOST];
	int len = base32_read(secret, key, sizeof key);
	uint32_t code;
	bool found = false;
	if (len <= 0 || !read_code(text, &code))
		return false;
	int64_t now = now_ms / TOTP_STEP_MS;
	for (int64_t step = now - 1; step <= now + 1; step++)
		if (totp_code(key, (size_t)len, step) == code && step > last_step) {
			*ret_step = step;
			found = true;
		}
	return found;
}

void base32_write(const unsigned char *bytes, size_t len, char *ret)
{
	uint32_t held = 0, bits = 0;
	for (size_t i = 0; i < len; i++) {
		held = held << 8 | bytes[i];
		for (bits += 8; bits >= 5; bits -= 5)
			*ret++ = letters[held >> (bits - 5) & 31];
	}
	if (bits)
		*ret++ = letters[held << (5 - bits) & 31];
	*ret = '\0';
}

int base32_read(const char *text, unsigned char *ret, size_t most)
{
	uint32_t held = 0, bits = 0;
	size_t n = 0;
	for (; *text; text++) {
		const char *letter = strchr(letters, *text);
		if (!letter)
			return -1;
		held = held << 5 | (uint32_t)(letter - letters);
		bits += 5;
		if (bits < 8)
			continue;
		if (n == most)
			return -1;
		bits -= 8;
		ret[n++] = (unsigned char)(held >> bits);
	}
	return (int)n;
}

const char *totp_uri(struct bb_arena *a, const char *issuer, const char *account,
		     const char *secret)
{
	const char *name = bb_url_encoded(a, issuer);
	return bb_printf(a, "otpauth://totp/%s:%s?secret=%s&issuer=%s", name,
			 bb_url_encoded(a, account), secret, name);
}
