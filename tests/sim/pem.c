#include "pem.h"

#include <lauxlib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include "tls.h"

static BIO *open_pem(const char *text)
{
	char *error = NULL;
	BIO *bio = tls_pem(text, &error);
	free(error);
	return bio;
}

EVP_PKEY *pem_private_key(const char *text)
{
	BIO *bio = open_pem(text);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, "") : NULL;
	BIO_free(bio);
	return key;
}

X509 *pem_certificate(const char *text)
{
	BIO *bio = open_pem(text);
	X509 *found = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	BIO_free(bio);
	return found;
}

X509_REQ *pem_request(const char *text)
{
	BIO *bio = open_pem(text);
	X509_REQ *found = bio ? PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL) : NULL;
	BIO_free(bio);
	return found;
}

static EVP_PKEY *bare_public_key(const char *text)
{
	BIO *bio = open_pem(text);
	EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
	BIO_free(bio);
	return key;
}

static EVP_PKEY *certified_key(const char *text)
{
	X509 *found = pem_certificate(text);
	EVP_PKEY *key = found ? X509_get_pubkey(found) : NULL;
	X509_free(found);
	return key;
}

static EVP_PKEY *requested_key(const char *text)
{
	X509_REQ *found = pem_request(text);
	EVP_PKEY *key = found ? X509_REQ_get_pubkey(found) : NULL;
	X509_REQ_free(found);
	return key;
}

EVP_PKEY *pem_public_key(const char *text)
{
	EVP_PKEY *(*const ways[])(const char *) = {certified_key, bare_public_key, requested_key,
						   pem_private_key};
	EVP_PKEY *key = NULL;
	for (size_t i = 0; i < sizeof ways / sizeof *ways && !key; i++)
		key = ways[i](text);
	ERR_clear_error();
	return key;
}

STACK_OF(X509) * pem_certificates(const char *text)
{
	STACK_OF(X509) *list = sk_X509_new_null();
	BIO *bio = open_pem(text);
	X509 *next;
	while (bio && (next = PEM_read_bio_X509(bio, NULL, NULL, NULL)))
		sk_X509_push(list, next);
	BIO_free(bio);
	ERR_clear_error();
	return list;
}

void pem_push(lua_State *L, BIO *bio)
{
	char *text;
	long len = BIO_get_mem_data(bio, &text);
	lua_pushlstring(L, text, (size_t)len);
	BIO_free(bio);
}

void pem_raise(lua_State *L, const char *what)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());
	ERR_clear_error();
	if (what && reason)
		luaL_error(L, "%s: %s", what, reason);
	else if (what)
		luaL_error(L, "%s", what);
}

const EVP_MD *pem_digest(lua_State *L, int arg)
{
	const EVP_MD *md = EVP_get_digestbyname(luaL_optstring(L, arg, "SHA256"));
	luaL_argcheck(L, md != NULL, arg, "a digest that OpenSSL knows");
	return md;
}
