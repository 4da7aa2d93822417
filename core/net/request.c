/* One HTTP request, from its headers to its handler; what becomes of it then is in answer.c. */
#define _GNU_SOURCE /* strcasestr */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "net/connection.h"
#include "net/counts.h"
#include "net/request.h"

static const struct method {
	enum lws_token_indexes token;
	const char *name;
	bool has_body;
} methods[] = {
    {WSI_TOKEN_GET_URI, "GET", false},         {WSI_TOKEN_POST_URI, "POST", true},
    {WSI_TOKEN_PUT_URI, "PUT", true},          {WSI_TOKEN_DELETE_URI, "DELETE", false},
    {WSI_TOKEN_PATCH_URI, "PATCH", true},      {WSI_TOKEN_HEAD_URI, "HEAD", false},
    {WSI_TOKEN_OPTIONS_URI, "OPTIONS", false},
};

static void add_arg(struct net_request *r, const char *text)
{
	struct arg *a = bb_zalloc(r->arena, sizeof *a);
	char *copy = bb_strdup(r->arena, text);
	char *equals = strchr(copy, '=');
	if (equals)
		*equals = '\0';
	a->name = copy;
	a->value = equals ? equals + 1 : "";
	a->next = r->args;
	r->args = a;
}

/* lws hands out the arguments one by one, decoded. Empty ones are none; lws makes a "/" of an empty
 * one at the end. */
static void copy_args(struct net_request *r)
{
	enum lws_token_indexes args = WSI_TOKEN_HTTP_URI_ARGS;
	int size = (int)r->net->options.max_header_bytes;
	char *text = mem_alloc((size_t)size);
	for (int i = 0; lws_hdr_copy_fragment(r->wsi, text, size, args, i) >= 0; i++) {
		bool last = lws_hdr_fragment_length(r->wsi, args, i + 1) <= 0;
		if (*text && !(last && !strcmp(text, "/")))
			add_arg(r, text);
	}
	free(text);
}

static const struct method *method_of(struct lws *wsi)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (lws_hdr_total_length(wsi, methods[i].token))
			return &methods[i];
	return NULL;
}

static bool is_http_1_1(struct lws *wsi)
{
	char version[16];
	net_copy_header(wsi, WSI_TOKEN_HTTP, version, sizeof version);
	return !strcmp(version, "HTTP/1.1");
}

static bool wants_close(struct lws *wsi)
{
	char connection[128];
	net_copy_header(wsi, WSI_TOKEN_CONNECTION, connection, sizeof connection);
	return strcasestr(connection, "close") != NULL;
}

static bool expects_continue(struct lws *wsi)
{
	char expect[32];
	net_copy_header(wsi, WSI_TOKEN_HTTP_EXPECT, expect, sizeof expect);
	return strcasecmp(expect, "100-continue") == 0;
}

static struct net_request *request_new(struct net *n, struct lws *wsi, const char *method,
				       const char *path)
{
	struct net_request *r = mem_zalloc(sizeof *r);
	r->peer.kind = PEER_REQUEST;
	r->net = n;
	r->wsi = wsi;
	r->arena = arena_new(1024);
	r->began_ms = net_now_ms(n);
	r->http_1_1 = is_http_1_1(wsi);
	r->keep_alive = n->options.keep_alive && r->http_1_1 && !wants_close(wsi);
	r->continue_told = !expects_continue(wsi);
	char remote[INET6_ADDRSTRLEN];
	net_copy_remote(wsi, remote, sizeof remote);
	r->http.method = method;
	r->http.path = bb_strdup(r->arena, path);
	r->http.remote = bb_strdup(r->arena, remote);
	r->http.tls = lws_is_ssl(wsi);
	copy_args(r);
	n->requests++;
	return r;
}

void request_pause_reading(struct lws *wsi, bool pause)
{
	lws_rx_flow_control(wsi, LWS_RXFLOW_REASON_FLAG_PROCESS_NOW | LWS_RXFLOW_REASON_USER_BOOL |
				     (pause ? LWS_RXFLOW_REASON_APPLIES_DISABLE
					    : LWS_RXFLOW_REASON_APPLIES_ENABLE));
}

void request_pause(struct net_request *r, bool pause)
{
	if (r->paused == pause)
		return;
	r->paused = pause;
	request_pause_reading(r->wsi, pause);
}

bool request_client_is_there(const struct net_request *r)
{
	char byte;
	ssize_t n = recv(lws_get_socket_fd(r->wsi), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

bool request_is_too_slow(struct net_request *r)
{
	const struct net_options *o = &r->net->options;
	return net_now_ms(r->net) - r->moved_ms > (uint64_t)o->http_ms ||
	       !pace_waited(&r->pace, o, LOOK_MS);
}

static void on_look(void *arg)
{
	struct net_request *r = arg;
	if (request_client_is_there(r))
		loop_deadline_set(r->net->loop, &r->look, LOOK_MS, on_look, r);
	else
		net_cut(r->net, r->wsi);
}

static int hand_over(struct net_request *r)
{
	r->http.body = r->body.data ? r->body.data : "";
	r->http.body_len = r->body.len;
	r->state = ASKED;
	r->all_read = true;
	loop_deadline_clear(&r->look);
	/* From here the handler's own time-out counts. */
	lws_set_timeout(r->wsi, NO_PENDING_TIMEOUT, 0);
	request_pause(r, true);
	r->net->handler.request(r, r->net->handler.self);
	if (r->state == ASKED)
		loop_deadline_set(r->net->loop, &r->look, LOOK_MS, on_look, r);
	return 0;
}

static int refuse(struct net_request *r, int status, const char *text)
{
	struct buf body = {0};
	respond_problem(&body, status, text);
	r->keep_alive = false;
	net_respond(r, status, "application/problem+json", NULL, 0, body.data, body.len);
	buf_free(&body);
	return 0;
}

static void on_receiving(void *arg);

static void look_at_receiving(struct net_request *r)
{
	uint64_t most = (uint64_t)r->net->options.http_ms, took = net_now_ms(r->net) - r->began_ms,
		 left = most > took ? most - took : 0;
	loop_deadline_set(r->net->loop, &r->look, left < LOOK_MS ? left : LOOK_MS, on_receiving, r);
}

/* A body that is wanted as a whole: it has http.timeout, and must come on. */
static void on_receiving(void *arg)
{
	struct net_request *r = arg;
	const struct net_options *o = &r->net->options;
	uint64_t now = net_now_ms(r->net), waited = now - r->moved_ms;
	r->moved_ms = now;
	if (pace_waited(&r->pace, o, waited) && now - r->began_ms < (uint64_t)o->http_ms) {
		look_at_receiving(r);
		return;
	}
	net_counts_slow("body");
	refuse(r, 408, "the body came too slowly");
}

/* Of a body that is not empty. */
static int begin_receiving(struct net_request *r, int64_t length)
{
	r->in.length = length;
	pace_begin(&r->pace, &r->net->options);
	if (r->in.on) {
		body_begin(r);
		return 0;
	}
	r->moved_ms = net_now_ms(r->net);
	look_at_receiving(r);
	return 0;
}

static int begin_chunks(struct net_request *r, const struct method *m, const char *encoding,
			bool has_length)
{
	/* lws does not see where the body ends. */
	r->keep_alive = false;
	if (has_length)
		return refuse(r, 400, "Transfer-Encoding and Content-Length exclude each other");
	if (strcasecmp(encoding, "chunked") != 0)
		return refuse(r, 501, "the only transfer coding here is chunked");
	if (!m->has_body)
		return refuse(r, 411, "a body of this method needs a Content-Length");
	r->in_chunks = true;
	return begin_receiving(r, -1);
}

static int begin_length(struct net_request *r, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	if (!digits || text[digits])
		return refuse(r, 400, "Content-Length is not a number");
	if (digits > 12 || atoll(text) > r->in.limit)
		return refuse(r, 413, "the body is too large");
	return atoll(text) ? begin_receiving(r, atoll(text)) : hand_over(r);
}

static int begin_body(struct net_request *r, const struct method *m)
{
	char encoding[64], length[64];
	bool coded = net_copy_header(r->wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING, encoding,
				     sizeof encoding) >= 0;
	bool has_length =
	    net_copy_header(r->wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, length, sizeof length) >= 0;
	if (coded)
		return begin_chunks(r, m, encoding, has_length);
	if (has_length)
		return begin_length(r, length);
	/* lws waits for a body of any length here. */
	if (m->has_body)
		r->keep_alive = false;
	return hand_over(r);
}

void request_tell_continue(struct net_request *r)
{
	static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
	unsigned char room[LWS_PRE + sizeof interim];
	if (r->continue_told || r->all_read)
		return;
	r->continue_told = true;
	memcpy(room + LWS_PRE, interim, sizeof interim);
	lws_write(r->wsi, room + LWS_PRE, sizeof interim - 1, LWS_WRITE_HTTP);
}

/* How much of a body is taken, and how. */
static void set_limit(struct net_request *r)
{
	const struct net_handler *h = &r->net->handler;
	int64_t limit = h->streams ? h->streams(r, h->self) : -1;
	r->in.on = limit >= 0;
	r->in.limit = r->in.on ? limit : r->net->options.max_body_bytes;
}

static bool is_text(const struct net_request *r)
{
	for (const struct arg *a = r->args; a; a = a->next)
		if (!text_is_utf8(a->name) || !text_is_utf8(a->value))
			return false;
	return text_is_utf8(r->http.path);
}

/* Will lws wait for a body? */
static bool awaits_body(struct lws *wsi, const struct method *m)
{
	char length[64];
	return m->has_body ||
	       (net_copy_header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, length, sizeof length) >= 0 &&
		strcmp(length, "0") != 0);
}

/* Whom it is for: once, in every request of HTTP/1.1. */
static bool has_one_host(struct lws *wsi)
{
	bool single = lws_hdr_fragment_length(wsi, WSI_TOKEN_HOST, 1) <= 0;
	return single && (lws_hdr_total_length(wsi, WSI_TOKEN_HOST) > 0 || !is_http_1_1(wsi));
}

/* lws does not know them by these names; who stands in front of us may. */
static bool frames_twice(struct lws *wsi)
{
	return lws_hdr_custom_length(wsi, "content-length :", 16) >= 0 ||
	       lws_hdr_custom_length(wsi, "transfer-encoding :", 19) >= 0;
}

int request_begin(struct net *n, struct lws *wsi, const char *path)
{
	static const struct net_header_line upgrade = {"Upgrade", "websocket"};
	const struct method *m = method_of(wsi);
	if (!m)
		return respond_and_close(wsi, 405, NULL, "this method is not known here");
	if (!net_line_is_whole(wsi))
		return respond_and_close(wsi, 400, NULL, "the URL has a line break, or no version");
	if (net_header_bytes(wsi) > n->options.max_header_bytes)
		return respond_and_close(wsi, 431, NULL, NET_HEADERS_TOO_LARGE);
	if (!has_one_host(wsi))
		return respond_and_close(wsi, 400, NULL, "it needs the header Host, and once");
	if (frames_twice(wsi))
		return respond_and_close(wsi, 400, NULL, "a header's name has a blank behind it");
	if (*n->options.ws_path && url_is_ours(n->options.ws_path, path))
		return respond_and_close(wsi, 426, &upgrade, "chargers connect here by WebSocket");
	if (connection_of(wsi)->pipelined && awaits_body(wsi, m))
		return respond_and_close(wsi, 400, NULL,
					 "a request with a body must wait for the answer to the "
					 "one before it");
	struct net_request *r = request_new(n, wsi, m->name, path);
	connection_of(wsi)->peer = &r->peer;
	if (!is_text(r))
		return refuse(r, 400, "the URL is not UTF-8, once decoded");
	set_limit(r);
	int verdict = begin_body(r, m);
	if (r->state == RECEIVING)
		request_tell_continue(r);
	return verdict;
}

static int take_chunks(struct net_request *r, const char *data, size_t len)
{
	int got = chunked_feed(&r->chunked, data, len, (size_t)r->in.limit, &r->body);
	if (got == -EMSGSIZE)
		return refuse(r, 413, "the body is too large");
	if (got < 0)
		return refuse(r, 400, "the chunks of the body are malformed");
	return got ? hand_over(r) : 0;
}

/* What is thrown away must not come for ever. */
static int discard(const struct net_request *r)
{
	return r->lingers_ms && net_now_ms(r->net) - r->lingers_ms > LINGER_S * 1000 ? -1 : 0;
}

int request_body(struct net_request *r, const char *data, size_t len)
{
	pace_moved(&r->pace, &r->net->options, len);
	if (r->in.on && r->state == ASKED)
		body_came(r, data, len);
	if (r->state != RECEIVING)
		return discard(r);
	if (r->in_chunks)
		return take_chunks(r, data, len);
	buf_add(&r->body, data, len);
	return 0;
}

static int refuse_endless(struct net_request *r)
{
	if (r->state == RECEIVING)
		return refuse(r, 413, "the body is too large");
	body_failed(r, -EMSGSIZE);
	return 0;
}

int request_complete(struct net_request *r)
{
	/* Where lws was not told a length it gives up after so many bytes. */
	if (r->in_chunks && !r->all_read && r->state != ANSWERED)
		return refuse_endless(r);
	if (r->in.on && r->state == ASKED)
		body_ended(r);
	r->all_read = true;
	return r->state == RECEIVING ? hand_over(r) : r->lingers_ms ? -1 : 0;
}

void request_free(struct net_request *r)
{
	connection_waits(connection_of(r->wsi));
	loop_deadline_clear(&r->look);
	buf_free(&r->body);
	buf_free(&r->out);
	arena_free(r->arena);
	r->net->requests--;
	net_tell_all_closed(r->net);
	r->dead = true;
	if (!r->deferred)
		free(r);
}

void request_defer(struct net_request *r, bb_fn *fn)
{
	r->deferred++;
	loop_defer(r->net->loop, fn, r);
}

bool request_still_there(struct net_request *r)
{
	r->deferred--;
	if (r->dead && !r->deferred)
		free(r);
	else
		return !r->dead;
	return false;
}

void request_drop(struct net_request *r)
{
	if (r->state == ASKED)
		r->net->handler.request_gone(r, r->net->handler.self);
	stream_over(r, -ECONNRESET);
	request_free(r);
}
