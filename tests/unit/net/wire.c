#define _GNU_SOURCE /* memmem */
#include "net/wire.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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
	buf_free(&w->in);
}

static void take_in(struct wire *w)
{
	ssize_t n;
	while (!w->eof) {
		char *at = buf_reserve(&w->in, 65537);
		n = recv(w->fd, at, 65536, MSG_DONTWAIT);
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
		ssize_t n = send(w->fd, at, len, MSG_DONTWAIT | MSG_NOSIGNAL);
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
