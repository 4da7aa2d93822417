#include <stdlib.h>

#include "base/arena.h"
#include "net/internal.h"

#define MAX_HEADER 4096

/* The request headers that are kept: lws lets go of the rest once the body comes. */
static const struct kept {
	const char *name;
	int token; /* -1: lws knows it by name only */
} kept[] = {
    {"accept", WSI_TOKEN_HTTP_ACCEPT},
    {"authorization", WSI_TOKEN_HTTP_AUTHORIZATION},
    {"content-length", WSI_TOKEN_HTTP_CONTENT_LENGTH},
    {"content-type", WSI_TOKEN_HTTP_CONTENT_TYPE},
    {"host", WSI_TOKEN_HOST},
    {"if-match", WSI_TOKEN_HTTP_IF_MATCH},
    {"if-none-match", WSI_TOKEN_HTTP_IF_NONE_MATCH},
    {"origin", WSI_TOKEN_ORIGIN},
    {"user-agent", WSI_TOKEN_HTTP_USER_AGENT},
    {"x-forwarded-for", WSI_TOKEN_X_FORWARDED_FOR},
    {"access-control-request-method", -1},
    {"access-control-request-headers", -1},
    {"idempotency-key", -1},
};
#define KEPT (sizeof kept / sizeof *kept)

static const struct method {
	enum lws_token_indexes token;
	const char *name;
} methods[] = {
    {WSI_TOKEN_GET_URI, "GET"},         {WSI_TOKEN_POST_URI, "POST"},
    {WSI_TOKEN_PUT_URI, "PUT"},         {WSI_TOKEN_DELETE_URI, "DELETE"},
    {WSI_TOKEN_PATCH_URI, "PATCH"},     {WSI_TOKEN_HEAD_URI, "HEAD"},
    {WSI_TOKEN_OPTIONS_URI, "OPTIONS"},
};

struct net_request {
	struct peer peer;
	struct net *net;
	struct lws *wsi;
	void *user;
	struct bb_arena *arena; /* everything of the request and the answer */
	struct bb_http http;
	const char *headers[KEPT];
	struct arg {
		struct arg *next;
		const char *name, *value;
	} * args;
	struct buf body;
	uint64_t began_ms;
	bool handed_over, head_only;
	struct {
		char *head, *body; /* LWS_PRE bytes in front of each */
		size_t head_len, body_len, sent;
	} out;
};

static void copy_headers(struct net_request *r)
{
	char *value = mem_alloc(MAX_HEADER);
	for (size_t i = 0; i < KEPT; i++) {
		int n;
		if (kept[i].token >= 0) {
			n = net_copy_header(r->wsi, (enum lws_token_indexes)kept[i].token, value,
					    MAX_HEADER);
		} else {
			char name[64];
			int len = snprintf(name, sizeof name, "%s:", kept[i].name);
			n = lws_hdr_custom_copy(r->wsi, value, MAX_HEADER, name, len);
		}
		if (n >= 0)
			r->headers[i] = bb_strndup(r->arena, value, (size_t)n);
	}
	free(value);
}

static void plus_to_space(char *s)
{
	for (; *s; s++)
		if (*s == '+')
			*s = ' ';
}

/* lws hands out the arguments one by one, decoded once. */
static void copy_args(struct net_request *r)
{
	char *text = mem_alloc(MAX_HEADER);
	for (int i = 0;
	     lws_hdr_copy_fragment(r->wsi, text, MAX_HEADER, WSI_TOKEN_HTTP_URI_ARGS, i) > 0; i++) {
		struct arg *a = bb_zalloc(r->arena, sizeof *a);
		char *copy = bb_strdup(r->arena, text);
		char *equals = strchr(copy, '=');
		a->name = copy;
		a->value = equals ? equals + 1 : "";
		if (equals) {
			*equals = '\0';
			plus_to_space(equals + 1);
		}
		a->next = r->args;
		r->args = a;
	}
	free(text);
}

static const char *method_of(struct lws *wsi)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (lws_hdr_total_length(wsi, methods[i].token))
			return methods[i].name;
	return NULL;
}

static struct net_request *request_new(struct net *n, struct lws *wsi, const char *method,
				       const char *path)
{
	struct net_request *r = mem_zalloc(sizeof *r);
	r->peer.kind = PEER_REQUEST;
	r->net = n;
	r->wsi = wsi;
	r->arena = arena_new(2048);
	r->began_ms = net_now_ms(n);
	r->head_only = !strcmp(method, "HEAD");
	char remote[INET6_ADDRSTRLEN];
	net_copy_remote(wsi, remote, sizeof remote);
	r->http.method = method;
	r->http.path = bb_strdup(r->arena, path);
	r->http.remote = bb_strdup(r->arena, remote);
	copy_headers(r);
	copy_args(r);
	return r;
}

static int hand_over(struct net_request *r)
{
	r->http.body = r->body.data ? r->body.data : "";
	r->http.body_len = r->body.len;
	r->handed_over = true;
	/* From here the handler's own time-out counts. */
	lws_set_timeout(r->wsi, NO_PENDING_TIMEOUT, 0);
	r->net->handler.request(r, r->net->handler.self);
	return 0;
}

static bool is_upgrade_path(const struct net *n, const char *path)
{
	size_t len = strlen(n->options.ws_path);
	return !strncmp(path, n->options.ws_path, len) && (!path[len] || path[len] == '/');
}

int request_begin(struct net *n, struct lws *wsi, const char *path)
{
	const char *method = method_of(wsi);
	char text[32];
	if (!method)
		return respond_and_close(wsi, 405, NULL, NULL, "this method is not known here");
	if (is_upgrade_path(n, path))
		return respond_and_close(wsi, 426, "upgrade", "websocket",
					 "chargers connect here by WebSocket");
	if (net_copy_header(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING, text, sizeof text) >= 0)
		return respond_and_close(wsi, 411, NULL, NULL,
					 "a body needs a Content-Length; chunks are not taken");
	bool has_length =
	    net_copy_header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, text, sizeof text) >= 0;
	long long length = has_length ? atoll(text) : 0;
	if (length > n->options.max_body_bytes)
		return respond_and_close(wsi, 413, NULL, NULL, "the body is too large");
	struct net_request *r = request_new(n, wsi, method, path);
	lws_set_opaque_user_data(wsi, r);
	return length > 0 ? 0 : hand_over(r);
}

int request_body(struct net_request *r, const char *data, size_t len)
{
	if (r->handed_over)
		return -1;
	if (net_now_ms(r->net) - r->began_ms > (uint64_t)r->net->options.http_ms)
		return respond_and_close(r->wsi, 408, NULL, NULL, "the body came too slowly");
	buf_add(&r->body, data, len);
	return r->body.len > (size_t)r->net->options.max_body_bytes
		   ? respond_and_close(r->wsi, 413, NULL, NULL, "the body is too large")
		   : 0;
}

int request_complete(struct net_request *r)
{
	return r->handed_over ? 0 : hand_over(r);
}

static void request_free(struct net_request *r)
{
	lws_set_opaque_user_data(r->wsi, NULL);
	buf_free(&r->body);
	arena_free(r->arena);
	free(r);
}

void request_drop(struct net_request *r)
{
	bool waiting = r->handed_over && !r->out.head;
	if (waiting)
		r->net->handler.request_gone(r, r->net->handler.self);
	request_free(r);
}

static void add_header_line(struct buf *b, const char *name, const char *value)
{
	buf_add_str(b, name);
	buf_add_str(b, ": ");
	for (; *value; value++) /* no line of the caller's making can end a header */
		buf_add_char(b, (unsigned char)*value < 0x20 ? ' ' : *value);
	buf_add_str(b, "\r\n");
}

static char *with_room(struct bb_arena *a, const void *data, size_t len)
{
	char *p = bb_alloc(a, LWS_PRE + len + 1);
	if (len)
		memcpy(p + LWS_PRE, data, len);
	return p;
}

void net_respond(struct net_request *r, int status, const char *content_type,
		 const struct net_header_line *headers, size_t header_count, const void *body,
		 size_t len)
{
	struct buf head = {0};
	buf_printf(&head, "HTTP/1.1 %d %s\r\n", status, respond_reason(status));
	if (content_type)
		add_header_line(&head, "content-type", content_type);
	if (status != 204 && status != 304)
		buf_printf(&head, "content-length: %zu\r\n", len);
	for (size_t i = 0; i < header_count; i++)
		add_header_line(&head, headers[i].name, headers[i].value);
	buf_add_str(&head, "\r\n");
	r->out.head = with_room(r->arena, head.data, head.len);
	r->out.head_len = head.len;
	buf_free(&head);
	if (!r->head_only && len) {
		r->out.body = with_room(r->arena, body, len);
		r->out.body_len = len;
	}
	lws_set_timeout(r->wsi, PENDING_TIMEOUT_HTTP_CONTENT,
			(int)(r->net->options.http_ms / 1000));
	lws_callback_on_writable(r->wsi);
}

static int finish(struct net_request *r)
{
	struct lws *wsi = r->wsi;
	request_free(r);
	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

int request_writable(struct net_request *r)
{
	if (!r->out.head)
		return 0;
	if (r->out.head_len) {
		size_t len = r->out.head_len;
		r->out.head_len = 0;
		if (lws_write(r->wsi, (unsigned char *)r->out.head + LWS_PRE, len,
			      LWS_WRITE_HTTP_HEADERS) < 0)
			return -1;
		if (!r->out.body_len)
			return finish(r);
		lws_callback_on_writable(r->wsi);
		return 0;
	}
	if (lws_write(r->wsi, (unsigned char *)r->out.body + LWS_PRE, r->out.body_len,
		      LWS_WRITE_HTTP_FINAL) < 0)
		return -1;
	return finish(r);
}

const struct bb_http *net_http(const struct net_request *r)
{
	return &r->http;
}

const char *net_header(const struct net_request *r, const char *lower_name)
{
	for (size_t i = 0; i < KEPT; i++)
		if (!strcmp(kept[i].name, lower_name))
			return r->headers[i];
	return NULL;
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
