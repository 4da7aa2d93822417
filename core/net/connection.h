/* What is known of a TCP connection as long as it lasts, whatever is spoken on it. Private to
 * core/net. */
#ifndef NET_CONNECTION_H
#define NET_CONNECTION_H
#include "net/internal.h"
#include "net/source.h"

struct connection {
	struct net *net;
	struct source *source; /* NULL: it is not counted */
	struct lws *wsi;
	struct peer *peer; /* a link, or the request at work; NULL: it waits for one */
	bool is_link;
	bool is_secure; /* its TLS handshake is over, or there is none */
	bool pipelined; /* the request that it waits for is there already */
	bool ends;      /* nothing more is read from it */
	/* Since when it waits for the handshake's end or a request, the bytes that had come by
	 * then, and when some of the request were seen to be there; 0: none yet. */
	uint64_t waits_ms, waits_in, came_ms;
	struct loop_deadline look;
};

/* Of a socket that was accepted: NULL, with an answer to it, if its address has as many as allowed.
 */
struct connection *connection_new(struct net *, int fd, const struct sockaddr *remote);
struct connection *connection_of(struct lws *);
void connection_free(struct connection *);
/* lws has it: from now on whoever is too slow with the handshake or the headers of a request is
 * hung up; who has begun a request is told so (408). */
void connection_begins(struct connection *, struct lws *);
/* Its TLS handshake is over; NULL is nobody's. */
void connection_is_secure(struct connection *);
/* It has served a request, and waits for another. */
void connection_waits(struct connection *);
/* May its address have one more link; it is one. */
bool connection_may_be_link(const struct connection *);
void connection_is_link(struct connection *, struct peer *link);
#endif
