#include "key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

enum { RSA_LEAST = 2048, RSA_MOST = 4096, EXPONENT_MOST = 32, EC_HALF_MOST = 48 };

static struct bytes member(struct bb_arena *a, const struct bb_json *jwk, const char *name)
{
	const struct bb_json *v = bb_json_get(jwk, name);
	if (!bb_json_is(v, BB_JSON_STRING))
		return (struct bytes){NULL, 0};
	return base64url_read(a, v->s, v->len);
}

static EVP_PKEY *make(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;
	if (ctx && EVP_PKEY_fromdata_init(ctx) == 1)
		EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/* Nor one whose exponent makes each look at a signature a long one. */
static bool is_sound_rsa(const BIGNUM *n, const BIGNUM *e)
{
	int bits = BN_num_bits(n);
	return bits >= RSA_LEAST && bits <= RSA_MOST && BN_is_odd(n) && BN_is_odd(e) &&
	       !BN_is_one(e) && BN_num_bits(e) <= EXPONENT_MOST;
}

static EVP_PKEY *make_rsa(const BIGNUM *n, const BIGNUM *e)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;
	if (b && OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e))
		params = OSSL_PARAM_BLD_to_param(b);
	if (params)
		pkey = make("RSA", params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	return pkey;
}

static EVP_PKEY *read_rsa(struct bb_arena *a, const struct bb_json *jwk,
			  const struct algorithm *like)
{
	struct bytes n = member(a, jwk, "n"), e = member(a, jwk, "e");
	(void)like;
	if (!n.at || !e.at || n.len > RSA_MOST / 8 + 1 || e.len > RSA_MOST / 8)
		return NULL;
	BIGNUM *modulus = BN_bin2bn(n.at, (int)n.len, NULL);
	BIGNUM *exponent = BN_bin2bn(e.at, (int)e.len, NULL);
	EVP_PKEY *pkey = NULL;
	if (modulus && exponent && is_sound_rsa(modulus, exponent))
		pkey = make_rsa(modulus, exponent);
	BN_free(modulus);
	BN_free(exponent);
	return pkey;
}

static bool is_on_curve(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	bool ok = ctx && EVP_PKEY_public_check(ctx) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static EVP_PKEY *read_ec(struct bb_arena *a, const struct bb_json *jwk,
			 const struct algorithm *like)
{
	struct bytes x = member(a, jwk, "x"), y = member(a, jwk, "y");
	unsigned char point[1 + 2 * EC_HALF_MOST] = {4}; /* not compressed */
	if (!x.at || !y.at || x.len != like->half || y.len != like->half)
		return NULL;
	memcpy(point + 1, x.at, x.len);
	memcpy(point + 1 + x.len, y.at, y.len);
	OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)like->crv, 0),
	    OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * x.len),
	    OSSL_PARAM_construct_end()};
	EVP_PKEY *pkey = make("EC", params);
	if (pkey && is_on_curve(pkey))
		return pkey;
	EVP_PKEY_free(pkey);
	return NULL;
}

static EVP_PKEY *read_okp(struct bb_arena *a, const struct bb_json *jwk,
			  const struct algorithm *like)
{
	struct bytes x = member(a, jwk, "x");
	return x.at ? EVP_PKEY_new_raw_public_key_ex(NULL, like->crv, NULL, x.at, x.len) : NULL;
}

/* An algorithm of the key's type and curve. */
static const struct algorithm *like_of(const struct bb_json *jwk)
{
	const char *kty = bb_json_get_str(jwk, "kty", ""), *crv = bb_json_get_str(jwk, "crv", "");
	for (size_t i = 0; i < ALGORITHMS; i++)
		if (!strcmp(algorithms[i].kty, kty) &&
		    (!algorithms[i].crv || !strcmp(algorithms[i].crv, crv)))
			return &algorithms[i];
	return NULL;
}

/* Is it one that signs, as far as it says? */
static bool is_for_signing(const struct bb_json *jwk)
{
	const struct bb_json *ops = bb_json_get(jwk, "key_ops");
	if (bb_json_get(jwk, "use") && strcmp(bb_json_get_str(jwk, "use", ""), "sig") != 0)
		return false;
	for (uint32_t i = 0; i < bb_json_count(ops); i++)
		if (!strcmp(bb_json_str(bb_json_at(ops, i), ""), "verify"))
			return true;
	return !ops;
}

bool key_is_for(const struct key *k, const struct algorithm *alg)
{
	if (k->alg)
		return k->alg == alg;
	return !strcmp(k->like->kty, alg->kty) && (!alg->crv || !strcmp(k->like->crv, alg->crv));
}

bool key_read(struct bb_arena *a, const struct bb_json *jwk, struct key *ret)
{
	static const struct {
		const char *kty;
		EVP_PKEY *(*read)(struct bb_arena *, const struct bb_json *,
				  const struct algorithm *);
	} types[] = {{"RSA", read_rsa}, {"EC", read_ec}, {"OKP", read_okp}};
	struct key k = {.like = like_of(jwk)};
	const struct bb_json *alg = bb_json_get(jwk, "alg"), *id = bb_json_get(jwk, "kid");
	if (!k.like || !is_for_signing(jwk) || (id && !bb_json_is(id, BB_JSON_STRING)) ||
	    (id && id->len >= KEY_ID_SIZE))
		return false;
	if (alg) {
		const struct algorithm *named = algorithm_find(bb_json_str(alg, NULL));
		if (!named || !key_is_for(&k, named))
			return false;
		k.alg = named;
	}
	memcpy(k.id, id ? id->s : "", id ? id->len + 1 : 1);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcmp(types[i].kty, k.like->kty))
			k.pkey = types[i].read(a, jwk, k.like);
	if (!k.pkey)
		return false;
	*ret = k;
	return true;
}

void key_free(struct key *k)
{
	EVP_PKEY_free(k->pkey);
	k->pkey = NULL;
}
