/* WebSocket client links by libwebsockets on the loop. Loop thread only. */
#ifndef SIM_WS_H
#define SIM_WS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "loop/loop.h"

struct ws;      /* all links of one process */
struct ws_link; /* one connection, or an attempt at one */

/* Where to connect to; borrowed during ws_connect() only. */
struct ws_target {
	const char *host;
	int port;
	SSL_CTX *tls; /* NULL: plain */
	const char *path;
	const char *subprotocols;  /* as offered; NULL: no such header */
	const char *authorization; /* the header's value; NULL: no such header */
};

/* `arg` is what was given to ws_connect(). None is called before ws_connect() has returned. */
struct ws_handler {
	void (*opened)(struct ws_link *, const char *subprotocol, void *arg);
	/* Never opened; `status` is the HTTP status or 0. The link is dead afterwards. */
	void (*failed)(int status, const char *reason, void *arg);
	void (*message)(struct ws_link *, const char *data, size_t len, bool binary, void *arg);
	void (*pong)(struct ws_link *, const char *data, size_t len, void *arg);
	/* 1006 where no close frame came. The link is dead afterwards. */
	void (*closed)(uint16_t code, const char *reason, size_t len, void *arg);
};

enum ws_kind { WS_TEXT, WS_BINARY, WS_CONTINUATION, WS_PING, WS_PONG };

/* NULL when libwebsockets cannot start. */
struct ws *ws_new(struct loop *, const struct ws_handler *);
/* Every link is dead afterwards and no handler is called. NULL is fine. */
void ws_free(struct ws *);

struct ws_link *ws_connect(struct ws *, const struct ws_target *, void *arg);
/* NULL: plain. Valid while the link is. */
SSL *ws_ssl(struct ws_link *);
/* One frame, at once if the socket takes it; `more` fragments follow if `final` is false.
 * -EPIPE: it is closing. */
int ws_send(struct ws_link *, enum ws_kind, const void *data, size_t len, bool final);
/* Sends a close frame after what is queued; `closed` follows. */
void ws_close(struct ws_link *, uint16_t code, const char *reason);
/* Resets the TCP connection; `closed` follows. */
void ws_drop(struct ws_link *);
/* Stops reading from the socket, or goes on. */
void ws_pause(struct ws_link *, bool paused);
#endif
