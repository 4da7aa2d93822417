#include "x509.h"

#include <criterion/criterion.h>
#include <openssl/ocsp.h>
#include <string.h>

#include "base/arena.h"
#include "pki.h"

TestSuite(x509, .init = pki_setup, .fini = pki_teardown);

Test(x509, requests_are_taken_or_told_what_is_wrong_with_them)
{
	EVP_PKEY *ec = pki_ec("P-256"), *rsa = pki_rsa(2048), *weak = pki_rsa(1024),
		 *small = pki_ec("P-192"), *odd = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	const struct {
		const char *pem, *fault;
	} cases[] = {
	    {pki_request(ec, ec, "CP1", NULL), NULL},
	    {pki_request(rsa, rsa, "CP1", NULL), NULL},
	    {pki_request(ec, rsa, "CP1", NULL), "its signature is not that of its key"},
	    {pki_request(weak, weak, "CP1", NULL), "its RSA key has fewer than 2048 bits"},
	    {pki_request(small, small, "CP1", NULL), "its EC key has fewer than 224 bits"},
	    {"", "it is no certificate signing request in PEM"},
	    {"-----BEGIN CERTIFICATE REQUEST-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: "
	     "AES-128-CBC,00000000000000000000000000000000\n\nAAAA\n"
	     "-----END CERTIFICATE REQUEST-----\n",
	     "it is no certificate signing request in PEM"},
	    {"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
	     "it is no certificate signing request in PEM"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *fault = NULL;
		X509_REQ *req = x509_read_request(cases[i].pem, &fault);
		cr_expect_eq(req != NULL, cases[i].fault == NULL, "case %zu", i);
		cr_expect(cases[i].fault ? fault && !strcmp(fault, cases[i].fault) : !fault,
			  "case %zu: %s", i, fault ? fault : "none");
		X509_REQ_free(req);
	}
	cr_expect_str_eq(x509_key_fault(odd), "its key is neither RSA nor EC");
	EVP_PKEY_free(ec);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(weak);
	EVP_PKEY_free(small);
	EVP_PKEY_free(odd);
}

Test(x509, names_are_read_only_if_they_are_one)
{
	EVP_PKEY *key = pki_ec("P-256");
	const char *fault;
	X509_REQ *req = x509_read_request(pki_request(key, key, "CP1", "Acme"), &fault);
	const X509_NAME *name = X509_REQ_get_subject_name(req);
	cr_expect_str_eq(x509_common_name(pki.arena, name), "CP1");
	cr_expect_str_eq(x509_entry(pki.arena, name, NID_organizationName), "Acme");
	cr_expect_str_eq(x509_entry(pki.arena, name, NID_countryName), "");
	X509_NAME_add_entry_by_txt((X509_NAME *)name, "CN", MBSTRING_UTF8,
				   (const unsigned char *)"CP2", -1, -1, 0);
	cr_expect_null(x509_entry(pki.arena, name, NID_commonName));
	cr_expect_str_eq(x509_common_name(pki.arena, name), "");
	X509_REQ_free(req);
	EVP_PKEY_free(key);
}

Test(x509, certificates_are_told_as_facts)
{
	EVP_PKEY *key = pki_ec("P-256");
	X509 *root = pki_certificate(key, "Root", NULL, NULL, true, -1, 10);
	X509 *read = x509_read(x509_pem(pki.arena, root));
	struct x509_facts f;
	x509_tell(pki.arena, read, &f);
	cr_expect_str_eq(f.subject, "CN=Root");
	cr_expect_str_eq(f.common_name, "Root");
	cr_expect_eq(strlen(f.fingerprint), 64);
	cr_expect_eq(f.not_after_ms - f.not_before_ms, 11 * INT64_C(86400000));
	cr_expect(f.ca);
	ASN1_INTEGER_set(X509_get_serialNumber(root), 0x0a0b);
	x509_tell(pki.arena, root, &f);
	cr_expect_str_eq(f.serial, "A0B");
	cr_expect_null(x509_read("nonsense"));
	X509_free(read);
	X509_free(root);
	EVP_PKEY_free(key);
}

Test(x509, certificates_hold_for_their_time)
{
	EVP_PKEY *key = pki_ec("P-256");
	X509 *x = pki_certificate(key, "Signer", NULL, NULL, false, -10, 10);
	struct x509_facts f;
	x509_tell(pki.arena, x, &f);
	const int64_t from = f.not_before_ms, to = f.not_after_ms;
	cr_expect_null(x509_time_fault(x, from, from));
	cr_expect_null(x509_time_fault(x, from - 1000, from));
	cr_expect_null(x509_time_fault(x, from, to - 1));
	cr_expect_str_eq(x509_time_fault(x, from - 1000, from - 1), "is not valid yet");
	cr_expect_str_eq(x509_time_fault(x, to, to), "has expired");
	cr_expect_str_eq(x509_time_fault(x, from, to), "will have expired by then");
	X509_free(x);
	EVP_PKEY_free(key);
}

Test(x509, base64_is_that_and_nothing_else)
{
	static const char *const good[] = {"AAAA", "AA==", "AAA=", "+/9zAAA=", NULL};
	static const char *const bad[] = {"",      "A",     "AAA",   "====",   "A===", "AA=A",
					  "AAAA=", "AAAA ", " AAAA", "AA\n==", "AA-_", NULL};
	for (int i = 0; good[i]; i++)
		cr_expect(x509_is_base64(good[i]), "%s", good[i]);
	for (int i = 0; bad[i]; i++)
		cr_expect_not(x509_is_base64(bad[i]), "%s", bad[i]);
}

/* As OCSP has them, which OCPP takes them from. */
Test(x509, hashes_are_of_the_issuers_name_and_key)
{
	EVP_PKEY *keys[] = {pki_ec("P-256"), pki_rsa(2048)};
	for (int i = 0; i < 6; i++) {
		X509 *root = pki_certificate(keys[i / 3], "Root", NULL, NULL, true, -1, 10);
		const char *algorithm = x509_algorithms[i % 3];
		struct x509_hashes h = x509_hash(pki.arena, root, algorithm);
		OCSP_CERTID *id = OCSP_cert_to_id(EVP_get_digestbyname(algorithm), root, root);
		ASN1_OCTET_STRING *name, *key;
		OCSP_id_get0_info(&name, NULL, &key, NULL, id);
		cr_expect_str_eq(h.algorithm, algorithm);
		cr_expect_str_eq(h.issuer_name_hash,
				 x509_hex(pki.arena, name->data, (size_t)name->length));
		cr_expect_str_eq(h.issuer_key_hash,
				 x509_hex(pki.arena, key->data, (size_t)key->length));
		OCSP_CERTID_free(id);
		X509_free(root);
	}
	EVP_PKEY_free(keys[0]);
	EVP_PKEY_free(keys[1]);
}
