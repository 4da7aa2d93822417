/* core.crypto: requests, certificates, chains, and OCPP's hashes of certificates. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "pem.h"
#include "script.h"

static const char *field(lua_State *L, const char *name)
{
	lua_getfield(L, 1, name);
	const char *value = luaL_optstring(L, -1, NULL);
	lua_pop(L, 1); /* the table keeps it */
	return value;
}

static bool flag(lua_State *L, const char *name)
{
	lua_getfield(L, 1, name);
	bool value = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return value;
}

/* The field `subject`: a common name, or a table of name parts. */
static void read_subject(lua_State *L, X509_NAME *ret)
{
	static const char *const parts[] = {"C", "O", "OU", "CN", "serialNumber"};
	lua_getfield(L, 1, "subject");
	bool is_table = lua_istable(L, -1);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (is_table)
			lua_getfield(L, -1, parts[i]);
		else if (i == 3)
			lua_pushvalue(L, -1);
		else
			lua_pushnil(L);
		const char *value = lua_tostring(L, -1);
		if (value)
			X509_NAME_add_entry_by_txt(ret, parts[i], MBSTRING_UTF8,
						   (const unsigned char *)value, -1, -1, 0);
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

/* request{key, subject, digest}: a CSR. */
static int request(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	const char *text = field(L, "key");
	luaL_argcheck(L, text != NULL, 1, "key");
	EVP_PKEY *key = pem_private_key(text);
	X509_REQ *req = X509_REQ_new();
	read_subject(L, X509_REQ_get_subject_name(req));
	bool ok = key && X509_REQ_set_pubkey(req, key) && X509_REQ_sign(req, key, EVP_sha256()) > 0;
	BIO *pem = BIO_new(BIO_s_mem());
	if (ok)
		PEM_write_bio_X509_REQ(pem, req);
	X509_REQ_free(req);
	EVP_PKEY_free(key);
	pem_push(L, pem);
	pem_raise(L, ok ? NULL : "cannot make the request");
	return 1;
}

static void set_serial(X509 *x, const char *hex)
{
	BIGNUM *number = NULL;
	if (hex) {
		BN_hex2bn(&number, hex);
	} else {
		number = BN_new();
		BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
	}
	BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x));
	BN_free(number);
}

static void set_times(lua_State *L, X509 *x)
{
	lua_getfield(L, 1, "not_before_s");
	lua_getfield(L, 1, "not_after_s");
	X509_gmtime_adj(X509_getm_notBefore(x), (long)luaL_optinteger(L, -2, -60));
	X509_gmtime_adj(X509_getm_notAfter(x), (long)luaL_optinteger(L, -1, 365 * 86400));
	lua_pop(L, 2);
}

static int add_extension(X509 *x, X509V3_CTX *ctx, int nid, const char *value)
{
	X509_EXTENSION *e = value ? X509V3_EXT_conf_nid(NULL, ctx, nid, value) : NULL;
	int ok = !value || (e && X509_add_ext(x, e, -1));
	X509_EXTENSION_free(e);
	return ok;
}

static int add_extensions(lua_State *L, X509 *x, X509 *issuer)
{
	X509V3_CTX ctx;
	bool ca = flag(L, "ca");
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	return add_extension(x, &ctx, NID_basic_constraints,
			     ca ? "critical,CA:TRUE" : "CA:FALSE") &&
	       add_extension(x, &ctx, NID_key_usage,
			     ca ? "critical,keyCertSign,cRLSign"
				: "digitalSignature,keyEncipherment") &&
	       add_extension(x, &ctx, NID_subject_key_identifier, "hash") &&
	       add_extension(x, &ctx, NID_authority_key_identifier, "keyid") &&
	       add_extension(x, &ctx, NID_ext_key_usage, field(L, "usage")) &&
	       add_extension(x, &ctx, NID_subject_alt_name, field(L, "names"));
}

/* The request's subject where none is given. */
static void set_subject(lua_State *L, X509 *x, X509_REQ *req)
{
	lua_getfield(L, 1, "subject");
	bool given = !lua_isnil(L, -1);
	lua_pop(L, 1);
	if (req && !given)
		X509_set_subject_name(x, X509_REQ_get_subject_name(req));
	else
		read_subject(L, X509_get_subject_name(x));
}

static int fill(lua_State *L, X509 *x, X509 *issuer, EVP_PKEY *subject_key, EVP_PKEY *issuer_key)
{
	X509_set_version(x, X509_VERSION_3);
	set_serial(x, field(L, "serial"));
	set_times(L, x);
	X509_set_issuer_name(x, X509_get_subject_name(issuer));
	return X509_set_pubkey(x, subject_key) && add_extensions(L, x, issuer) &&
	       X509_sign(x, issuer_key, EVP_sha256()) > 0;
}

/* certificate{issuer, issuer_key, public_key (of a key, a request, ...), subject, serial, ca,
 * names, usage, not_before_s, not_after_s (from now)}: without an issuer it signs itself. */
static int certificate(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	const char *issuer_text = field(L, "issuer"), *public_text = field(L, "public_key"),
		   *key_text = field(L, "issuer_key");
	luaL_argcheck(L, public_text && key_text, 1, "public_key and issuer_key");
	EVP_PKEY *subject_key = pem_public_key(public_text), *key = pem_private_key(key_text);
	X509 *issuer = issuer_text ? pem_certificate(issuer_text) : NULL, *x = X509_new();
	X509_REQ *req = pem_request(public_text);
	set_subject(L, x, req);
	bool ok = subject_key && key && (issuer || !issuer_text) &&
		  fill(L, x, issuer ? issuer : x, subject_key, key);
	BIO *pem = BIO_new(BIO_s_mem());
	if (ok)
		PEM_write_bio_X509(pem, x);
	X509_REQ_free(req);
	X509_free(x);
	X509_free(issuer);
	EVP_PKEY_free(subject_key);
	EVP_PKEY_free(key);
	pem_push(L, pem);
	pem_raise(L, ok ? NULL : "cannot make the certificate");
	return 1;
}

/* facts(pem): of a certificate or a request; nil if it is neither. */
static int facts(lua_State *L)
{
	const char *text = luaL_checkstring(L, 1);
	X509 *x = pem_certificate(text);
	X509_REQ *req = x ? NULL : pem_request(text);
	ERR_clear_error();
	if (x)
		script_push_certificate(L, x);
	else if (req)
		script_push_request(L, req);
	else
		luaL_pushfail(L);
	X509_free(x);
	X509_REQ_free(req);
	return 1;
}

/* verify(chain, roots, seconds from now): true, or nil and the reason. */
static int verify(lua_State *L)
{
	const char *chain_text = luaL_checkstring(L, 1), *roots_text = luaL_checkstring(L, 2);
	time_t at = time(NULL) + (time_t)luaL_optinteger(L, 3, 0);
	STACK_OF(X509) *chain = pem_certificates(chain_text), *roots = pem_certificates(roots_text);
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	for (int i = 0; i < sk_X509_num(roots); i++)
		X509_STORE_add_cert(store, sk_X509_value(roots, i));
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), at);
	X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
	int error = X509_V_ERR_UNSPECIFIED;
	if (sk_X509_num(chain) && X509_STORE_CTX_init(ctx, store, sk_X509_value(chain, 0), chain))
		error = X509_verify_cert(ctx) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(ctx);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	sk_X509_pop_free(chain, X509_free);
	sk_X509_pop_free(roots, X509_free);
	ERR_clear_error();
	if (error == X509_V_OK)
		return lua_pushboolean(L, true), 1;
	luaL_pushfail(L);
	lua_pushstring(L, X509_verify_cert_error_string(error));
	return 2;
}

/* issuer_hashes(certificate, issuer, digest): of the issuer's name and key, as OCSP and OCPP
 * identify a certificate; bytes. */
static int issuer_hashes(lua_State *L)
{
	const char *text = luaL_checkstring(L, 1), *issuer_text = luaL_checkstring(L, 2);
	const EVP_MD *md = pem_digest(L, 3);
	X509 *x = pem_certificate(text), *issuer = pem_certificate(issuer_text);
	unsigned char name[EVP_MAX_MD_SIZE], key[EVP_MAX_MD_SIZE];
	unsigned name_size = 0, key_size = 0;
	bool ok = x && issuer && X509_NAME_digest(X509_get_issuer_name(x), md, name, &name_size) &&
		  X509_pubkey_digest(issuer, md, key, &key_size);
	X509_free(x);
	X509_free(issuer);
	pem_raise(L, ok ? NULL : "no certificates");
	lua_pushlstring(L, (char *)name, name_size);
	lua_pushlstring(L, (char *)key, key_size);
	return 2;
}

void script_add_pki(lua_State *L)
{
	static const luaL_Reg functions[] = {
	    {"request", request}, {"certificate", certificate},     {"facts", facts},
	    {"verify", verify},   {"issuer_hashes", issuer_hashes}, {0},
	};
	luaL_setfuncs(L, functions, 0);
}
