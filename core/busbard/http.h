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
	uint32_t open;       /* requests not yet answered */
};

void http_request(struct http_front *, struct net_request *);
void http_request_gone(struct net_request *);
#endif
