/* Certificates and keys, made for the test and written as PEM files into a folder of its own. */
#ifndef TESTS_NET_CERTIFICATES_H
#define TESTS_NET_CERTIFICATES_H
#include <openssl/ssl.h>
#include <stdbool.h>

struct certificate {
	X509 *x;
	EVP_PKEY *key;
	char pem[256], key_pem[256]; /* paths */
};

struct certificate_spec {
	const char *name; /* of the files, and the common name unless that is said */
	const char *common_name;
	const struct certificate *issuer; /* NULL: itself */
	bool rsa;                         /* not EC */
	long serial;
	int days; /* until it ends; negative: it has ended; 0: 30 */
};

void certificates_setup(void);
void certificates_teardown(void);
/* A path in the folder. Lives until the next call but three. */
const char *certificates_path(const char *name);
/* Lives until the teardown. */
const struct certificate *certificate_make(const struct certificate_spec *);
void certificates_write(const char *name, const char *text);

/* A context of clients; `own` (may be NULL) is what it shows. Lives until the teardown. */
SSL_CTX *certificates_client(const struct certificate *own);
#endif
