/* Our certificate authority: a certificate, its key, and what it signs. Pure; any thread once
 * loaded. */
#ifndef OCPP16_SECURITY_CA_H
#define OCPP16_SECURITY_CA_H
#include "x509.h"

struct ca {
	X509 *certificate;
	EVP_PKEY *key;
	char *chain; /* the certificates of its file that a charger needs beside its own: none but
			those between ours and the root */
	char *roots; /* all of its file: what vouches for chargers */
};

/* A certificate and its key from PEM files. -errno with `ret_error` (malloc'd): which file, and
 * what is wrong with it; a key that others may read, one of another certificate, and, if `signs`,
 * a certificate that may not sign others. */
int ca_load(struct ca *ret, const char *certificate, const char *key, bool signs, char **ret_error);
void ca_free(struct ca *);
/* The same for another thread, to be freed as well. */
struct ca ca_ref(const struct ca *);

/* The chain for a request that has been checked: the new certificate, then `chain`. Its subject is
 * the request's, with `organization` (may be "") where that names none. NULL: OpenSSL failed. */
const char *ca_sign(const struct ca *, struct bb_arena *, X509_REQ *, const char *organization,
		    int64_t now_ms, int64_t validity_ms);

/* A signature over what has that SHA-256 (hexadecimal), in base64; or NULL. Of an RSA key by PSS
 * with a salt as long as the digest, or by PKCS #1 v1.5; of an EC key ECDSA. */
const char *ca_signature(const struct ca *, struct bb_arena *, const char *sha256, bool pss);
#endif
