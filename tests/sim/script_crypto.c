/* core.crypto: digests, encodings, keys and signatures. Bytes are Lua strings. */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

#include "pem.h"
#include "script.h"

/* digest(bytes, name) */
static int digest(lua_State *L)
{
	size_t len;
	const char *bytes = luaL_checklstring(L, 1, &len);
	unsigned char out[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	EVP_Digest(bytes, len, out, &size, pem_digest(L, 2), NULL);
	lua_pushlstring(L, (char *)out, size);
	return 1;
}

/* unhex(text): nil where it is none. */
static int unhex(lua_State *L)
{
	long len = 0;
	unsigned char *bytes = OPENSSL_hexstr2buf(luaL_checkstring(L, 1), &len);
	if (bytes)
		lua_pushlstring(L, (char *)bytes, (size_t)len);
	else
		luaL_pushfail(L);
	OPENSSL_free(bytes);
	return 1;
}

/* unbase64(text): nil where it is none. */
static int unbase64(lua_State *L)
{
	size_t len;
	const char *text = luaL_checklstring(L, 1, &len);
	luaL_Buffer b;
	unsigned char *out = (unsigned char *)luaL_buffinitsize(L, &b, len + 4);
	int n = len % 4 ? -1 : EVP_DecodeBlock(out, (const unsigned char *)text, (int)len);
	if (n < 0)
		return luaL_pushfail(L), 1;
	/* Padding is decoded as zeroes. */
	size_t padding = len && text[len - 1] == '=' ? text[len - 2] == '=' ? 2 : 1 : 0;
	luaL_pushresultsize(&b, (size_t)n - padding);
	return 1;
}

/* key(type, detail): a private key; "rsa" and bits, or "ec" and a curve. */
static int new_key(lua_State *L)
{
	static const char *const types[] = {"ec", "rsa", NULL};
	bool rsa = luaL_checkoption(L, 1, "ec", types) == 1;
	EVP_PKEY *key = rsa ? EVP_RSA_gen((unsigned)luaL_optinteger(L, 2, 2048))
			    : EVP_EC_gen(luaL_optstring(L, 2, "P-256"));
	if (!key)
		pem_raise(L, "no such key can be made");
	BIO *pem = BIO_new(BIO_s_mem());
	PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL);
	EVP_PKEY_free(key);
	pem_push(L, pem);
	return 1;
}

/* public_key(pem) */
static int public_key(lua_State *L)
{
	EVP_PKEY *key = pem_public_key(luaL_checkstring(L, 1));
	if (!key)
		return luaL_pushfail(L), 1;
	BIO *pem = BIO_new(BIO_s_mem());
	PEM_write_bio_PUBKEY(pem, key);
	EVP_PKEY_free(key);
	pem_push(L, pem);
	return 1;
}

static void set_padding(EVP_PKEY *key, EVP_PKEY_CTX *ctx, bool pss)
{
	if (EVP_PKEY_base_id(key) == EVP_PKEY_RSA)
		EVP_PKEY_CTX_set_rsa_padding(ctx, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
}

/* sign(key, bytes, digest, "pkcs1" | "pss"): the signature; the padding is RSA's, the salt of PSS
 * as long as the digest. */
static int sign(lua_State *L)
{
	static const char *const paddings[] = {"pkcs1", "pss", NULL};
	const char *text = luaL_checkstring(L, 1);
	size_t len, size = 0;
	const char *bytes = luaL_checklstring(L, 2, &len);
	const EVP_MD *md = pem_digest(L, 3);
	bool pss = luaL_checkoption(L, 4, "pkcs1", paddings) == 1;
	EVP_PKEY *key = pem_private_key(text);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how;
	unsigned char out[1024];
	bool ok = key && EVP_DigestSignInit(ctx, &how, md, NULL, key) == 1;
	if (ok) {
		set_padding(key, how, pss);
		if (pss)
			EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST);
		size = sizeof out;
		ok = EVP_DigestSign(ctx, out, &size, (const unsigned char *)bytes, len) == 1;
	}
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	pem_raise(L, ok ? NULL : "cannot sign");
	lua_pushlstring(L, (char *)out, size);
	return 1;
}

static bool is_signed(EVP_PKEY *key, const EVP_MD *md, bool pss, const char *bytes, size_t len,
		      const char *signature, size_t size)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how;
	bool ok = EVP_DigestVerifyInit(ctx, &how, md, NULL, key) == 1;
	if (ok) {
		set_padding(key, how, pss);
		ok = EVP_DigestVerify(ctx, (const unsigned char *)signature, size,
				      (const unsigned char *)bytes, len) == 1;
	}
	EVP_MD_CTX_free(ctx);
	return ok;
}

/* signed_by(certificate or key, bytes, signature, digest): of RSA's paddings either will do. */
static int signed_by(lua_State *L)
{
	const char *text = luaL_checkstring(L, 1);
	size_t len, size;
	const char *bytes = luaL_checklstring(L, 2, &len);
	const char *signature = luaL_checklstring(L, 3, &size);
	const EVP_MD *md = pem_digest(L, 4);
	EVP_PKEY *key = pem_public_key(text);
	bool ok = key && (is_signed(key, md, false, bytes, len, signature, size) ||
			  is_signed(key, md, true, bytes, len, signature, size));
	EVP_PKEY_free(key);
	pem_raise(L, NULL);
	lua_pushboolean(L, ok);
	return 1;
}

void script_add_crypto(lua_State *L)
{
	static const luaL_Reg functions[] = {
	    {"digest", digest},         {"unhex", unhex},
	    {"unbase64", unbase64},     {"key", new_key},
	    {"public_key", public_key}, {"sign", sign},
	    {"signed_by", signed_by},   {0},
	};
	luaL_newlib(L, functions);
	script_add_pki(L);
	lua_setfield(L, -2, "crypto");
}
