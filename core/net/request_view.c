/* What handlers see of a request. */
#include <string.h>

#include "base/arena.h"
#include "net/request.h"

const struct bb_http *net_http(const struct net_request *r)
{
	return &r->http;
}

static int find_token(const char *name)
{
	size_t len = strlen(name);
	for (int t = 0; t < WSI_TOKEN_COUNT; t++) {
		const char *text = (const char *)lws_token_to_string((enum lws_token_indexes)t);
		if (text && !strncmp(text, name, len) && !strcmp(text + len, ":"))
			return t;
	}
	return -1;
}

const char *net_header(const struct net_request *r, const char *lower_name)
{
	struct buf *scratch = &r->net->scratch;
	int size = (int)r->net->options.max_header_bytes;
	buf_clear(scratch);
	char *value = buf_reserve(scratch, (size_t)size), name[128];
	int token = find_token(lower_name), len;
	if (token >= 0) {
		len = net_copy_header(r->wsi, (enum lws_token_indexes)token, value, size);
	} else {
		int name_len = snprintf(name, sizeof name, "%s:", lower_name);
		len = name_len < (int)sizeof name
			  ? lws_hdr_custom_copy(r->wsi, value, size, name, name_len)
			  : -1;
	}
	return len < 0 ? NULL : bb_strndup(r->arena, value, (size_t)len);
}

const char *net_param(const struct net_request *r, const char *name)
{
	for (const struct arg *a = r->args; a; a = a->next)
		if (!strcmp(a->name, name))
			return a->value;
	return NULL;
}

const char *net_param_name(const struct net_request *r, size_t i)
{
	const struct arg *a = r->args;
	while (a && i-- > 0)
		a = a->next;
	return a ? a->name : NULL;
}

void net_request_set_user(struct net_request *r, void *user)
{
	r->user = user;
}

void *net_request_user(const struct net_request *r)
{
	return r->user;
}
