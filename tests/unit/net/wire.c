#define _GNU_SOURCE /* memmem */
#include "net/wire.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

#define TURN_MS 2

void wire_open(struct wire *w, struct loop *loop, uint16_t port)
{
	*w = (struct wire){.loop = loop};
	w->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in a = {
	    .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
	cr_assert_eq(connect(w->fd, (struct sockaddr *)&a, sizeof a), 0, "connect: %s",
		     strerror(errno));
	int on = 1;
	setsockopt(w->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void wire_close(struct wire *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	SSL_free(w->ssl);
	w->ssl = NULL;
	buf_free(&w->in);
}

/* -1 with errno EAGAIN: not now. */
static ssize_t result_of(struct wire *w, int n)
{
	if (n > 0)
		return n;
	int error = SSL_get_error(w->ssl, n);
	errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : EPROTO;
	return error == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

static ssize_t read_some(struct wire *w, void *to, size_t size)
{
	if (!w->ssl)
		return recv(w->fd, to, size, MSG_DONTWAIT);
	ERR_clear_error();
	return result_of(w, SSL_read(w->ssl, to, (int)size));
}

static ssize_t write_some(struct wire *w, const void *data, size_t len)
{
	if (!w->ssl)
		return send(w->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	ERR_clear_error();
	return result_of(w, SSL_write(w->ssl, data, (int)len));
}

static void take_in(struct wire *w)
{
	ssize_t n;
	while (!w->eof) {
		char *at = buf_reserve(&w->in, 65537);
		n = read_some(w, at, 65536);
		if (n > 0) {
			w->in.len += (size_t)n;
			w->in.data[w->in.len] = '\0';
			continue;
		}
		w->eof = n == 0 || (errno != EAGAIN && errno != EINTR);
		return;
	}
}

void wire_turn(struct wire *w)
{
	static const bool never;
	loop_run_until(w->loop, &never, TURN_MS);
	take_in(w);
}

void wire_send(struct wire *w, const void *data, size_t len)
{
	const char *at = data;
	while (len && !w->eof) {
		ssize_t n = write_some(w, at, len);
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		} else if (errno != EAGAIN) {
			return;
		} else {
			wire_turn(w);
		}
	}
}

void wire_text(struct wire *w, const char *fmt, ...)
{
	char *text;
	va_list ap;
	va_start(ap, fmt);
	int len = vasprintf(&text, fmt, ap);
	va_end(ap);
	wire_send(w, text, (size_t)len);
	free(text);
}

static int64_t deadline(uint64_t ms)
{
	return clock_mono_us() + (int64_t)ms * 1000;
}

bool wire_tls(struct wire *w, SSL_CTX *context, const char **ret_why)
{
	static const bool never;
	int64_t until = deadline(WIRE_MS);
	const char *why = "it took too long";
	fcntl(w->fd, F_SETFL, O_NONBLOCK);
	w->ssl = SSL_new(context);
	SSL_set_mode(w->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_set_fd(w->ssl, w->fd);
	while (clock_mono_us() < until) {
		ERR_clear_error();
		int n = SSL_connect(w->ssl);
		if (n == 1)
			return true;
		if (result_of(w, n) == 0 || errno != EAGAIN) {
			why = ERR_reason_error_string(ERR_peek_error());
			break;
		}
		loop_run_until(w->loop, &never, TURN_MS);
	}
	if (ret_why)
		*ret_why = why ? why : "the connection ended";
	return false;
}

bool wire_wait(struct wire *w, const char *needle)
{
	int64_t until = deadline(WIRE_MS);
	for (;;) {
		wire_turn(w);
		if (w->in.len && memmem(w->in.data, w->in.len, needle, strlen(needle)))
			return true;
		if (w->eof || clock_mono_us() > until)
			return false;
	}
}

bool wire_wait_eof(struct wire *w)
{
	int64_t until = deadline(WIRE_MS);
	while (!w->eof && clock_mono_us() < until)
		wire_turn(w);
	return w->eof;
}

void wire_clear(struct wire *w)
{
	buf_clear(&w->in);
}

int wire_upgrade(struct wire *w, const char *target, const char *extra_headers)
{
	int status = 0;
	wire_text(w,
		  "GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
		  "%s\r\n",
		  target, extra_headers);
	if (!wire_wait(w, "\r\n\r\n") || sscanf(w->in.data, "HTTP/1.1 %d", &status) != 1)
		return 0;
	char *end = (char *)memmem(w->in.data, w->in.len, "\r\n\r\n", 4) + 4;
	if (status == 101) {
		w->in.len -= (size_t)(end - w->in.data);
		memmove(w->in.data, end, w->in.len);
	}
	return status;
}

void wire_connect(struct wire *w, struct loop *loop, uint16_t port, const char *identity)
{
	char target[128];
	snprintf(target, sizeof target, "/ocpp/%s", identity);
	wire_open(w, loop, port);
	cr_assert_eq(wire_upgrade(w, target, "Sec-WebSocket-Protocol: ocpp1.6\r\n"), 101);
}

void wire_frame(struct wire *w, int opcode, bool fin, const void *data, size_t len)
{
	static const unsigned char mask[4] = {0x11, 0x22, 0x33, 0x44};
	struct buf b = {0};
	buf_add_char(&b, (char)((fin ? 0x80 : 0) | opcode));
	if (len < 126) {
		buf_add_char(&b, (char)(0x80 | len));
	} else if (len < 65536) {
		buf_add_char(&b, (char)(0x80 | 126));
		buf_add_char(&b, (char)(len >> 8));
		buf_add_char(&b, (char)len);
	} else {
		buf_add_char(&b, (char)(0x80 | 127));
		for (int i = 7; i >= 0; i--)
			buf_add_char(&b, (char)((uint64_t)len >> (8 * i)));
	}
	buf_add(&b, mask, sizeof mask);
	for (size_t i = 0; i < len; i++)
		buf_add_char(&b, (char)(((const unsigned char *)data)[i] ^ mask[i % 4]));
	wire_send(w, b.data, b.len);
	buf_free(&b);
}

void wire_message(struct wire *w, const char *text)
{
	wire_frame(w, 1, true, text, strlen(text));
}

/* Takes a whole frame off `in`; servers do not mask. */
static bool parse(struct wire *w, struct wire_frame *ret)
{
	const unsigned char *p = (const unsigned char *)w->in.data;
	size_t head = 2, len;
	if (w->in.len < 2)
		return false;
	len = p[1];
	if (len == 126) {
		head = 4;
		len = w->in.len < head ? 0 : (size_t)p[2] << 8 | p[3];
	} else if (len == 127) {
		head = 10;
		len = 0;
		for (int i = 2; w->in.len >= head && i < 10; i++)
			len = len << 8 | p[i];
	}
	if (w->in.len < head + len)
		return false;
	*ret = (struct wire_frame){.opcode = p[0] & 15, .fin = p[0] & 0x80};
	if (ret->opcode == 8 && len >= 2)
		ret->code = (uint16_t)(p[head] << 8 | p[head + 1]);
	buf_add(&ret->payload, p + head, len);
	w->in.len -= head + len;
	memmove(w->in.data, p + head + len, w->in.len);
	return true;
}

static bool next_within(struct wire *w, struct wire_frame *ret, uint64_t ms)
{
	int64_t until = deadline(ms);
	while (!parse(w, ret)) {
		if (w->eof || clock_mono_us() > until)
			return false;
		wire_turn(w);
	}
	return true;
}

bool wire_next(struct wire *w, struct wire_frame *ret)
{
	return next_within(w, ret, WIRE_MS);
}

void wire_frame_free(struct wire_frame *f)
{
	buf_free(&f->payload);
}

char *wire_next_text(struct wire *w)
{
	struct wire_frame f;
	while (wire_next(w, &f)) {
		if (f.opcode == 1)
			return f.payload.data ? f.payload.data : calloc(1, 1);
		wire_frame_free(&f);
	}
	return NULL;
}

uint16_t wire_next_close(struct wire *w)
{
	struct wire_frame f;
	while (wire_next(w, &f)) {
		wire_frame_free(&f);
		if (f.opcode == 8)
			return f.code;
	}
	return 0;
}

bool wire_is_silent(struct wire *w, uint64_t ms)
{
	struct wire_frame f;
	int64_t until = deadline(ms);
	while (clock_mono_us() < until) {
		if (!next_within(w, &f, 1))
			continue;
		wire_frame_free(&f);
		if (f.opcode < 8)
			return false;
	}
	return true;
}
