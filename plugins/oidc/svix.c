#include "svix.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base64.h"

#define MARK "whsec_"
enum { HASH = 32, TIME_DIGITS = 12, ID_MOST = 255, SIGNATURES_MOST = 16, SECRET_LEAST = 16 };

struct word {
	const char *at;
	size_t len;
};

/* The next of the words with spaces between them; len 0: no more. */
static struct word next_word(const char **at)
{
	*at += strspn(*at, " ");
	struct word w = {*at, strcspn(*at, " ")};
	*at += w.len;
	return w;
}

/* The bytes of "name:whsec_<base64>". */
static struct bytes secret_of(struct bb_arena *a, struct word w)
{
	const char *colon = memchr(w.at, ':', w.len);
	size_t left = colon ? w.len - (size_t)(colon + 1 - w.at) : 0;
	if (left < strlen(MARK) || memcmp(colon + 1, MARK, strlen(MARK)) != 0)
		return (struct bytes){NULL, 0};
	return base64_read(a, colon + 1 + strlen(MARK), left - strlen(MARK));
}

static bool is_named(struct word w, const char *name)
{
	size_t len = strlen(name);
	return w.len > len && w.at[len] == ':' && !memcmp(w.at, name, len);
}

bool svix_has_secret(const char *name, const char *secrets)
{
	for (struct word w = next_word(&secrets); w.len; w = next_word(&secrets))
		if (is_named(w, name))
			return true;
	return false;
}

bool svix_secrets_are_sound(struct bb_arena *a, const char *secrets)
{
	for (struct word w = next_word(&secrets); w.len; w = next_word(&secrets))
		if (secret_of(a, w).len < SECRET_LEAST)
			return false;
	return true;
}

static bool read_time(const char *text, int64_t *ret_s)
{
	size_t len = strlen(text);
	*ret_s = 0;
	if (!len || len > TIME_DIGITS || strspn(text, "0123456789") != len)
		return false;
	for (; *text; text++)
		*ret_s = *ret_s * 10 + (*text - '0');
	return true;
}

/* Is one of "v1,<base64> v1,<base64> ..." that hash? */
static bool is_among(struct bb_arena *a, const char *signatures, const unsigned char hash[HASH])
{
	bool found = false;
	uint32_t n = 0;
	for (struct word w = next_word(&signatures); w.len && n < SIGNATURES_MOST;
	     w = next_word(&signatures), n++) {
		if (w.len < 3 || memcmp(w.at, "v1,", 3) != 0)
			continue;
		struct bytes s = base64_read(a, w.at + 3, w.len - 3);
		found |= s.len == HASH && !CRYPTO_memcmp(s.at, hash, HASH);
	}
	return found;
}

static bool is_signed(struct bb_arena *a, const struct svix *m, const char *name,
		      const char *secrets)
{
	char *text = bb_printf(a, "%s.%s.", m->id, m->timestamp);
	size_t len = strlen(text);
	unsigned char *all = bb_alloc(a, len + m->body_len + 1), hash[HASH];
	bool found = false;
	memcpy(all, text, len);
	if (m->body_len)
		memcpy(all + len, m->body, m->body_len);
	for (struct word w = next_word(&secrets); w.len; w = next_word(&secrets)) {
		struct bytes secret = secret_of(a, w);
		unsigned int size = 0;
		if (is_named(w, name) && secret.len &&
		    HMAC(EVP_sha256(), secret.at, (int)secret.len, all, len + m->body_len, hash,
			 &size))
			found |= is_among(a, m->signature, hash);
	}
	return found;
}

const char *svix_fault(struct bb_arena *a, const struct svix *m, const char *name,
		       const char *secrets, int64_t now_ms, int64_t tolerance_ms)
{
	int64_t at_s;
	if (!m->id || !m->timestamp || !m->signature)
		return "the request is not signed";
	if (!*m->id || strlen(m->id) > ID_MOST || strchr(m->id, '.') ||
	    !read_time(m->timestamp, &at_s))
		return "the signature is malformed";
	if (!is_signed(a, m, name, secrets))
		return "the signature is wrong";
	int64_t age_ms = now_ms - 1000 * at_s;
	if (age_ms > tolerance_ms || -age_ms > tolerance_ms)
		return "the signature is too old, or from the future";
	return NULL;
}
