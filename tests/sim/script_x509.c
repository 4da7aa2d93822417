/* What a certificate or a request says: {subject, issuer, common_name, serial, not_before,
 * not_after, key_type, key_bits, key_id, ca, fingerprint, pem}. */
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "pem.h"
#include "script.h"

static void set_bio(lua_State *L, const char *name, BIO *bio)
{
	pem_push(L, bio);
	lua_setfield(L, -2, name);
}

static void set_name(lua_State *L, const char *field, X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253);
	set_bio(L, field, bio);
}

static void set_common_name(lua_State *L, X509_NAME *name)
{
	char text[256];
	int n = X509_NAME_get_text_by_NID(name, NID_commonName, text, sizeof text);
	if (n < 0)
		return;
	lua_pushlstring(L, text, (size_t)n);
	lua_setfield(L, -2, "common_name");
}

static void set_hex(lua_State *L, const char *field, const unsigned char *bytes, size_t len)
{
	luaL_Buffer b;
	luaL_buffinit(L, &b);
	for (size_t i = 0; i < len; i++) {
		char two[3];
		snprintf(two, sizeof two, "%02x", bytes[i]);
		luaL_addlstring(&b, two, 2);
	}
	luaL_pushresult(&b);
	lua_setfield(L, -2, field);
}

static void set_time(lua_State *L, const char *field, const ASN1_TIME *at)
{
	struct tm tm;
	char text[CLOCK_TEXT_SIZE];
	if (!ASN1_TIME_to_tm(at, &tm))
		return;
	lua_pushlstring(L, text, clock_format((int64_t)timegm(&tm) * 1000, text));
	lua_setfield(L, -2, field);
}

static void set_key(lua_State *L, EVP_PKEY *key)
{
	unsigned char *der = NULL, digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	int len = i2d_PUBKEY(key, &der);
	if (len <= 0)
		return;
	EVP_Digest(der, (size_t)len, digest, &size, EVP_sha256(), NULL);
	OPENSSL_free(der);
	set_hex(L, "key_id", digest, size);
	lua_pushstring(L, EVP_PKEY_base_id(key) == EVP_PKEY_RSA ? "rsa" : "ec");
	lua_setfield(L, -2, "key_type");
	lua_pushinteger(L, EVP_PKEY_bits(key));
	lua_setfield(L, -2, "key_bits");
}

static void set_serial(lua_State *L, const ASN1_INTEGER *serial)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(serial, NULL);
	char *text = BN_bn2hex(number);
	const char *at = text;
	while (at[0] == '0' && at[1])
		at++;
	lua_pushstring(L, at);
	lua_setfield(L, -2, "serial");
	OPENSSL_free(text);
	BN_free(number);
}

void script_push_certificate(lua_State *L, X509 *x)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	lua_newtable(L);
	set_name(L, "subject", X509_get_subject_name(x));
	set_name(L, "issuer", X509_get_issuer_name(x));
	set_common_name(L, X509_get_subject_name(x));
	set_serial(L, X509_get0_serialNumber(x));
	set_time(L, "not_before", X509_get0_notBefore(x));
	set_time(L, "not_after", X509_get0_notAfter(x));
	set_key(L, X509_get0_pubkey(x));
	lua_pushboolean(L, X509_check_ca(x) > 0);
	lua_setfield(L, -2, "ca");
	X509_digest(x, EVP_sha256(), digest, &size);
	set_hex(L, "fingerprint", digest, size);
	BIO *pem = BIO_new(BIO_s_mem());
	PEM_write_bio_X509(pem, x);
	set_bio(L, "pem", pem);
}

void script_push_request(lua_State *L, X509_REQ *req)
{
	EVP_PKEY *key = X509_REQ_get0_pubkey(req);
	lua_newtable(L);
	set_name(L, "subject", X509_REQ_get_subject_name(req));
	set_common_name(L, X509_REQ_get_subject_name(req));
	if (key)
		set_key(L, key);
	lua_pushboolean(L, key && X509_REQ_verify(req, key) == 1);
	lua_setfield(L, -2, "signed");
	BIO *pem = BIO_new(BIO_s_mem());
	PEM_write_bio_X509_REQ(pem, req);
	set_bio(L, "pem", pem);
}
