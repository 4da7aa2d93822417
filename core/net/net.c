#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "net/connection.h"
#include "net/counts.h"
#include "net/tls.h"

#define TICK_MS 1000u
#define RX_BYTES 1024u  /* small: most messages fit, and every link has one */
#define TX_BYTES 65536u /* what is offered to the kernel at a time; a limit, and no buffer */
#define LEAVE_TURNS 20
#define DEFAULT_HEADER_BYTES 8192
#define MOST_HEADER_BYTES 65535
#define LATER_S 2 /* lws's own time-outs, which answer nothing, come after ours */
#define CONTEXT_OPTIONS (LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS)
#define TLS_OPTIONS (LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX)

uint64_t net_now_ms(const struct net *n)
{
	return uv_now(loop_uv(n->loop));
}

static int on_link_event(struct net_link *l, enum lws_callback_reasons reason, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		link_opened(l);
		return l->doomed ? -1 : 0;
	case LWS_CALLBACK_RECEIVE:
		return link_receive(l, in, len);
	case LWS_CALLBACK_RECEIVE_PONG:
		link_alive(l);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return link_writable(l);
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		l->peer_left = true;
		if (len >= 2)
			l->peer_code = (uint16_t)(((uint8_t *)in)[0] << 8 | ((uint8_t *)in)[1]);
		return 0;
	default:
		return 0;
	}
}

static int on_request_event(struct net_request *r, enum lws_callback_reasons reason, void *in,
			    size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_HTTP_BODY:
		return request_body(r, in, len);
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return request_complete(r);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return request_writable(r);
	case LWS_CALLBACK_CLOSED_HTTP:
		request_drop(r);
		return 0;
	default:
		return 0;
	}
}

static void on_gone(struct net *n, struct lws *wsi)
{
	struct connection *c = connection_of(wsi);
	if (!c)
		return;
	if (c->peer && c->peer->kind == PEER_LINK)
		link_gone((struct net_link *)c->peer);
	else if (c->peer)
		request_drop((struct net_request *)c->peer);
	lws_set_opaque_user_data(wsi, NULL);
	connection_free(c);
	listener_connection_gone(n);
}

/* Order, seen by trace on 4.1.6: FILTER_NETWORK..., then for chargers HTTP_CONFIRM_UPGRADE,
 * ESTABLISHED, RECEIVE..., CLOSED, WSI_DESTROY; for requests HTTP, HTTP_BODY..., BODY_COMPLETION,
 * HTTP_WRITEABLE..., and on hanging up CLOSED_HTTP, WSI_DESTROY. */
static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *session, void *in,
		    size_t len)
{
	struct net *n = lws_context_user(lws_get_context(wsi));
	struct connection *c = wsi ? connection_of(wsi) : NULL;
	struct peer *peer = c ? c->peer : NULL;
	switch (reason) {
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return c ? upgrade_decide(n, wsi, in) : -1;
	case LWS_CALLBACK_HTTP:
		return !c || peer ? -1 : request_begin(n, wsi, in);
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS: /* `session` is the SSL_CTX */
		tls_serve(n->options.tls, n->options.tls_options, session);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		on_gone(n, wsi);
		return 0;
	default:
		break;
	}
	if (!peer)
		return 0;
	return peer->kind == PEER_LINK
		   ? on_link_event((struct net_link *)peer, reason, in, len)
		   : on_request_event((struct net_request *)peer, reason, in, len);
}

static void on_lws_log(int level, const char *line)
{
	size_t len = strcspn(line, "\n");
	log_line(level == LLL_ERR ? BB_WARN : BB_DEBUG, "libwebsockets", "%.*s", (int)len, line);
}

static void on_tick(void *arg)
{
	struct net *n = arg;
	link_sweep(n);
	sources_sweep(&n->sources, net_now_ms(n));
}

/* protocols[0] takes HTTP; the rest are the subprotocols, all with the same callback. */
static struct lws_protocols *make_protocols(const struct net *n)
{
	size_t count = 0;
	while (n->options.subprotocols[count])
		count++;
	struct lws_protocols *p = mem_zalloc((count + 2) * sizeof *p);
	for (size_t i = 0; i <= count; i++)
		p[i] = (struct lws_protocols){
		    .name = i ? n->options.subprotocols[i - 1] : "http",
		    .callback = on_event,
		    .rx_buffer_size = RX_BYTES,
		    .tx_packet_size = TX_BYTES,
		};
	return p;
}

/* lws unloads its libuv part when the context goes, while callbacks of that part are still due on
 * our loop: it is kept in memory. */
static void keep_loop_support(void)
{
	dlopen("libwebsockets-evlib_uv.so", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
}

/* lws looks for a vhost by the header Host among those of the same port: so they must not have the
 * same one, though they have none. */
static int make_vhosts(struct net *n, struct lws_context_creation_info *info)
{
	static const int no_ports[LISTENERS] = {
	    [PLAIN] = CONTEXT_PORT_NO_LISTEN, [TLS] = CONTEXT_PORT_NO_LISTEN_SERVER};
	for (int i = 0; i < LISTENERS; i++) {
		struct listener *l = &n->listeners[i];
		if (!l->address)
			continue;
		info->port = no_ports[i];
		info->vhost_name = l->option;
		info->options = CONTEXT_OPTIONS | (i == TLS ? TLS_OPTIONS : 0);
		l->vhost = lws_create_vhost(n->context, info);
		if (!l->vhost)
			return -EIO;
	}
	return 0;
}

/* With the few answers that are libwebsockets' own. */
static void set_own_headers(struct net *n, struct lws_context_creation_info *info)
{
	static char names[BROWSER_HEADERS][32];
	for (size_t i = 0; i < BROWSER_HEADERS; i++) {
		snprintf(names[i], sizeof names[i], "%s:", browser_headers[i].name);
		n->own_headers[i] = (struct lws_protocol_vhost_options){
		    .next = i + 1 < BROWSER_HEADERS ? &n->own_headers[i + 1] : NULL,
		    .name = names[i],
		    .value = browser_headers[i].value};
	}
	info->headers = n->own_headers;
}

static int make_context(struct net *n)
{
	keep_loop_support();
	void *loops[] = {loop_uv(n->loop)};
	int seconds = (int)(n->options.http_ms / 1000) + LATER_S;
	/* What is too large, but not by far, is so read, and answered. */
	int64_t headers = 2 * n->options.max_header_bytes;
	struct lws_context_creation_info info = {
	    .port = CONTEXT_PORT_NO_LISTEN_SERVER,
	    .protocols = n->protocols,
	    .options = CONTEXT_OPTIONS,
	    .foreign_loops = loops,
	    .pt_serv_buf_size = 4096,
	    .max_http_header_data =
		(unsigned short)(headers < MOST_HEADER_BYTES ? headers : MOST_HEADER_BYTES),
	    .max_http_header_pool = 4096,
	    .timeout_secs = (unsigned)seconds,
	    .timeout_secs_ah_idle = (unsigned)seconds,
	    .keepalive_timeout = seconds,
	    .alpn = "http/1.1",
	    .user = n,
	    .pcontext = &n->context,
	};
	set_own_headers(n, &info);
	if (n->listeners[TLS].address)
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	/* What a client broke is no news at any other level. */
	lws_set_log_level(log_enabled(BB_DEBUG) ? LLL_ERR | LLL_WARN : 0, on_lws_log);
	n->context = lws_create_context(&info);
	return n->context ? make_vhosts(n, &info) : -EIO;
}

static int64_t within(int64_t ms, int64_t most)
{
	return ms && ms < most ? ms : most;
}

void net_set_limits(struct net *n, const struct net_options *from)
{
	struct net_options *o = &n->options;
	char *exceptions = mem_strdup(from->address_exceptions ? from->address_exceptions : "");
	free(n->exceptions);
	o->address_exceptions = n->exceptions = exceptions;
	o->max_message_bytes = from->max_message_bytes;
	o->max_body_bytes = from->max_body_bytes;
	o->max_queue_bytes = from->max_queue_bytes;
	o->ping_ms = from->ping_ms;
	o->idle_ms = from->idle_ms;
	o->handshake_ms = within(from->handshake_ms, o->http_ms);
	o->header_ms = within(from->header_ms, o->http_ms);
	o->min_rate = from->min_rate;
	o->rate_grace_ms = from->rate_grace_ms;
	o->keep_alive = from->keep_alive;
	o->max_links = from->max_links;
	o->address_connections = from->address_connections;
	o->address_links = from->address_links;
	o->address_rate = from->address_rate;
}

static void set_listener(struct net *n, int i, const char *option, const char *address)
{
	n->listeners[i] = (struct listener){
	    .net = n,
	    .option = option,
	    .address = address && *address ? mem_strdup(address) : NULL,
	    .fd = -1,
	};
}

int net_start(struct loop *loop, const struct net_options *options,
	      const struct net_handler *handler, struct net **ret, char **ret_error)
{
	struct net *n = mem_zalloc(sizeof *n);
	n->loop = loop;
	n->options = *options;
	n->options.ws_path = n->ws_path = mem_strdup(options->ws_path);
	if (!n->options.max_header_bytes)
		n->options.max_header_bytes = DEFAULT_HEADER_BYTES;
	net_set_limits(n, options);
	n->handler = *handler;
	set_listener(n, PLAIN, "http.listen", options->listen);
	set_listener(n, TLS, "tls.listen",
		     options->tls_options ? options->tls_options->listen : NULL);
	n->protocols = make_protocols(n);
	n->most_descriptors = listener_raise_limit();
	int err = listeners_open(n, ret_error);
	if (!err && (err = make_context(n)))
		*ret_error = mem_strdup("libwebsockets does not start on libuv; is the package "
					"libwebsockets-evlib-uv installed?");
	if (err) {
		net_free(n);
		return err;
	}
	net_counts_begin(n);
	n->tick = loop_timer(loop, TICK_MS, true, on_tick, n);
	*ret = n;
	return 0;
}

uint16_t net_port(const struct net *n)
{
	return n->listeners[PLAIN].port;
}

uint16_t net_tls_port(const struct net *n)
{
	return n->listeners[TLS].port;
}

uint32_t net_link_count(const struct net *n)
{
	return n->links;
}

void net_stop_accepting(struct net *n)
{
	listeners_close(n);
}

/* lws minds time-outs set from outside its callbacks only when something else wakes it. */
void net_cut(struct net *n, struct lws *wsi)
{
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
	lws_cancel_service(n->context);
}

static void all_closed(struct net *n)
{
	bb_fn *fn = n->closing.fn;
	n->closing.fn = NULL;
	fn(n->closing.arg);
}

void net_tell_all_closed(struct net *n)
{
	if (n->links || n->requests || !n->closing.fn)
		return;
	loop_timer_release(n->closing.timer);
	n->closing.timer = NULL;
	all_closed(n);
}

static void on_patience_over(void *arg)
{
	struct net *n = arg;
	n->closing.timer = NULL;
	all_closed(n);
}

void net_close_all(struct net *n, uint16_t code, uint64_t ms, bb_fn *fn, void *arg)
{
	if (!n->links && !n->requests) {
		loop_defer(n->loop, fn, arg);
		return;
	}
	n->closing.fn = fn;
	n->closing.arg = arg;
	n->closing.timer = loop_timer(n->loop, ms, false, on_patience_over, n);
	for (struct net_link *l = n->oldest; l; l = l->next)
		net_close(l, code, "the server is stopping");
}

static void count_closing(uv_handle_t *h, void *count)
{
	if (uv_is_closing(h))
		++*(size_t *)count;
}

static void finish_closing(uv_loop_t *uv)
{
	size_t closing = 1;
	for (int i = 0; i < LEAVE_TURNS && closing; i++) {
		closing = 0;
		uv_run(uv, UV_RUN_NOWAIT);
		uv_walk(uv, count_closing, &closing);
	}
}

/* On a loop that is not its own lws closes its handles when first told, and frees what they use
 * when told again, which must not be before they are closed; then it clears `context`. */
static void leave(struct net *n)
{
	for (int i = 0; i < LEAVE_TURNS && n->context; i++) {
		lws_context_destroy(n->context);
		finish_closing(loop_uv(n->loop));
	}
}

void net_free(struct net *n)
{
	net_counts_end(n);
	listeners_close(n);
	loop_timer_release(n->tick);
	loop_timer_release(n->closing.timer);
	if (n->context)
		leave(n);
	buf_free(&n->scratch);
	free(n->protocols);
	for (int i = 0; i < LISTENERS; i++)
		free(n->listeners[i].address);
	free(n->ws_path);
	free(n->exceptions);
	sources_free(&n->sources);
	free(n);
}
