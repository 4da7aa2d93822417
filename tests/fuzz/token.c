/* A token as anybody can send it, and a set of keys as a provider could answer: a token, or on
 * three lines its header, its claims and its signature's letters; then the keys. Nothing is read
 * that says the same in other letters, nobody signs for a key that is not theirs, no key serves an
 * algorithm of another type, and whoever is let in has a name, a role and an operator. */
#include <busbar/plugin.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "claims.h"
#include "fuzz.h"
#include "jwt.h"
#include "keyset.h"
#include "json/json.h"

#define NOW_MS INT64_C(1732590000000)
#define SKEW_MS 60000
#define RULES                                                                                     \
	"{\"roles\":{\"claim\":\"realm_access.roles\",\"map\":{\"a\":\"admin\",\"o\":"            \
	"\"operator\"},\"default\":\"user\"},\"operator\":{\"claim\":\"org\",\"default\":\"d\"}," \
	"\"name_claims\":[\"given_name\",\"names.0\"]}"

enum { OWN_KEYS = 3, ED25519 = 2, TEXT_MOST = 2 * JWT_MOST };

/* Made here, at random: what they sign is in no input. */
static EVP_PKEY *own[OWN_KEYS];

static int parse(struct bb_arena *a, const char *text, size_t len, const struct bb_json **ret,
		 const char **ret_error)
{
	(void)ret_error;
	return json_parse(a, text, len, ret, NULL);
}

static const struct bb_api api = {.size = sizeof api, .json_parse = parse};

static const struct bb_json *json(struct bb_arena *a, const char *text)
{
	const struct bb_json *v;
	FUZZ_CHECK(json_parse(a, text, strlen(text), &v, NULL) == 0);
	return v;
}

static const char *base64url(struct bb_arena *a, const void *bytes, size_t len)
{
	char *out = bb_alloc(a, len * 4 / 3 + 5);
	EVP_EncodeBlock((unsigned char *)out, bytes, (int)len);
	for (char *c = out; *c; c++)
		*c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? '\0' : *c);
	return out;
}

static void check_own(const struct jwt *t)
{
	unsigned char bytes[64];
	struct bytes s = {bytes, sizeof bytes};
	const struct algorithm *eddsa = algorithm_find("EdDSA");
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	for (int i = 0; i < OWN_KEYS; i++)
		FUZZ_CHECK(
		    !key_has_signed(own[i], t->alg, t->signed_text, t->signed_len, t->signature));
	FUZZ_CHECK(EVP_DigestSignInit(ctx, NULL, NULL, NULL, own[ED25519]) == 1);
	FUZZ_CHECK(EVP_DigestSign(ctx, bytes, &s.len, (const unsigned char *)t->signed_text,
				  t->signed_len) == 1);
	EVP_MD_CTX_free(ctx);
	FUZZ_CHECK(key_has_signed(own[ED25519], eddsa, t->signed_text, t->signed_len, s));
	FUZZ_CHECK(!key_has_signed(own[ED25519], eddsa, t->signed_text, t->signed_len - 1, s));
	bytes[t->signed_len % s.len] ^= 1;
	FUZZ_CHECK(!key_has_signed(own[ED25519], eddsa, t->signed_text, t->signed_len, s));
}

static bool is_role(const char *role)
{
	return !strcmp(role, "admin") || !strcmp(role, "operator") || !strcmp(role, "user");
}

/* Of a token that would be believed if its signature is good. */
static void check_claims(struct bb_arena *a, const struct jwt *t)
{
	struct person p;
	const char *sub = bb_json_get_str(t->claims, "sub", NULL);
	if (jwt_fault(t, json(a, "[\"busbar\"]"), NOW_MS, SKEW_MS))
		return;
	FUZZ_CHECK(sub && *sub && strlen(sub) <= 255);
	FUZZ_CHECK(bb_json_get(t->claims, "exp") && jwt_expires_ms(t) + SKEW_MS >= NOW_MS);
	if (claims_person(a, json(a, RULES), t->claims, sub, &p))
		return;
	FUZZ_CHECK(is_role(p.role) && (p.operator_id || !strcmp(p.role, "admin")));
	FUZZ_CHECK(*p.name && strlen(p.name) <= 255 && !strpbrk(p.name, "\r\n\x7f"));
}

/* False: it is none. */
static bool check_token(struct bb_arena *a, const char *text, struct jwt *ret)
{
	memset(ret, 0xa5, sizeof *ret);
	if (jwt_read(&api, a, text, ret))
		return false;
	FUZZ_CHECK(jwt_looks_like(text) && strlen(text) <= JWT_MOST);
	FUZZ_CHECK(ret->alg >= algorithms && ret->alg < algorithms + ALGORITHMS);
	FUZZ_CHECK(ret->signed_text == text && text[ret->signed_len] == '.');
	FUZZ_CHECK(bb_json_is(ret->claims, BB_JSON_OBJECT));
	FUZZ_CHECK(!strcmp(base64url(a, ret->signature.at, ret->signature.len),
			   text + ret->signed_len + 1));
	check_own(ret);
	check_claims(a, ret);
	return true;
}

static bool is_of(const struct key *k, const struct algorithm *alg)
{
	if (!strcmp(alg->kty, "RSA"))
		return EVP_PKEY_is_a(k->pkey, "RSA") && EVP_PKEY_get_bits(k->pkey) >= 2048;
	if (!strcmp(alg->kty, "EC"))
		return EVP_PKEY_is_a(k->pkey, "EC") &&
		       (size_t)EVP_PKEY_get_bits(k->pkey) == 8 * alg->half;
	return EVP_PKEY_is_a(k->pkey, "ED25519");
}

static void check_keys(const struct keyset *s)
{
	FUZZ_CHECK(s->count >= 1 && s->count <= KEYS_MOST);
	for (uint32_t i = 0; i < s->count; i++)
		for (size_t j = 0; j < ALGORITHMS; j++)
			FUZZ_CHECK(!key_is_for(&s->keys[i], &algorithms[j]) ||
				   is_of(&s->keys[i], &algorithms[j]));
}

/* What is no set of keys leaves the one before. */
static void check_set(struct bb_arena *a, const char *text, size_t len, const struct jwt *t)
{
	struct keyset s = {0};
	if (keyset_read(&s, &api, a, text, len) == 0) {
		const struct key *k = t ? keyset_find(&s, t->kid, t->alg) : NULL;
		uint64_t generation = s.generation;
		check_keys(&s);
		FUZZ_CHECK(!k || (is_of(k, t->alg) && (!t->kid || !strcmp(t->kid, k->id))));
		if (k)
			key_has_signed(k->pkey, t->alg, t->signed_text, t->signed_len,
				       t->signature);
		FUZZ_CHECK(keyset_read(&s, &api, a, "{\"keys\":[]}", 11) < 0);
		FUZZ_CHECK(s.generation == generation);
		check_keys(&s);
	} else {
		FUZZ_CHECK(!s.count && !s.keys && !s.generation);
	}
	keyset_free(&s);
}

/* The next line, which ends with a NUL then. */
static char *cut(char **at)
{
	char *line = *at, *end = strchr(line, '\n');
	*at = end ? end + 1 : line + strlen(line);
	if (end)
		*end = '\0';
	return line;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	own[0] = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	own[1] = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	own[ED25519] = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	FUZZ_CHECK(own[0] && own[1] && own[ED25519]);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jwt t;
	if (size > TEXT_MOST)
		return 0;
	struct bb_arena *a = arena_new(0);
	char *text = bb_alloc(a, size + 1), *at = text;
	memcpy(text, data, size);
	text[size] = '\0';
	const char *token = cut(&at);
	if (*token == '{') {
		const char *claims = cut(&at), *signature = cut(&at);
		token = bb_printf(a, "%s.%s.%s", base64url(a, token, strlen(token)),
				  base64url(a, claims, strlen(claims)), signature);
	}
	bool is_token = check_token(a, token, &t);
	check_set(a, at, size - (size_t)(at - text), is_token ? &t : NULL);
	arena_free(a);
	return 0;
}
