#include "ca.h"

#include <errno.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#define SERIAL_BYTES 16
#define BACKDATED_MS INT64_C(300000) /* a charger's clock may be behind ours */

static int fail(char **ret_error, int err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static int fail(char **ret_error, int err, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	*ret_error = strdup(text);
	return err;
}

static int check_mode(const char *path, char **ret_error)
{
	struct stat st;
	if (stat(path, &st))
		return fail(ret_error, -errno, "%s: %s", path, strerror(errno));
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return fail(ret_error, -EPERM, "%s: others can read this private key; chmod 600 it",
			    path);
	return 0;
}

static int load_key(struct ca *ca, const char *path, char **ret_error)
{
	int err = check_mode(path, ret_error);
	FILE *f = err ? NULL : fopen(path, "re");
	if (!err && !f)
		return fail(ret_error, -errno, "%s: %s", path, strerror(errno));
	if (err)
		return err;
	ca->key = PEM_read_PrivateKey(f, NULL, NULL, (void *)"");
	fclose(f);
	return ca->key ? 0 : fail(ret_error, -EINVAL, "%s: no private key in PEM", path);
}

static bool self_signed(X509 *x)
{
	return X509_self_signed(x, 0) == 1;
}

/* The first is ours; of those behind it the root stays at home. */
static void take(struct ca *ca, X509 *x, BIO *chain, BIO *roots)
{
	PEM_write_bio_X509(roots, x);
	if (!self_signed(x))
		PEM_write_bio_X509(chain, x);
	if (ca->certificate)
		X509_free(x);
	else
		ca->certificate = x;
}

static char *bio_copy(BIO *bio)
{
	char *text;
	long len = BIO_get_mem_data(bio, &text);
	char *copy = strndup(len > 0 ? text : "", len > 0 ? (size_t)len : 0);
	BIO_free(bio);
	return copy;
}

static int load_certificates(struct ca *ca, const char *path, char **ret_error)
{
	FILE *f = fopen(path, "re");
	X509 *x;
	if (!f)
		return fail(ret_error, -errno, "%s: %s", path, strerror(errno));
	BIO *chain = BIO_new(BIO_s_mem()), *roots = BIO_new(BIO_s_mem());
	while ((x = PEM_read_X509(f, NULL, NULL, (void *)"")))
		take(ca, x, chain, roots);
	fclose(f);
	ca->chain = bio_copy(chain);
	ca->roots = bio_copy(roots);
	return ca->certificate ? 0 : fail(ret_error, -EINVAL, "%s: no certificate in PEM", path);
}

int ca_load(struct ca *ret, const char *certificate, const char *key, bool signs, char **ret_error)
{
	struct ca ca = {0};
	int err = load_certificates(&ca, certificate, ret_error);
	if (!err)
		err = load_key(&ca, key, ret_error);
	if (!err && X509_cmp_current_time(X509_get0_notAfter(ca.certificate)) < 0)
		err = fail(ret_error, -EINVAL, "%s has expired", certificate);
	if (!err && X509_check_private_key(ca.certificate, ca.key) != 1)
		err = fail(ret_error, -EINVAL, "%s is not the key of %s", key, certificate);
	if (!err && x509_key_fault(ca.key))
		err = fail(ret_error, -EINVAL, "%s: %s", key, x509_key_fault(ca.key));
	if (!err && signs && X509_check_ca(ca.certificate) <= 0)
		err = fail(ret_error, -EINVAL, "%s may not sign certificates", certificate);
	if (err)
		ca_free(&ca);
	else
		*ret = ca;
	return err;
}

void ca_free(struct ca *ca)
{
	X509_free(ca->certificate);
	EVP_PKEY_free(ca->key);
	free(ca->chain);
	free(ca->roots);
	*ca = (struct ca){0};
}

struct ca ca_ref(const struct ca *ca)
{
	X509_up_ref(ca->certificate);
	EVP_PKEY_up_ref(ca->key);
	return (struct ca){ca->certificate, ca->key, strdup(ca->chain), strdup(ca->roots)};
}

static bool set_serial(X509 *x)
{
	unsigned char bytes[SERIAL_BYTES];
	if (RAND_bytes(bytes, sizeof bytes) != 1)
		return false;
	bytes[0] = (bytes[0] & 0x7f) | 0x40; /* positive, and of full length */
	BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
	bool ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x));
	BN_free(number);
	return ok;
}

static bool set_subject(X509 *x, X509_REQ *req, const char *organization)
{
	X509_NAME *name = X509_NAME_dup(X509_REQ_get_subject_name(req));
	bool ok = name != NULL;
	if (ok && *organization && X509_NAME_get_index_by_NID(name, NID_organizationName, -1) < 0)
		ok = X509_NAME_add_entry_by_NID(name, NID_organizationName, MBSTRING_UTF8,
						(const unsigned char *)organization, -1, -1, 0);
	ok = ok && X509_set_subject_name(x, name);
	X509_NAME_free(name);
	return ok;
}

/* Of what the request wants beside its name and key, nothing is taken over. */
static bool add_extensions(X509 *x, X509 *issuer)
{
	static const struct {
		int nid;
		const char *value;
	} wanted[] = {
	    {NID_basic_constraints, "critical,CA:FALSE"},
	    {NID_key_usage, "critical,digitalSignature"},
	    {NID_ext_key_usage, "clientAuth"},
	    {NID_subject_key_identifier, "hash"},
	    {NID_authority_key_identifier, "keyid"},
	};
	X509V3_CTX ctx;
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	/* An authority without a key identifier cannot be named by it. */
	size_t count = sizeof wanted / sizeof *wanted - !X509_get0_subject_key_id(issuer);
	for (size_t i = 0; i < count; i++) {
		X509_EXTENSION *e =
		    X509V3_EXT_nconf_nid(NULL, &ctx, wanted[i].nid, wanted[i].value);
		bool ok = e && X509_add_ext(x, e, -1);
		X509_EXTENSION_free(e);
		if (!ok)
			return false;
	}
	return true;
}

static bool set_validity(X509 *x, const X509 *issuer, int64_t now_ms, int64_t validity_ms)
{
	time_t from = (time_t)((now_ms - BACKDATED_MS) / 1000);
	time_t to = (time_t)((now_ms + validity_ms) / 1000);
	if (!ASN1_TIME_set(X509_getm_notBefore(x), from) ||
	    !ASN1_TIME_set(X509_getm_notAfter(x), to))
		return false;
	/* Not beyond what vouches for it. */
	return X509_cmp_time(X509_get0_notAfter(issuer), &to) >= 0 ||
	       X509_set1_notAfter(x, X509_get0_notAfter(issuer));
}

const char *ca_sign(const struct ca *ca, struct bb_arena *a, X509_REQ *req,
		    const char *organization, int64_t now_ms, int64_t validity_ms)
{
	X509 *x = X509_new();
	bool ok = x && X509_set_version(x, X509_VERSION_3) && set_serial(x) &&
		  set_subject(x, req, organization) &&
		  X509_set_issuer_name(x, X509_get_subject_name(ca->certificate)) &&
		  set_validity(x, ca->certificate, now_ms, validity_ms) &&
		  X509_set_pubkey(x, X509_REQ_get0_pubkey(req)) &&
		  add_extensions(x, ca->certificate) && X509_sign(x, ca->key, EVP_sha256());
	const char *chain = ok ? bb_printf(a, "%s%s", x509_pem(a, x), ca->chain) : NULL;
	X509_free(x);
	return chain;
}

static bool unhex(const char *hex, unsigned char out[32])
{
	size_t len = 0;
	return OPENSSL_hexstr2buf_ex(out, 32, &len, hex, '\0') == 1 && len == 32;
}

static bool set_padding(EVP_PKEY_CTX *ctx, EVP_PKEY *key, bool pss)
{
	if (!pss || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
		return true;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

const char *ca_signature(const struct ca *ca, struct bb_arena *a, const char *sha256, bool pss)
{
	unsigned char digest[32], signature[1024];
	size_t size = sizeof signature;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(ca->key, NULL);
	bool ok = ctx && unhex(sha256, digest) && EVP_PKEY_sign_init(ctx) == 1 &&
		  set_padding(ctx, ca->key, pss) &&
		  EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
		  EVP_PKEY_sign(ctx, signature, &size, digest, sizeof digest) == 1;
	EVP_PKEY_CTX_free(ctx);
	if (!ok)
		return NULL;
	char *text = bb_alloc(a, 4 * ((size + 2) / 3) + 1);
	EVP_EncodeBlock((unsigned char *)text, signature, (int)size);
	return text;
}
