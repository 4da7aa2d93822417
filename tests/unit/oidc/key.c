#include "key.h"

#include <criterion/criterion.h>

#include "fixture.h"

/* RFC 7515, A.2 and A.3; RFC 8037, A.2 and A.4. */
#define CLAIMS                                                                                     \
	"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0" \
	"cnVlfQ"
#define RSA_N                                                                               \
	"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2m"   \
	"JPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0" \
	"LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZ" \
	"lxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PA" \
	"cDTW9gb54h4FRWyuXpoQ"
#define RSA_SIGNATURE                                                                      \
	"cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF" \
	"5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK" \
	"5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqt" \
	"FZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB" \
	"p0igcN_IoypGlUPQGe77Rw"
#define EC_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define EC_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define EC_SIGNATURE \
	"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
#define OKP_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define OKP_TEXT "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
#define OKP_SIGNATURE \
	"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
#define RSA "'kty':'RSA','e':'AQAB','n':'" RSA_N "'"
#define EC "'kty':'EC','crv':'P-256','x':'" EC_X "','y':'" EC_Y "'"
#define OKP "'kty':'OKP','crv':'Ed25519','x':'" OKP_X "'"

TestSuite(key, .init = setup, .fini = teardown);

static bool reads(const char *jwk)
{
	struct key k;
	bool ok = key_read(arena, json(jwk), &k);
	if (ok)
		key_free(&k);
	return ok;
}

static bool is_for(const char *jwk, const char *alg)
{
	struct key k;
	cr_assert(key_read(arena, json(jwk), &k), "%s", jwk);
	bool ok = key_is_for(&k, algorithm_find(alg));
	key_free(&k);
	return ok;
}

static bool signed_by(const char *jwk, const char *alg, const char *text, const char *signature)
{
	struct key k;
	cr_assert(key_read(arena, json(jwk), &k), "%s", jwk);
	bool ok = key_has_signed(k.pkey, algorithm_find(alg), text, strlen(text),
				 base64url_read(arena, signature, strlen(signature)));
	key_free(&k);
	return ok;
}

Test(key, signs_as_the_standards_show)
{
	cr_expect(signed_by("{" RSA "}", "RS256", "eyJhbGciOiJSUzI1NiJ9." CLAIMS, RSA_SIGNATURE));
	cr_expect(signed_by("{" EC "}", "ES256", "eyJhbGciOiJFUzI1NiJ9." CLAIMS, EC_SIGNATURE));
	cr_expect(signed_by("{" OKP "}", "EdDSA", OKP_TEXT, OKP_SIGNATURE));
}

Test(key, does_not_sign_other_texts_nor_by_other_algorithms)
{
	cr_expect_not(
	    signed_by("{" RSA "}", "RS256", "eyJhbGciOiJSUzI1Nin0." CLAIMS, RSA_SIGNATURE));
	cr_expect_not(
	    signed_by("{" RSA "}", "PS256", "eyJhbGciOiJSUzI1NiJ9." CLAIMS, RSA_SIGNATURE));
	cr_expect_not(
	    signed_by("{" RSA "}", "RS384", "eyJhbGciOiJSUzI1NiJ9." CLAIMS, RSA_SIGNATURE));
	cr_expect_not(signed_by("{" EC "}", "ES256", "eyJhbGciOiJFUzI1NiJ8." CLAIMS, EC_SIGNATURE));
	cr_expect_not(signed_by("{" OKP "}", "EdDSA", OKP_TEXT "A", OKP_SIGNATURE));
}

Test(key, of_a_curve_wants_two_numbers_of_its_size)
{
	unsigned char zeroes[96] = {0}, ones[64];
	struct key k;
	memset(ones, 0xff, sizeof ones);
	cr_assert(key_read(arena, json("{" EC "}"), &k));
	const struct bytes bad[] = {{zeroes, 64}, {zeroes, 0},  {zeroes, 63},
				    {zeroes, 65}, {zeroes, 96}, {ones, 64}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(key_has_signed(k.pkey, algorithm_find("ES256"), "x", 1, bad[i]));
	/* One more zero in front is the same number, and another length. */
	struct bytes good = base64url_read(arena, EC_SIGNATURE, strlen(EC_SIGNATURE));
	unsigned char longer[66] = {0};
	memcpy(longer + 1, good.at, 32);
	memcpy(longer + 34, good.at + 32, 32);
	const char *text = "eyJhbGciOiJFUzI1NiJ9." CLAIMS;
	cr_expect_not(key_has_signed(k.pkey, algorithm_find("ES256"), text, strlen(text),
				     (struct bytes){longer, 66}));
	memcpy(longer, good.at, 64);
	longer[64] = 0;
	cr_expect(key_has_signed(k.pkey, algorithm_find("ES256"), text, strlen(text),
				 (struct bytes){longer, 64}));
	cr_expect_not(key_has_signed(k.pkey, algorithm_find("ES256"), text, strlen(text),
				     (struct bytes){longer, 65}));
	key_free(&k);
}

Test(key, is_pinned_to_its_type_curve_and_algorithm)
{
	cr_expect(is_for("{" RSA "}", "RS256"));
	cr_expect(is_for("{" RSA "}", "PS512"));
	cr_expect_not(is_for("{" RSA "}", "ES256"));
	cr_expect_not(is_for("{" RSA "}", "EdDSA"));
	cr_expect(is_for("{" RSA ",'alg':'RS256'}", "RS256"));
	cr_expect_not(is_for("{" RSA ",'alg':'RS256'}", "PS256"));
	cr_expect(is_for("{" EC "}", "ES256"));
	cr_expect_not(is_for("{" EC "}", "ES384"));
	cr_expect_not(is_for("{" EC "}", "RS256"));
	cr_expect_not(is_for("{" OKP "}", "ES256"));
}

Test(key, that_is_not_for_signatures_is_none)
{
	cr_expect(reads("{" RSA ",'use':'sig','key_ops':['verify'],'kid':'a'}"));
	static const char *const bad[] = {
	    "{}",
	    "{'kty':'oct','k':'c2VjcmV0'}",
	    "{'kty':1}",
	    "{" RSA ",'use':'enc'}",
	    "{" RSA ",'use':1}",
	    "{" RSA ",'key_ops':['encrypt']}",
	    "{" RSA ",'key_ops':[]}",
	    "{" RSA ",'key_ops':'verify'}",
	    "{" RSA ",'alg':'none'}",
	    "{" RSA ",'alg':'HS256'}",
	    "{" RSA ",'alg':'ES256'}",
	    "{" RSA ",'alg':null}",
	    "{" RSA ",'kid':1}",
	    "{" EC ",'alg':'RS256'}",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(reads(bad[i]), "%s", bad[i]);
}

Test(key, that_is_weak_or_malformed_is_none)
{
	static const char *const bad[] = {
	    "{'kty':'RSA','e':'AQAB'}",
	    "{'kty':'RSA','n':'" RSA_N "'}",
	    "{'kty':'RSA','e':'AQ','n':'" RSA_N "'}",          /* 1 */
	    "{'kty':'RSA','e':'AQAA','n':'" RSA_N "'}",        /* even */
	    "{'kty':'RSA','e':'AQAAAAAB','n':'" RSA_N "'}",    /* long */
	    "{'kty':'RSA','e':'AQAB','n':'" RSA_N RSA_N "A'}", /* not canonical */
	    "{'kty':'RSA','e':'AQAB','n':'wQ'}",
	    "{'kty':'EC','crv':'P-256','x':'" EC_X "'}",
	    "{'kty':'EC','crv':'P-256','x':'" EC_X "','y':'" EC_X "'}", /* not on the curve */
	    "{'kty':'EC','crv':'P-384','x':'" EC_X "','y':'" EC_Y "'}",
	    "{'kty':'EC','crv':'secp256k1','x':'" EC_X "','y':'" EC_Y "'}",
	    "{'kty':'EC','crv':'P-256','x':'AA" EC_X "','y':'" EC_Y "'}",
	    "{'kty':'OKP','crv':'Ed25519','x':'AAAA'}",
	    "{'kty':'OKP','crv':'X25519','x':'" OKP_X "'}",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_not(reads(bad[i]), "%s", bad[i]);
}

Test(key, of_1024_bits_is_weak)
{
	unsigned char n[128];
	memset(n, 0xff, sizeof n);
	cr_expect_not(
	    reads(bb_printf(arena, "{'kty':'RSA','e':'AQAB','n':'%s'}", base64url(n, sizeof n))));
	unsigned char many[640];
	memset(many, 0xff, sizeof many);
	cr_expect_not(reads(
	    bb_printf(arena, "{'kty':'RSA','e':'AQAB','n':'%s'}", base64url(many, sizeof many))));
}
