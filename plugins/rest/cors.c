/* Cross-origin requests of browsers: answered only to the configured origins. */
#include "private.h"

/* `list` is separated by spaces; "*" in it stands for every origin. */
static bool is_listed(const char *list, const char *origin)
{
	size_t len = strlen(origin);
	while (*list) {
		list += strspn(list, " ");
		size_t n = strcspn(list, " ");
		if ((n == 1 && *list == '*') || (n && n == len && !memcmp(list, origin, n)))
			return true;
		list += n;
	}
	return false;
}

static void answer_preflight(struct rest *p, struct bb_call *call)
{
	p->api->set_header(call, "access-control-allow-methods", "GET, POST, PUT, DELETE");
	p->api->set_header(call, "access-control-allow-headers",
			   "authorization, content-type, if-match, idempotency-key");
	p->api->set_header(call, "access-control-max-age", "600");
	p->api->set_status(call, 204);
	p->api->reply(call, bb_json_empty(p->api->arena(call)));
}

bool cors_handle(struct rest *p, struct bb_call *call)
{
	const char *origin = p->api->header(call, "origin");
	if (!origin || !is_listed(p->cfg->cors_origins, origin))
		return false;
	p->api->set_header(call, "access-control-allow-origin",
			   bb_strdup(p->api->arena(call), origin));
	p->api->set_header(call, "vary", "origin");
	p->api->set_header(call, "access-control-expose-headers", "etag, location, retry-after");
	if (strcmp(p->api->http(call)->method, "OPTIONS") != 0 ||
	    !p->api->header(call, "access-control-request-method"))
		return false;
	answer_preflight(p, call);
	return true;
}
