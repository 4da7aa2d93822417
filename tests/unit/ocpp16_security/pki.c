#include "pki.h"

#include <criterion/criterion.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

#define DAY 86400L

struct pki pki;

void pki_setup(void)
{
	pki.arena = arena_new(0);
	snprintf(pki.dir, sizeof pki.dir, "/tmp/busbar-pki-XXXXXX");
	cr_assert_not_null(mkdtemp(pki.dir));
}

void pki_teardown(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", pki.dir);
	cr_assert_eq(system(command), 0);
	arena_free(pki.arena);
}

EVP_PKEY *pki_ec(const char *curve)
{
	return EVP_EC_gen(curve);
}

EVP_PKEY *pki_rsa(int bits)
{
	return EVP_RSA_gen((unsigned)bits);
}

static void put_name(X509_NAME *name, const char *cn, const char *organization)
{
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0);
	if (organization)
		X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
					   (const unsigned char *)organization, -1, -1, 0);
}

static const char *text_of(BIO *bio)
{
	char *text;
	long len = BIO_get_mem_data(bio, &text);
	const char *copy = bb_strndup(pki.arena, text, (size_t)len);
	BIO_free(bio);
	return copy;
}

const char *pki_request(EVP_PKEY *key, EVP_PKEY *signer, const char *cn, const char *organization)
{
	X509_REQ *req = X509_REQ_new();
	BIO *bio = BIO_new(BIO_s_mem());
	put_name(X509_REQ_get_subject_name(req), cn, organization);
	X509_REQ_set_pubkey(req, key);
	X509_REQ_sign(req, signer, EVP_sha256());
	PEM_write_bio_X509_REQ(bio, req);
	X509_REQ_free(req);
	return text_of(bio);
}

X509 *pki_certificate(EVP_PKEY *key, const char *cn, X509 *issuer, EVP_PKEY *issuer_key, bool ca,
		      int days_from, int days_to)
{
	static long serial = 4096;
	X509 *x = X509_new();
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
	X509_gmtime_adj(X509_getm_notBefore(x), days_from * DAY);
	X509_gmtime_adj(X509_getm_notAfter(x), days_to * DAY);
	put_name(X509_get_subject_name(x), cn, NULL);
	X509_set_issuer_name(x, X509_get_subject_name(issuer ? issuer : x));
	X509_set_pubkey(x, key);
	X509_EXTENSION *e = X509V3_EXT_nconf_nid(NULL, NULL, NID_basic_constraints,
						 ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
	X509_sign(x, issuer_key ? issuer_key : key, EVP_sha256());
	return x;
}

const char *pki_write(const char *name, const char *text, unsigned mode)
{
	const char *path = arena_printf(pki.arena, "%s/%s", pki.dir, name);
	FILE *f = fopen(path, "w");
	cr_assert(f && fputs(text, f) >= 0 && !fclose(f) && !chmod(path, mode));
	return path;
}

const char *pki_key_text(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	return text_of(bio);
}
