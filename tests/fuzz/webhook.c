/* A webhook of a gateway as anybody can send it: a line that is the header of its signature, then
 * the body. What is read of a header is what it says; nobody signs without the secret; of a body
 * that is an event nothing is read that the payments could not take. */
#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/arena.h"
#include "event.h"
#include "fuzz.h"
#include "signature.h"
#include "json/json.h"

#define SECRET "whsec_of_the_test"
#define HEADER_MOST 4096

static void add_v1(char *text, size_t room, const unsigned char digest[SIGNATURE_BYTES])
{
	size_t len = strlen(text);
	len += (size_t)snprintf(text + len, room - len, ",v1=");
	for (size_t i = 0; i < SIGNATURE_BYTES; i++)
		len += (size_t)snprintf(text + len, room - len, "%02x", digest[i]);
}

/* The same time and digests, plainly written. */
static void check_again(const struct signature *s)
{
	char text[HEADER_MOST];
	struct signature again;
	snprintf(text, sizeof text, "t=%.*s", (int)s->time_len, s->time_text);
	for (uint32_t i = 0; i < s->count; i++)
		add_v1(text, sizeof text, s->v1[i]);
	FUZZ_CHECK(signature_parse(text, &again));
	FUZZ_CHECK(again.time_s == s->time_s && again.count == s->count);
	FUZZ_CHECK(!memcmp(again.v1, s->v1, s->count * sizeof *s->v1));
}

static void check_signed(const struct signature *s, const char *body, size_t len)
{
	char text[HEADER_MOST], said[16];
	struct signature good;
	unsigned char own[SIGNATURE_BYTES];
	size_t time_len =
	    (size_t)snprintf(said, sizeof said, "%.*s.", (int)s->time_len, s->time_text);
	unsigned char *all = malloc(time_len + len);
	FUZZ_CHECK(all);
	memcpy(all, said, time_len);
	memcpy(all + time_len, body, len);
	FUZZ_CHECK(HMAC(EVP_sha256(), SECRET, strlen(SECRET), all, time_len + len, own, NULL));
	free(all);
	FUZZ_CHECK(!signature_is_of(s, SECRET, body, len) && !signature_is_of(s, "", body, len));
	snprintf(text, sizeof text, "t=%.*s", (int)s->time_len, s->time_text);
	add_v1(text, sizeof text, s->v1[0]);
	add_v1(text, sizeof text, own);
	FUZZ_CHECK(signature_parse(text, &good) && signature_is_of(&good, SECRET, body, len));
	FUZZ_CHECK(!len || !signature_is_of(&good, SECRET, body, len - 1));
}

static void check_header(const char *header, const char *body, size_t len)
{
	struct signature s;
	memset(&s, 0xa5, sizeof s);
	if (!signature_parse(header, &s))
		return;
	FUZZ_CHECK(s.count >= 1 && s.count <= SIGNATURES_MOST);
	FUZZ_CHECK(s.time_text > header && s.time_text + s.time_len <= header + strlen(header));
	FUZZ_CHECK(s.time_len >= 1 && s.time_s == strtoll(s.time_text, NULL, 10));
	FUZZ_CHECK(s.time_s >= 0 && s.time_s < INT64_C(1000000000000));
	check_again(&s);
	check_signed(&s, body, len);
}

static void check_event(const char *body, size_t len)
{
	struct bb_arena *arena = arena_new(0);
	const struct bb_json *v;
	struct bb_payment_fact f;
	if (json_parse(arena, body, len, &v, NULL) == 0 && event_read(arena, v, &f)) {
		FUZZ_CHECK(f.kind < BB_PAYMENT_KINDS && f.event_id && *f.event_id && f.type);
		FUZZ_CHECK(f.at_ms >= 0 && f.amount_minor >= -1);
		FUZZ_CHECK(f.amount_minor <= 0 ||
			   (strlen(f.currency) == 3 && isupper(*f.currency)));
	}
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char header[HEADER_MOST];
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	size_t len = end ? (size_t)(end - data) : size;
	if (len >= sizeof header)
		return 0;
	memcpy(header, data, len);
	header[len] = '\0';
	const char *body = end ? (const char *)end + 1 : "";
	size_t rest = end ? size - len - 1 : 0;
	check_header(header, body, rest);
	check_event(body, rest);
	return 0;
}
