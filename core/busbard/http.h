/* REST requests: from net's request to a route's chain of handlers and back. */
#ifndef BUSBARD_HTTP_H
#define BUSBARD_HTTP_H
#include "net/net.h"
#include "plugin/host.h"

struct http_front {
	struct loop *loop;
	struct host *host;
	const struct schema_set *schemas;
	uint32_t handler_ms; /* how long a handler may take unless it says */
	bool check_answers;  /* see answers.h */
	uint32_t open;       /* requests not yet answered */
	struct exchange *first;
};

/* Makes known what is counted of requests. */
void http_counts(void);
void http_request(struct http_front *, struct net_request *);
void http_request_gone(struct net_request *);

/* Bodies and answers in pieces: net's handler of the same names. */
int64_t http_streams(const struct http_front *, const struct net_request *);
void http_body(struct net_request *, int err, const void *bytes, size_t len);
void http_room(struct net_request *);
void http_stream_over(struct net_request *);
/* Plugins are about to stop: nothing more goes in pieces. */
void http_end_streams(struct http_front *);
#endif
