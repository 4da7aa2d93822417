/* Cross-origin requests of browsers: answered only to the configured origins. */
#include "private.h"

static bool is_listed(const char *list, const char *origin)
{
	size_t len = strlen(origin);
	while (*list) {
		list += strspn(list, " ");
		size_t n = strcspn(list, " ");
		if (n && n == len && !memcmp(list, origin, n))
			return true;
		list += n;
	}
	return false;
}

/* "scheme://host:port" and no more, in small letters: so browsers send it. */
static bool is_origin(const char *word, size_t len)
{
	size_t scheme = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789+-.");
	const char *host = word + scheme + strlen("://"), *end = word + len;
	if (!scheme || strncmp(word + scheme, "://", 3) != 0 || host >= end)
		return false;
	return strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-._:[]") == (size_t)(end - host);
}

const char *cors_fault(const char *list, size_t *ret_len)
{
	for (; *(list += strspn(list, " ")); list += *ret_len) {
		*ret_len = strcspn(list, " ");
		if (!(*ret_len == 1 && *list == '*') && !is_origin(list, *ret_len))
			return list;
	}
	return NULL;
}

void cors_answer_preflight(struct rest *p, struct bb_call *call)
{
	p->api->set_header(call, "access-control-allow-methods", "GET, POST, PUT, DELETE");
	p->api->set_header(call, "access-control-allow-headers",
			   "authorization, content-type, if-match, idempotency-key, x-csrf-token");
	p->api->set_header(call, "access-control-max-age", "600");
	p->api->set_status(call, 204);
	p->api->reply(call, bb_json_empty(p->api->arena(call)));
}

bool cors_begin(struct rest *p, struct bb_call *call)
{
	const char *list = p->cfg->cors_origins, *origin = p->api->header(call, "origin");
	if (!*list)
		return false;
	/* A cache must not give one origin's answer, or that without any, to another. */
	p->api->set_header(call, "vary", "origin");
	bool is_named = origin && strcmp(origin, "*") != 0 && is_listed(list, origin);
	if (!origin || (!is_named && !is_listed(list, "*")))
		return false;
	p->api->set_header(call, "access-control-allow-origin",
			   bb_strdup(p->api->arena(call), origin));
	/* Never to just anybody's pages. */
	if (is_named && p->cfg->cors_credentials)
		p->api->set_header(call, "access-control-allow-credentials", "true");
	p->api->set_header(call, "access-control-expose-headers", "etag, location, retry-after");
	return !strcmp(p->api->http(call)->method, "OPTIONS") &&
	       p->api->header(call, "access-control-request-method");
}
