/* Signatures. */
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "key.h"

static bool set_padding(EVP_PKEY_CTX *ctx, const struct algorithm *alg)
{
	if (strcmp(alg->kty, "RSA") != 0)
		return true;
	if (!alg->pss)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0;
}

static bool verify(EVP_PKEY *pkey, const struct algorithm *alg, const char *text, size_t len,
		   const unsigned char *signature, size_t size)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how;
	bool ok = ctx &&
		  EVP_DigestVerifyInit_ex(ctx, &how, alg->digest, NULL, NULL, pkey, NULL) == 1 &&
		  set_padding(how, alg) &&
		  EVP_DigestVerify(ctx, signature, size, (const unsigned char *)text, len) == 1;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

/* r and s side by side, as tokens have them; OpenSSL wants DER. */
static bool verify_ec(EVP_PKEY *pkey, const struct algorithm *alg, const char *text, size_t len,
		      struct bytes signature)
{
	if (signature.len != 2 * alg->half)
		return false;
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(signature.at, (int)alg->half, NULL);
	BIGNUM *s = BN_bin2bn(signature.at + alg->half, (int)alg->half, NULL);
	unsigned char *der = NULL;
	if (!pair || !r || !s || ECDSA_SIG_set0(pair, r, s) != 1) {
		BN_free(r);
		BN_free(s);
		ECDSA_SIG_free(pair);
		return false;
	}
	int size = i2d_ECDSA_SIG(pair, &der);
	bool ok = size > 0 && verify(pkey, alg, text, len, der, (size_t)size);
	OPENSSL_free(der);
	ECDSA_SIG_free(pair);
	return ok;
}

bool key_has_signed(EVP_PKEY *pkey, const struct algorithm *alg, const char *text, size_t len,
		    struct bytes signature)
{
	if (alg->half)
		return verify_ec(pkey, alg, text, len, signature);
	return verify(pkey, alg, text, len, signature.at, signature.len);
}
