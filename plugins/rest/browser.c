/* What browsers are told about every answer: how to read it, who may show it, who may keep it. */
#include "private.h"

/* A route that answers with a page says its own policy in place of this one. */
static const struct {
	const char *name, *value;
} headers[] = {
    {"x-content-type-options", "nosniff"},
    {"x-frame-options", "DENY"},
    {"referrer-policy", "no-referrer"},
    {"content-security-policy", "default-src 'none'; frame-ancestors 'none'"},
};

void browser_headers(struct rest *p, struct bb_call *call, bool is_private)
{
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		p->api->set_header(call, headers[i].name, headers[i].value);
	if (is_private)
		p->api->set_header(call, "cache-control", "no-store");
	/* Over plain HTTP browsers do not heed it, since anybody could have added it. */
	if (p->cfg->hsts_ms && p->api->http(call)->tls)
		p->api->set_header(call, "strict-transport-security",
				   bb_printf(p->api->arena(call), "max-age=%lld",
					     (long long)(p->cfg->hsts_ms / 1000)));
}
