/* What the files of this module share. */
#ifndef NET_INTERNAL_H
#define NET_INTERNAL_H
#include <libwebsockets.h>
#include <netinet/in.h>

#include "base/buf.h"
#include "loop/loop.h"
#include "net/net.h"
#include "net/source.h"
#include <busbar/refusals.h>

#define LOOK_MS 1000u /* how often it is looked whether a client is there and goes on */

/* What a connection is used for at the moment; see connection.h. */
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
	void *user; /* the handler's */
	const char *subprotocol;
	struct net_link *next, *prev; /* in the order of last activity, the oldest first */
	uint64_t alive_ms, pinged_ms;
	struct buf rx; /* a message that came in parts so far */
	struct chunk *tx, **tx_last;
	size_t tx_bytes;
	uint16_t close_code; /* not 0: close as soon as it can be written */
	uint16_t peer_code;  /* what the peer's close frame said */
	bool open, doomed, leaving;
	bool peer_left; /* it has sent a close frame; what comes after is nothing */
	struct net_link *next_leaving;
	char *close_reason;
	char remote[INET6_ADDRSTRLEN];
};

/* The listening sockets are ours, so that accepting can pause; lws adopts what they give. */
struct listener {
	struct net *net;
	const char *option; /* "http.listen" */
	char *address;      /* NULL: this one is off */
	struct lws_vhost *vhost;
	uv_poll_t *acceptor;
	int fd;
	uint16_t port;
};
enum { PLAIN, TLS, LISTENERS };

/* respond.c */
#define BROWSER_HEADERS 4u
extern const struct net_header_line browser_headers[BROWSER_HEADERS];

struct net {
	struct loop *loop;
	struct net_options options;
	struct net_handler handler;
	char *ws_path, *exceptions; /* copies: a reload takes the configuration's own away */
	struct lws_context *context;
	struct lws_protocols *protocols;
	struct lws_protocol_vhost_options own_headers[BROWSER_HEADERS];
	struct listener listeners[LISTENERS];
	bool accepting, paused, limit_told;
	uint32_t connections, links, requests;
	uint32_t most_descriptors, told_connections;
	struct sources sources;
	uint32_t refusals;      /* of connections, not told yet */
	uint64_t refusals_told; /* the second */
	struct bb_refusals upgrade_refusals;
	struct net_link *oldest, *newest;
	struct net_link *leaving; /* their close handshakes begin at the end of this turn */
	struct loop_timer *tick, *resume;
	struct bb_series *opened; /* links, counted */
	struct buf scratch;       /* where messages get the room that lws wants in front of them */
	struct {
		bb_fn *fn;
		void *arg;
		struct loop_timer *timer;
	} closing;
};

uint64_t net_now_ms(const struct net *);

/* listener.c */
int listeners_open(struct net *, char **ret_error);
void listeners_close(struct net *);
void listener_connection_gone(struct net *);

/* Before lws, which sizes its tables by the limit: lets this process have as many descriptors as
 * it may. At so many in use, whoever uses them, nothing more is accepted. */
uint32_t listener_raise_limit(void);

/* upgrade.c: 0 lets lws go on; -1 the request was answered and the connection ends. `offer` is the
 * header Upgrade in lws's own buffer. */
int upgrade_decide(struct net *, struct lws *, char *offer);

/* link.c */
struct net_link *link_new(struct net *, struct lws *, const char *subprotocol, void *user);
void link_opened(struct net_link *);
void link_gone(struct net_link *);
/* These two return what the lws callback should: -1 ends the connection. */
int link_receive(struct net_link *, const char *data, size_t len);
int link_writable(struct net_link *);
void link_alive(struct net_link *);
void link_sweep(struct net *);

/* request.c; int as above. */
int request_begin(struct net *, struct lws *, const char *path);
int request_body(struct net_request *, const char *data, size_t len);
int request_complete(struct net_request *);
int request_writable(struct net_request *);
void request_drop(struct net_request *);

/* pipeline.c: between two requests of a connection, notes if the second is there already. */
void pipeline_note(struct lws *);

/* respond.c: appends an answer's first lines; the body of a refusal; sends a whole refusal at once,
 * for what never becomes a request (always -1). */
struct answer_head {
	int status;
	const char *content_type; /* or NULL */
	const struct net_header_line *headers;
	size_t header_count;
	int64_t length; /* of the body; -1: not known */
	bool chunked, keep_alive;
};
void respond_head(struct buf *, const struct answer_head *);
void respond_problem(struct buf *, int status, const char *text);
/* The whole of a refusal, after which the connection ends; `extra` may be NULL. */
void respond_refusal(struct buf *, int status, const struct net_header_line *extra,
		     const char *text);
int respond_and_close(struct lws *, int status, const struct net_header_line *extra,
		      const char *text);

/* url.c */
/* Is the path one of chargers alone? Where ws_path is "/" none is. */
bool url_is_ours(const char *ws_path, const char *path);
/* The identity in such a path: all behind ws_path, "" if it ends before; slashes in front of and
 * behind it are forgiven. False: not a path of chargers. */
bool url_identity(const char *ws_path, const char *path, char *out, size_t size);
/* Of a comma-separated list: is the word in it, in any case; the first item that is one of ours. */
bool url_list_has(const char *list, const char *word);
const char *url_pick(const char *offered, const char *const *ours);

/* net.c */
/* Ends a connection without ado, from wherever it is called; its callbacks come later. */
void net_cut(struct net *, struct lws *);
/* Tells net_close_all()'s caller if nothing is open any more. */
void net_tell_all_closed(struct net *);

/* text.c. Databases refuse texts that are not UTF-8, so none gets in. */
bool text_is_utf8(const char *);
/* lws takes a line break in the decoded URL for the end of its line, and what follows for headers;
 * then the version is not where it should be. */
bool net_line_is_whole(struct lws *);
/* Of the URL and those headers whose names lws knows, about as they came. */
int64_t net_header_bytes(struct lws *);
#define NET_HEADERS_TOO_LARGE "the URL and the headers are larger than http.max_header"
/* Copies a header without the blanks and tabs around it; its length, or -1 if absent or too long.
 */
int net_copy_header(struct lws *, enum lws_token_indexes, char *out, int size);
void net_copy_remote(struct lws *, char *out, size_t size);
#endif
