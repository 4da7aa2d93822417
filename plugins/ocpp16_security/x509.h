/* Certificates and requests, as text and as facts. Pure: OpenSSL and an arena; any thread. */
#ifndef OCPP16_SECURITY_X509_H
#define OCPP16_SECURITY_X509_H
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include <busbar/arena.h>

#define X509_PEM_MOST 10000u /* bytes of a chain, as CertificateSigned takes it */

/* What a certificate says. Texts are in the arena. */
struct x509_facts {
	const char *subject, *issuer; /* as RFC 2253 writes them */
	const char *common_name;      /* "" if there is none, or more than one */
	const char *serial;           /* hexadecimal, upper case, without leading zeros */
	const char *fingerprint;      /* SHA-256 of all of it, lower-case hexadecimal */
	int64_t not_before_ms, not_after_ms;
	bool ca;
};

/* OCPP's certificateHashData. */
struct x509_hashes {
	const char *algorithm; /* "SHA256", "SHA384", "SHA512" */
	const char *issuer_name_hash, *issuer_key_hash, *serial;
};
extern const char *const x509_algorithms[3];

/* The first certificate of a PEM text, or NULL; X509_free() takes it. */
X509 *x509_read(const char *pem);
void x509_tell(struct bb_arena *, X509 *, struct x509_facts *ret);
/* Of a root, which is its own issuer. */
struct x509_hashes x509_hash(struct bb_arena *, X509 *root, const char *algorithm);
const char *x509_pem(struct bb_arena *, X509 *);
/* Hexadecimal, lower case. */
const char *x509_hex(struct bb_arena *, const unsigned char *, size_t len);
const char *x509_sha256(struct bb_arena *, const char *text);

/* May it be used from `now_ms` on for what happens at `at_ms`? NULL, or why not. */
const char *x509_time_fault(X509 *, int64_t now_ms, int64_t at_ms);
/* Base64 with its padding and nothing else, of one byte at least. */
bool x509_is_base64(const char *text);

/* RSA of 2048 bits or EC of 224 at least? NULL, or what is wrong with it. */
const char *x509_key_fault(EVP_PKEY *);

/* A request, or NULL with what is wrong with it: no PEM, a bad signature, a weak key.
 * X509_REQ_free() takes it. */
X509_REQ *x509_read_request(const char *pem, const char **ret_fault);
/* As in struct x509_facts. */
const char *x509_common_name(struct bb_arena *, const X509_NAME *);
/* The one entry of that kind, "" if there is none, NULL if there are several. */
const char *x509_entry(struct bb_arena *, const X509_NAME *, int nid);
/* Is the certificate of the key that asked? */
bool x509_answers(X509 *, X509_REQ *);
#endif
