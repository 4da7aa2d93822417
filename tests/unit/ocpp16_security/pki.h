/* Keys, requests and certificates made for a test, in a temporary folder. */
#ifndef UNIT_OCPP16_SECURITY_PKI_H
#define UNIT_OCPP16_SECURITY_PKI_H
#include "ca.h"

struct pki {
	char dir[64];
	struct bb_arena *arena;
};
extern struct pki pki;

void pki_setup(void);
void pki_teardown(void);

EVP_PKEY *pki_ec(const char *curve);
EVP_PKEY *pki_rsa(int bits);
/* A request of that key, signed by `signer`, for "CN=<cn>" (and "O=<organization>" if not NULL). */
const char *pki_request(EVP_PKEY *key, EVP_PKEY *signer, const char *cn, const char *organization);
/* A certificate from `days_from` to `days_to`; issuer NULL: a root. */
X509 *pki_certificate(EVP_PKEY *key, const char *cn, X509 *issuer, EVP_PKEY *issuer_key, bool ca,
		      int days_from, int days_to);
/* Files of the folder; their paths, in the arena. */
const char *pki_write(const char *name, const char *text, unsigned mode);
const char *pki_key_text(EVP_PKEY *);
#endif
