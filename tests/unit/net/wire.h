/* A client made of a plain socket, so that it can send what no library would, on the loop of the
 * server that it talks to. */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H
#include <openssl/ssl.h>

#include "base/buf.h"
#include "loop/loop.h"

#define WIRE_MS 5000

struct wire {
	struct loop *loop;
	int fd;
	struct buf in; /* what has come and is not taken yet */
	bool eof;
	SSL *ssl; /* NULL: it speaks plainly */
};

struct wire_frame {
	int opcode;
	bool fin;
	uint16_t code; /* of a close frame */
	struct buf payload;
};

void wire_open(struct wire *, struct loop *, uint16_t port);
/* Speaks TLS from here; false if the handshake fails, with the reason in `why` (may be NULL). */
bool wire_tls(struct wire *, SSL_CTX *, const char **ret_why);
void wire_close(struct wire *);
void wire_send(struct wire *, const void *data, size_t len);
void wire_text(struct wire *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Turns the loop, and takes in what has come, for a moment. */
void wire_turn(struct wire *);
/* Until `needle` has come; false if the connection ended or WIRE_MS passed before. */
bool wire_wait(struct wire *, const char *needle);
bool wire_wait_eof(struct wire *);
/* Forgets what has come. */
void wire_clear(struct wire *);

/* Asks for an upgrade; the status of the answer, whose text stays in `in` unless it is 101. */
int wire_upgrade(struct wire *, const char *target, const char *extra_headers);
/* The usual one, which must succeed. */
void wire_connect(struct wire *, struct loop *, uint16_t port, const char *identity);

/* One masked frame. */
void wire_frame(struct wire *, int opcode, bool fin, const void *data, size_t len);
void wire_message(struct wire *, const char *text);
/* The next frame from the server; false if none came in WIRE_MS. Free it with wire_frame_free(). */
bool wire_next(struct wire *, struct wire_frame *ret);
void wire_frame_free(struct wire_frame *);
/* The next text message, malloc'd; control frames before it are skipped. NULL if none came. */
char *wire_next_text(struct wire *);
/* The code of the close frame that comes next, or 0. */
uint16_t wire_next_close(struct wire *);
/* No frame but control frames comes within `ms`. */
bool wire_is_silent(struct wire *, uint64_t ms);
#endif
