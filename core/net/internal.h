/* What the files of this module share. */
#ifndef NET_INTERNAL_H
#define NET_INTERNAL_H
#include <libwebsockets.h>
#include <netinet/in.h>

#include "base/buf.h"
#include "loop/loop.h"
#include "net/net.h"

/* What hangs on a libwebsockets connection as its opaque user data. */
enum peer_kind { PEER_LINK, PEER_REQUEST };
struct peer {
	enum peer_kind kind;
};

struct chunk {
	struct chunk *next;
	size_t len;
	char data[]; /* LWS_PRE bytes, then the text */
};

struct net_link {
	struct peer peer;
	struct net *net;
	struct lws *wsi;
	void *user;                   /* the handler's */
	struct net_link *next, *prev; /* in the order of last activity, the oldest first */
	uint64_t alive_ms, pinged_ms;
	struct buf rx; /* a message that came in parts so far */
	struct chunk *tx, **tx_last;
	size_t tx_bytes;
	uint16_t close_code; /* not 0: close as soon as it can be written */
	uint16_t peer_code;  /* what the peer's close frame said */
	bool open, doomed;
	char *close_reason;
	char remote[INET6_ADDRSTRLEN];
};

struct net {
	struct loop *loop;
	struct net_options options;
	struct net_handler handler;
	char *listen, *ws_path; /* copies: a reload takes the configuration's own away */
	struct lws_context *context;
	struct lws_vhost *vhost;
	struct lws_protocols *protocols;
	/* The listening socket is ours, so that accepting can pause; lws adopts what it gives. */
	int fd;
	uv_poll_t *acceptor;
	bool accepting, paused, limit_told;
	uint16_t port;
	uint32_t connections, most_connections, links;
	struct net_link *oldest, *newest;
	struct loop_timer *tick, *resume;
	struct buf scratch; /* where messages get the room that lws wants in front of them */
	struct {
		bb_fn *fn;
		void *arg;
		struct loop_timer *timer;
	} closing;
};

uint64_t net_now_ms(const struct net *);

/* listener.c */
int listener_open(struct net *, char **ret_error);
void listener_close(struct net *);
void listener_connection_gone(struct net *);

/* upgrade.c: 0 lets lws go on; -1 the request was answered and the connection ends. */
int upgrade_decide(struct net *, struct lws *);

/* link.c */
struct net_link *link_new(struct net *, struct lws *, void *user);
void link_opened(struct net_link *);
void link_gone(struct net_link *);
/* These three return what the lws callback should: -1 ends the connection. */
int link_receive(struct net_link *, const char *data, size_t len);
int link_writable(struct net_link *);
/* After lws_set_timer_usecs(): sends the close frame. */
int link_close_now(struct net_link *);
void link_alive(struct net_link *);
void link_sweep(struct net *);

/* request.c; int as above. */
int request_begin(struct net *, struct lws *, const char *path);
int request_body(struct net_request *, const char *data, size_t len);
int request_complete(struct net_request *);
int request_writable(struct net_request *);
void request_drop(struct net_request *);

/* respond.c: a whole small answer at once, for what never becomes a request. Always -1. */
int respond_and_close(struct lws *, int status, const char *extra_name, const char *extra_value,
		      const char *text);
const char *respond_reason(int status);

/* Copies a header into buf; its length, or -1 if absent or too long. */
int net_copy_header(struct lws *, enum lws_token_indexes, char *out, int size);
void net_copy_remote(struct lws *, char *out, size_t size);
/* Percent-decoding in place; false for a broken escape or an escaped NUL. */
bool net_percent_decode(char *);
#endif
