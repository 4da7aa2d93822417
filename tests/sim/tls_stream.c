#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>

#include "base/arena.h"
#include "tls.h"

struct tls_stream {
	SSL *ssl;
	BIO *from_peer, *to_peer; /* the SSL's */
};

struct tls_stream *tls_stream_new(SSL_CTX *ctx, const char *host)
{
	struct tls_stream *s = mem_zalloc(sizeof *s);
	s->ssl = SSL_new(ctx);
	s->from_peer = BIO_new(BIO_s_mem());
	s->to_peer = BIO_new(BIO_s_mem());
	BIO_set_mem_eof_return(s->from_peer, -1);
	SSL_set_bio(s->ssl, s->from_peer, s->to_peer);
	if (host) {
		tls_name_peer(s->ssl, host);
		SSL_set_connect_state(s->ssl);
	} else {
		SSL_set_accept_state(s->ssl);
	}
	return s;
}

struct tls_stream *tls_stream_free(struct tls_stream *s)
{
	if (s)
		SSL_free(s->ssl);
	free(s);
	return NULL;
}

SSL *tls_stream_ssl(const struct tls_stream *s)
{
	return s->ssl;
}

/* 0 where the peer's bytes are missing only. */
static int fault(struct tls_stream *s, int result)
{
	int error = SSL_get_error(s->ssl, result);
	ERR_clear_error();
	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return 0;
	return error == SSL_ERROR_ZERO_RETURN ? -EPIPE : -EPROTO;
}

int tls_stream_handshake(struct tls_stream *s)
{
	int n = SSL_do_handshake(s->ssl);
	return n == 1 ? 1 : fault(s, n);
}

void tls_stream_feed(struct tls_stream *s, const void *data, size_t len)
{
	BIO_write(s->from_peer, data, (int)len);
}

ssize_t tls_stream_read(struct tls_stream *s, void *data, size_t room)
{
	int n = SSL_read(s->ssl, data, (int)room);
	return n > 0 ? n : fault(s, n);
}

int tls_stream_write(struct tls_stream *s, const void *data, size_t len)
{
	/* A memory BIO takes everything, record by record. */
	for (size_t at = 0, n; at < len; at += n)
		if (SSL_write_ex(s->ssl, (const char *)data + at, len - at, &n) != 1)
			return fault(s, 0) ? -EPROTO : -EAGAIN;
	return 0;
}

void tls_stream_take(struct tls_stream *s, struct buf *out)
{
	int pending;
	while ((pending = (int)BIO_ctrl_pending(s->to_peer)) > 0) {
		int n = BIO_read(s->to_peer, buf_reserve(out, (size_t)pending), pending);
		out->len += (size_t)n;
	}
}
