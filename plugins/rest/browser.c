/* What browsers are told beside what the server tells with every answer: who may keep it, and how
 * to come back. */
#include "private.h"

void browser_headers(struct rest *p, struct bb_call *call, bool is_private)
{
	if (is_private)
		p->api->set_header(call, "cache-control", "no-store");
	/* Over plain HTTP browsers do not heed it, since anybody could have added it. */
	if (p->cfg->hsts_ms && p->api->http(call)->tls)
		p->api->set_header(call, "strict-transport-security",
				   bb_printf(p->api->arena(call), "max-age=%lld",
					     (long long)(p->cfg->hsts_ms / 1000)));
}
