/* What the files of a request share: request.c for all of them, body.c and stream.c for those whose
 * body or answer goes in pieces. */
#ifndef NET_REQUEST_H
#define NET_REQUEST_H
#include "net/chunked.h"
#include "net/internal.h"
#include "net/pace.h"

#define PIECE_BYTES 65536u /* of a body or an answer at a time */
#define LINGER_S 2         /* reads on after refusing a body, so that the answer is not lost */

struct net_request {
	struct peer peer;
	struct net *net;
	struct lws *wsi;
	void *user;
	struct bb_arena *arena;
	struct bb_http http;
	struct arg {
		struct arg *next;
		const char *name, *value;
	} * args;
	enum { RECEIVING, ASKED, ANSWERED } state;
	bool keep_alive; /* the connection may serve another request */
	bool http_1_1;
	bool in_chunks, all_read;
	bool continue_told; /* or not asked for */
	bool paused;        /* lws does not read from the connection */
	bool dead;          /* only `deferred` calls still hold it */
	uint8_t deferred;
	struct chunked chunked;
	struct buf body;
	uint64_t began_ms, moved_ms; /* the last byte came or went, or was looked for */
	struct pace pace;            /* of the body, then of an answer in pieces */
	struct loop_deadline look;
	struct buf out;      /* the answer, after LWS_PRE bytes */
	size_t sent;         /* of `out`, LWS_PRE included */
	uint64_t lingers_ms; /* since when what still comes is thrown away; 0: it is not */

	/* A body in pieces; `body` is what has come and was not taken yet. */
	struct {
		bool on;
		bool wanted, scheduled;
		int fault;             /* what is told instead of a piece */
		int64_t limit, length; /* the latter as announced, -1 if not */
		int64_t taken;
	} in;

	/* An answer in pieces. */
	struct {
		bool on;
		bool asked; /* the handler has been told that there is room */
		bool ended; /* its last byte is in `out` */
		bool chunked;
		int64_t left;   /* of the length as announced */
		uint64_t taken; /* bytes of the connection that the client had when looked at */
	} to;
};

/* request.c */
/* lws goes round in circles if something comes, be it the end, while it waits for an answer of
 * ours; so it must not look, and whether the client is still there is looked at now and then. */
void request_pause(struct net_request *, bool pause);
/* The same of a connection whose request is over. */
void request_pause_reading(struct lws *, bool pause);
/* It is over; its connection may go on. */
void request_free(struct net_request *);
/* Calls fn(r) at the end of the turn; the first that it does is to ask whether r is still there. */
void request_defer(struct net_request *, bb_fn *fn);
bool request_still_there(struct net_request *);
/* Is the client of a request from which nothing is read still there? */
bool request_client_is_there(const struct net_request *);
/* Its client is waited for, at each look: did it do nothing for http.timeout, or too little? */
bool request_is_too_slow(struct net_request *);
/* The interim answer that a client may wait for before it sends its body. */
void request_tell_continue(struct net_request *);

/* body.c. The handler is asked now, and will pull the body. */
void body_begin(struct net_request *);
/* Bytes from the client; the end of them. */
void body_came(struct net_request *, const char *data, size_t len);
void body_ended(struct net_request *);
/* Nothing of the rest is taken; its handler is told the error. */
void body_failed(struct net_request *, int err);

/* stream.c: what is to be done when the connection takes more; -1 ends it. */
int stream_writable(struct net_request *);
/* It is over, with 0 or -ECONNRESET. */
void stream_over(struct net_request *, int err);
#endif
