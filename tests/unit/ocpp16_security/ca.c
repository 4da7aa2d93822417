#include "ca.h"

#include <criterion/criterion.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "pki.h"

#define DAY_MS INT64_C(86400000)
#define NOW_MS (time(NULL) * INT64_C(1000))

TestSuite(ca, .init = pki_setup, .fini = pki_teardown);

static const char *key_file(EVP_PKEY *key)
{
	return pki_write("ca.key", pki_key_text(key), 0600);
}

static const char *certificate_file(X509 *x, X509 *above)
{
	return pki_write("ca.pem",
			 arena_printf(pki.arena, "%s%s", x509_pem(pki.arena, x),
				      above ? x509_pem(pki.arena, above) : ""),
			 0644);
}

static void refused(const char *certificate, const char *key, bool signs, const char *why)
{
	struct ca ca;
	char *error = NULL;
	cr_expect(ca_load(&ca, certificate, key, signs, &error) < 0, "%s", why);
	cr_expect(error && strstr(error, why), "%s: %s", why, error ? error : "no error");
	free(error);
}

Test(ca, is_refused_with_the_file_and_the_reason)
{
	EVP_PKEY *key = pki_ec("P-256"), *other = pki_ec("P-256"), *weak = pki_rsa(1024);
	X509 *root = pki_certificate(key, "Root", NULL, NULL, true, -1, 10);
	X509 *leaf = pki_certificate(key, "Leaf", root, key, false, -1, 10);
	X509 *old = pki_certificate(key, "Old", NULL, NULL, true, -20, -10);
	X509 *thin = pki_certificate(weak, "Thin", NULL, NULL, true, -1, 10);
	refused("/nowhere/ca.pem", key_file(key), true, "/nowhere/ca.pem: No such file");
	refused(certificate_file(root, NULL), "/nowhere/ca.key", true, "/nowhere/ca.key");
	refused(pki_write("ca.pem", "nonsense", 0644), key_file(key), true,
		"no certificate in PEM");
	refused(certificate_file(root, NULL), pki_write("ca.key", "nonsense", 0600), true,
		"no private key in PEM");
	refused(certificate_file(root, NULL), pki_write("ca.key", pki_key_text(key), 0640), true,
		"others can read this private key");
	refused(certificate_file(root, NULL), key_file(other), true, "is not the key of");
	refused(certificate_file(old, NULL), key_file(key), true, "has expired");
	refused(certificate_file(leaf, root), key_file(key), true, "may not sign certificates");
	refused(certificate_file(thin, NULL), key_file(weak), true, "fewer than 2048 bits");
	X509_free(root);
	X509_free(leaf);
	X509_free(old);
	X509_free(thin);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
	EVP_PKEY_free(weak);
}

struct authority {
	EVP_PKEY *root_key, *key;
	X509 *root, *between;
	struct ca ca;
};

/* A root, and below it an authority that ends in `days`. */
static struct authority authority(int days)
{
	struct authority a = {.root_key = pki_ec("P-256"), .key = pki_ec("P-256")};
	a.root = pki_certificate(a.root_key, "Root", NULL, NULL, true, -1, 1000);
	a.between = pki_certificate(a.key, "Between", a.root, a.root_key, true, -1, days);
	char *error = NULL;
	cr_assert_eq(
	    ca_load(&a.ca, certificate_file(a.between, a.root), key_file(a.key), true, &error), 0,
	    "%s", error);
	return a;
}

static void authority_free(struct authority *a)
{
	ca_free(&a->ca);
	X509_free(a->root);
	X509_free(a->between);
	EVP_PKEY_free(a->root_key);
	EVP_PKEY_free(a->key);
}

static const char *sign(const struct authority *a, EVP_PKEY *key, const char *organization)
{
	const char *fault;
	X509_REQ *req = x509_read_request(pki_request(key, key, "CP1", NULL), &fault);
	const char *chain = ca_sign(&a->ca, pki.arena, req, organization, NOW_MS, 365 * DAY_MS);
	X509 *x = x509_read(chain);
	cr_expect(x509_answers(x, req));
	X509_free(x);
	X509_REQ_free(req);
	return chain;
}

Test(ca, signs_a_certificate_for_a_client_and_sends_what_lies_between_it_and_the_root)
{
	struct authority a = authority(500);
	EVP_PKEY *key = pki_ec("P-256");
	const char *chain = sign(&a, key, "Acme");
	X509 *x = x509_read(chain);
	struct x509_facts f;
	x509_tell(pki.arena, x, &f);
	cr_expect_str_eq(f.subject, "O=Acme,CN=CP1");
	cr_expect_str_eq(f.issuer, "CN=Between");
	cr_expect_eq(strlen(f.serial), 32);
	cr_expect(!f.ca);
	cr_expect_eq(X509_verify(x, a.key), 1);
	cr_expect_eq(X509_get_extended_key_usage(x), XKU_SSL_CLIENT);
	cr_expect_eq(X509_get_key_usage(x), KU_DIGITAL_SIGNATURE);
	cr_expect(f.not_before_ms < NOW_MS && f.not_after_ms > NOW_MS + 364 * DAY_MS);
	cr_expect_str_eq(chain, arena_printf(pki.arena, "%s%s", x509_pem(pki.arena, x),
					     x509_pem(pki.arena, a.between)));
	cr_expect_str_eq(a.ca.roots, arena_printf(pki.arena, "%s%s", x509_pem(pki.arena, a.between),
						  x509_pem(pki.arena, a.root)));
	X509_free(x);
	EVP_PKEY_free(key);
	authority_free(&a);
}

Test(ca, signs_nothing_that_outlives_it)
{
	struct authority a = authority(30);
	EVP_PKEY *key = pki_ec("P-256");
	X509 *x = x509_read(sign(&a, key, ""));
	cr_expect_eq(ASN1_TIME_compare(X509_get0_notAfter(x), X509_get0_notAfter(a.between)), 0);
	X509_free(x);
	EVP_PKEY_free(key);
	authority_free(&a);
}

static bool verifies(EVP_PKEY *key, const char *text, const char *base64, int padding)
{
	unsigned char bytes[1024];
	size_t len = strlen(base64);
	int n = EVP_DecodeBlock(bytes, (const unsigned char *)base64, (int)len);
	n -= (base64[len - 1] == '=') + (base64[len - 2] == '=');
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pk;
	bool ok = EVP_DigestVerifyInit(ctx, &pk, EVP_sha256(), NULL, key) == 1;
	if (padding)
		ok = ok && EVP_PKEY_CTX_set_rsa_padding(pk, padding) == 1;
	ok = ok && EVP_DigestVerify(ctx, bytes, (size_t)n, (const unsigned char *)text,
				    strlen(text)) == 1;
	EVP_MD_CTX_free(ctx);
	return ok;
}

Test(ca, signs_files_by_the_padding_that_is_wanted)
{
	static const char text[] = "the firmware";
	const char *sha = x509_sha256(pki.arena, text);
	EVP_PKEY *rsa = pki_rsa(2048), *ec = pki_ec("P-256");
	struct ca by_rsa = {.key = rsa}, by_ec = {.key = ec};
	cr_expect(verifies(rsa, text, ca_signature(&by_rsa, pki.arena, sha, true),
			   RSA_PKCS1_PSS_PADDING));
	cr_expect(
	    verifies(rsa, text, ca_signature(&by_rsa, pki.arena, sha, false), RSA_PKCS1_PADDING));
	cr_expect_not(verifies(rsa, text, ca_signature(&by_rsa, pki.arena, sha, false),
			       RSA_PKCS1_PSS_PADDING));
	cr_expect_not(verifies(rsa, "another", ca_signature(&by_rsa, pki.arena, sha, true),
			       RSA_PKCS1_PSS_PADDING));
	cr_expect(verifies(ec, text, ca_signature(&by_ec, pki.arena, sha, true), 0));
	cr_expect_null(ca_signature(&by_ec, pki.arena, "nonsense", true));
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ec);
}
