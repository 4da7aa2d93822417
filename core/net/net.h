/* WebSocket and HTTP on one port, and the same over TLS on another, by libwebsockets on the node's
 * loop. Knows frames and requests, not what they mean. Loop thread only. */
#ifndef NET_NET_H
#define NET_NET_H
#include <busbar/plugin.h>

#include "loop/loop.h"

struct net;
struct net_link;    /* one WebSocket connection */
struct net_request; /* one HTTP request */
struct tls;
struct tls_options;

struct net_options {
	const char *listen; /* "0.0.0.0:8080", "[::]:8080", "127.0.0.1:0" (a free port); "": none */
	const char *ws_path;             /* "/ocpp" */
	const char *const *subprotocols; /* those we speak, NULL-terminated: {"ocpp1.6", NULL} */
	int64_t max_message_bytes;       /* of a whole WebSocket message, reassembled */
	int64_t max_body_bytes;          /* of an HTTP body */
	int64_t max_queue_bytes;         /* unsent bytes of one link before it is dropped */
	int64_t ping_ms;                 /* a ping after so long a silence; 0: never */
	int64_t idle_ms;                 /* a silent link is hung up after so long; 0: never */
	int64_t http_ms;                 /* a request must be complete, a keep-alive used, within */
	int64_t handshake_ms, header_ms; /* of TLS; of a request, from its first byte; at most
					    http_ms, and that if 0 */
	int64_t min_rate, rate_grace_ms; /* of a body or an answer: see pace.h; bytes/s, 0: any */
	bool keep_alive;                 /* a connection may serve several requests */
	int64_t max_links;               /* 0: what the file descriptors allow */
	int64_t max_header_bytes;        /* of all headers of a request; 0: 8192 */
	/* Of one address, 0: no limit: connections that are no links, links, and how many
	 * connections it may open in a minute. */
	int64_t address_connections, address_links, address_rate;
	const char *address_exceptions;        /* addresses and networks that have no such limits */
	const struct tls_options *tls_options; /* NULL: no TLS */
	struct tls *tls;                       /* with files in use; outlives the net */
};

/* A client certificate that was verified. */
struct net_certificate {
	const char *common_name; /* of the subject, UTF-8; "" if it has none */
	const char *serial;      /* upper-case hex, as OpenSSL prints it */
	const char *fingerprint; /* SHA-256 of the whole certificate, lower-case hex */
	const char *issuer;      /* its name as RFC 2253 writes it */
	int64_t not_after_ms;
};

/* An upgrade request, before it is answered. */
struct net_upgrade {
	const char *identity;      /* percent-decoded, or "" if the URL has none */
	const char *path;          /* as requested */
	const char *subprotocols;  /* as offered, "" if none */
	const char *subprotocol;   /* the one that was chosen, NULL if none is offered */
	const char *authorization; /* the header, NULL if absent */
	const char *remote;
	bool tls;
	const struct net_certificate *certificate; /* NULL: none was shown, or none asked for */
};

/* What the handler says of an upgrade that it accepts. Zeroed before it is asked. */
struct net_accept {
	void *user; /* goes with the link */
	/* One of ours, for a charger that offers none; without it such a charger gets 400 (and
	 * `closed` follows). */
	const char *subprotocol;
	int64_t retry_after_s; /* of a refusal: when it is worth trying again; 0: not said */
};

struct net_handler {
	/* Answers an upgrade: 0 accepts it; else an HTTP status that is sent instead (401 with a
	 * Basic challenge). */
	int (*upgrade)(const struct net_upgrade *, struct net_accept *ret, void *self);
	void (*opened)(struct net_link *, const char *subprotocol, void *user, void *self);
	/* A whole text message. Binary ones and too large ones are closed with 1003 and 1009. */
	void (*message)(struct net_link *, const char *text, size_t len, void *user, void *self);
	/* Something came: data, ping or pong. */
	void (*alive)(struct net_link *, void *user, void *self);
	/* Once for every accepted upgrade, opened or not; the link is dead afterwards. `link` is
	 * NULL if it was never opened. */
	void (*closed)(struct net_link *, uint16_t code, void *user, void *self);
	/* A whole request; answer it once with net_respond(), now or later. */
	void (*request)(struct net_request *, void *self);
	/* The client is gone before it was answered; do not respond any more. */
	void (*request_gone)(struct net_request *, void *self);
	/* When the headers are complete: how many bytes of its body are taken if the handler wants
	 * to pull them, by net_body_next(), which it may from `request` on; -1 if it wants it as a
	 * whole, within max_body_bytes. NULL: always as a whole. */
	int64_t (*streams)(struct net_request *, void *self);
	/* What net_body_next() has asked for: bytes; 0 of them at the end; or -EMSGSIZE, -EBADMSG
	 * (malformed), -ETIMEDOUT (none came for http_ms). Not called if the client goes. */
	void (*body)(struct net_request *, int err, const void *bytes, size_t len, void *self);
	/* Of an answer in pieces: the next one may be given, by net_stream_send(), now or later. */
	void (*room)(struct net_request *, void *self);
	/* Once for each net_respond_stream(): all is sent, or (-ECONNRESET) the client is gone. */
	void (*stream_over)(struct net_request *, int err, void *self);
	void *self;
};

/* Is it an address and a port, or ""? -EINVAL with `ret_error` (malloc'd), which names the option.
 */
int net_check_listen(const char *option, const char *listen, char **ret_error);
/* Does only this machine reach such an address? Of one that has been checked; "" is reached by
 * nobody. */
bool net_is_loopback(const char *listen);
/* Is it a list of addresses and networks? As above. */
int net_check_exceptions(const char *option, const char *list, char **ret_error);
/* -errno with `ret_error` (malloc'd): an address in use, a bad address. */
int net_start(struct loop *, const struct net_options *, const struct net_handler *,
	      struct net **ret, char **ret_error);
/* What may change while it runs: all limits but http_ms and max_header_bytes. */
void net_set_limits(struct net *, const struct net_options *);
/* The ports it listens on, 0 if it does not. */
uint16_t net_port(const struct net *);
uint16_t net_tls_port(const struct net *);
/* Accept nothing more; what is open stays. */
void net_stop_accepting(struct net *);
/* Closes every link with the code, lets them go for up to `ms`, then `fn`. */
void net_close_all(struct net *, uint16_t code, uint64_t ms, bb_fn *fn, void *arg);
void net_free(struct net *);

/* Sends a text message, at once if the socket takes it. -EPIPE: closing. -ENOBUFS: the peer does
 * not read; the link is being dropped. */
int net_send(struct net_link *, const char *text, size_t len);
/* Starts a close; `closed` follows. Never calls back before it returns. */
void net_close(struct net_link *, uint16_t code, const char *reason);
const char *net_remote(const struct net_link *);
uint32_t net_link_count(const struct net *);

/* The request. All lives until it is answered or gone. */
const struct bb_http *net_http(const struct net_request *);
const char *net_header(const struct net_request *, const char *lower_name);
/* A decoded query parameter. */
const char *net_param(const struct net_request *, const char *name);
/* The name of the i-th of them; NULL past the last. */
const char *net_param_name(const struct net_request *, size_t i);
void net_request_set_user(struct net_request *, void *user);
void *net_request_user(const struct net_request *);

/* Asks for the next piece of the body; one at a time. `body` never runs before this returns. */
void net_body_next(struct net_request *);
/* Bytes of the body, as announced; -1 if they come in chunks. */
int64_t net_body_length(const struct net_request *);

/* The reason phrase of an HTTP status; a general one if it is none that we know. */
const char *net_status_text(int status);

struct net_header_line {
	const char *name, *value;
};
/* All is copied. HEAD requests get the headers only. */
void net_respond(struct net_request *, int status, const char *content_type,
		 const struct net_header_line *headers, size_t header_count, const void *body,
		 size_t len);
/* An answer whose pieces are asked for as the client takes them. `length` -1: it ends where it
 * ends. Who takes nothing for http_ms is hung up. HEAD requests get the headers only. */
void net_respond_stream(struct net_request *, int status, const char *content_type,
			const struct net_header_line *headers, size_t header_count, int64_t length);
/* The piece that `room` asked for, copied; nothing at the end, unless the length told it. */
void net_stream_send(struct net_request *, const void *bytes, size_t len);
/* It cannot be completed: hangs up, so that the client sees it. */
void net_stream_cut(struct net_request *);
#endif
