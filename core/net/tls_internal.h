/* What the files of TLS share. */
#ifndef NET_TLS_INTERNAL_H
#define NET_TLS_INTERNAL_H
#include "net/tls.h"

struct tls_pair {
	X509 *leaf;
	STACK_OF(X509) * chain; /* without the leaf */
	EVP_PKEY *key;
};

struct tls_files {
	struct tls_pair pairs[2];
	size_t pair_count;
	STACK_OF(X509) * client_ca;
};

/* What goes for both the listener's context and the one on which files are tried. False: there is
 * no cipher in the list. */
bool tls_negotiates(SSL_CTX *, const struct tls_options *);

/* tls_client.c. Of a subject; "" if there is none, if there are several, and if it is no text. */
const char *tls_common_name(const X509_NAME *, struct bb_arena *);
int64_t tls_time_ms(const ASN1_TIME *);

/* tls_log.c: for the context's callbacks: tell the connection (its application data) that the
 * handshake is over, or the log what went wrong in it. */
void tls_log_handshake(const SSL *, int where, int result);
void tls_log_client(const SSL *, X509_STORE_CTX *);
#endif
