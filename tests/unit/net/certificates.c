#define _GNU_SOURCE /* mkdtemp */
#include "net/certificates.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64]; /* of its own: what lies in `all` is written with it */
static struct {
	struct certificate made[16];
	size_t count;
	SSL_CTX *clients[8];
	size_t client_count;
} all;

void certificates_setup(void)
{
	snprintf(folder, sizeof folder, "/tmp/busbar-tls-XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void certificates_teardown(void)
{
	while (all.client_count)
		SSL_CTX_free(all.clients[--all.client_count]);
	while (all.count) {
		struct certificate *c = &all.made[--all.count];
		X509_free(c->x);
		EVP_PKEY_free(c->key);
	}
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *certificates_path(const char *name)
{
	static char paths[4][256];
	static unsigned next;
	char *path = paths[next++ % 4];
	snprintf(path, sizeof *paths, "%s/%s", folder, name);
	return path;
}

static FILE *open_file(const char *path)
{
	FILE *f = fopen(path, "we");
	cr_assert_not_null(f, "%s", path);
	return f;
}

void certificates_write(const char *name, const char *text)
{
	FILE *f = open_file(certificates_path(name));
	fputs(text, f);
	fclose(f);
}

static void set_name(X509_NAME *name, const char *common_name)
{
	X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const unsigned char *)"Works", -1, -1,
				   0);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)common_name,
				   -1, -1, 0);
}

static void sign(struct certificate *c, const struct certificate_spec *spec)
{
	const char *name = spec->common_name ? spec->common_name : spec->name;
	const struct certificate *issuer = spec->issuer ? spec->issuer : c;
	X509 *x = c->x = X509_new();
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), spec->serial ? spec->serial : 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -100L * 86400);
	X509_gmtime_adj(X509_getm_notAfter(x), (spec->days ? spec->days : 30) * 86400L);
	set_name(X509_get_subject_name(x), name);
	X509_set_issuer_name(x, X509_get_subject_name(issuer->x));
	X509_set_pubkey(x, c->key);
	if (!spec->issuer) {
		X509_EXTENSION *ca =
		    X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "critical,CA:TRUE");
		X509_add_ext(x, ca, -1);
		X509_EXTENSION_free(ca);
	}
	cr_assert_gt(X509_sign(x, issuer->key, EVP_sha256()), 0);
}

const struct certificate *certificate_make(const struct certificate_spec *spec)
{
	struct certificate *c = &all.made[all.count++];
	c->key = spec->rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	sign(c, spec);
	snprintf(c->pem, sizeof c->pem, "%s/%s.pem", folder, spec->name);
	snprintf(c->key_pem, sizeof c->key_pem, "%s/%s.key", folder, spec->name);
	FILE *f = open_file(c->pem);
	PEM_write_X509(f, c->x);
	fclose(f);
	f = open_file(c->key_pem);
	PEM_write_PrivateKey(f, c->key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	chmod(c->key_pem, 0600);
	return c;
}

SSL_CTX *certificates_client(const struct certificate *own)
{
	SSL_CTX *context = all.clients[all.client_count++] = SSL_CTX_new(TLS_client_method());
	if (own)
		cr_assert_eq(SSL_CTX_use_cert_and_key(context, own->x, own->key, NULL, 1), 1);
	return context;
}
