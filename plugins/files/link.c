/* The URLs without a key: what their token is to the database, and the one answer to all that are
 * not good, so that nobody learns which were so once. */
#include "private.h"
#include "token.h"

struct bb_val link_hash(const struct files *p, struct bb_call *call)
{
	char hash[HEX_SIZE];
	token_hash(hash, p->api->attr(call, "token"));
	return bb_text(bb_strdup(p->api->arena(call), hash));
}

void link_refuse(struct files *p, struct bb_rest *r)
{
	const struct bb_http *http = p->api->http(r->call);
	int64_t count = bb_refusals_note(&p->refusals, http->remote, 404, p->api->now_ms());
	if (count)
		p->api->log(p->me, BB_WARN,
			    "%s of a file by an unknown or expired URL refused, remote=%s (%lld "
			    "since the last line)",
			    http->method, http->remote, (long long)count);
	bb_rest_fail(r, "404", "there is nothing at this path");
}
