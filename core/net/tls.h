/* The server's side of TLS: its certificates, whom it lets vouch for clients, what it negotiates.
 * Loop thread only. */
#ifndef NET_TLS_H
#define NET_TLS_H
#include <busbar/arena.h>
#include <openssl/ssl.h>

#include "net/net.h"

struct tls;
struct tls_files;

struct tls_options {
	const char *listen;             /* as net_options.listen; "": no TLS */
	const char *certificate, *key;  /* PEM files: the chain, its own first; its private key */
	const char *second_certificate; /* a pair with another type of key (RSA and EC), or "" */
	const char *second_key;         /* its key */
	const char *client_ca;          /* a PEM file or a folder of such, or "" */
	const char *min_version;        /* "1.2" or "1.3" */
	const char *ciphers;            /* for TLS 1.2, as OpenSSL writes them */
};

struct tls *tls_new(void);
void tls_free(struct tls *);

/* Reads and checks the files; what is doubtful but works is a warning in the log. -errno with
 * `ret_error` (malloc'd), which names the option and the file. */
int tls_read(const struct tls_options *, struct tls_files **ret, char **ret_error);
void tls_files_free(struct tls_files *);
/* These are in force, and belong to `tls`, for connections that begin afterwards. */
void tls_use(struct tls *, struct tls_files *);
/* plugin.h's tls_trust. */
int tls_trust(struct tls *, const char *owner, const char *pem);

/* Makes a fresh context of a listener one that follows the above. */
void tls_serve(struct tls *, const struct tls_options *, SSL_CTX *);
/* Tells the log that its handshake took too long. */
void tls_log_late(const SSL *);
/* The peer's certificate in the arena; NULL if it showed none. */
const struct net_certificate *tls_client(const SSL *, struct bb_arena *);
#endif
