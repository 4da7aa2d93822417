/* What is known of a TCP connection as long as it lasts, whatever is spoken on it. Private to
 * core/net. */
#ifndef NET_CONNECTION_H
#define NET_CONNECTION_H
#include "net/internal.h"
#include "net/source.h"

struct connection {
	struct net *net;
	struct source *source; /* NULL: it is not counted */
	struct peer *peer;     /* a link, or the request at work; NULL: it waits for one */
	bool is_link;
	bool pipelined; /* the request that it waits for is there already */
	bool answered;  /* what never became a request; it ends */
	/* Since when it waits for a request, and what had come and gone by then. */
	uint64_t waits_ms, waits_in, waits_out;
};

/* Of a socket that was accepted: NULL, with an answer to it, if its address has as many as allowed.
 */
struct connection *connection_new(struct net *, int fd, const struct sockaddr *remote);
struct connection *connection_of(struct lws *);
void connection_free(struct connection *);
/* It has served a request, and waits for another. */
void connection_waits(struct connection *, struct lws *);
/* May its address have one more link; it is one. */
bool connection_may_be_link(const struct connection *);
void connection_is_link(struct connection *, struct peer *link);
/* lws ends it, and no request of it was read to its end: if it came too slowly, its client is told,
 * but not over TLS. */
void connection_ends(struct connection *, struct lws *);
#endif
