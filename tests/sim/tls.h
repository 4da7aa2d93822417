/* TLS by OpenSSL: what a charger trusts, how it shows who it is; and a plain server. */
#ifndef SIM_TLS_H
#define SIM_TLS_H
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

/* Certificates and keys are PEM text or the path of a file with it. NULL: the default. */
struct tls_options {
	const char *host;        /* DNS name or IP address that the peer must have */
	const char *ca;          /* trusted roots; default: the system's */
	const char *certificate; /* its chain may follow it; default: none */
	const char *key;
	const char *version; /* "1.0" to "1.3", that one only; default: 1.2 and later */
	const char *ciphers; /* OpenSSL's names; default: OpenSSL's choice */
	bool insecure;       /* takes whatever certificate the peer has */
};

/* NULL with `ret_error`, malloc'd. */
SSL_CTX *tls_client(const struct tls_options *, char **ret_error);
/* Whether the context was made with `insecure`. */
bool tls_is_insecure(SSL_CTX *);
/* Asks for the host by name, where it is one (SNI). */
void tls_name_peer(SSL *, const char *host);
/* Why the handshake failed: the peer's alert, or our doubt in its certificate. "" if neither. */
void tls_reason(SSL *, struct buf *out);
/* PEM text, read from a file if `text` does not look like it; NULL with `ret_error`. */
BIO *tls_pem(const char *text, char **ret_error);

/* A server that shows `certificate`, and asks clients for none. */
SSL_CTX *tls_server(const struct tls_options *, char **ret_error);

/* TLS over a transport that the caller moves bytes for. `host` NULL: as a server. */
struct tls_stream;

struct tls_stream *tls_stream_new(SSL_CTX *, const char *host);
struct tls_stream *tls_stream_free(struct tls_stream *);
SSL *tls_stream_ssl(const struct tls_stream *);
/* 1: established; 0: it needs the peer's bytes; -EPROTO. */
int tls_stream_handshake(struct tls_stream *);
void tls_stream_feed(struct tls_stream *, const void *data, size_t len);
/* Plain bytes; 0: none yet; -EPIPE: the peer has ended it; -EPROTO. */
ssize_t tls_stream_read(struct tls_stream *, void *data, size_t room);
int tls_stream_write(struct tls_stream *, const void *data, size_t len);
/* Moves what is to be sent to the peer into `out`. */
void tls_stream_take(struct tls_stream *, struct buf *out);
#endif
