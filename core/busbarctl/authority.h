/* A private authority for chargers' certificates, and a certificate of it that signs firmware. */
#ifndef BUSBARCTL_AUTHORITY_H
#define BUSBARCTL_AUTHORITY_H
#include <openssl/x509.h>
#include <stdbool.h>

struct identity {
	X509 *certificate;
	EVP_PKEY *key;
};

struct authority {
	struct identity root, firmware;
};

/* New keys and certificates; `organization` may be NULL. False: OpenSSL failed, and says why. To be
 * freed either way. */
bool authority_make(struct authority *ret, const char *organization);
void authority_free(struct authority *);
#endif
