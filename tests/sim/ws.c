#include "ws.h"

#include <dlfcn.h>
#include <errno.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/buf.h"
#include "tls.h"

#define RX_BUFFER 4096
#define SMALL_FRAME 2048u
#define PROTOCOL "charger"

struct frame {
	struct frame *next;
	enum lws_write_protocol flags;
	size_t len;
	unsigned char pre[LWS_PRE];
	unsigned char data[];
};

struct ws_link {
	struct ws *ws;
	struct lws *wsi;
	void *arg;
	SSL_CTX *tls;
	char *authorization;
	char chosen[32]; /* subprotocol */
	struct frame *first, **last;
	struct buf partial; /* of a message that came in pieces */
	uint16_t close_code, peer_code;
	char *close_reason;
	struct buf peer_reason;
	bool open, dead; /* dead: libwebsockets knows it no more */
	int fail_status;
	char *fail_reason;
	struct ws_link *next, **back;
};

/* libwebsockets has TLS settings per virtual host. */
struct tls_host {
	struct tls_host *next;
	SSL_CTX *tls;
	struct lws_vhost *vhost;
};

struct ws {
	struct loop *loop;
	struct lws_context *context;
	struct ws_handler handler;
	struct ws_link *links;
	struct tls_host *hosts;
	bool ending;
};

static void free_link(struct ws_link *l)
{
	while (l->first) {
		struct frame *f = l->first;
		l->first = f->next;
		free(f);
	}
	*l->back = l->next;
	if (l->next)
		l->next->back = l->back;
	buf_free(&l->partial);
	buf_free(&l->peer_reason);
	free(l->close_reason);
	free(l->fail_reason);
	free(l->authorization);
	free(l);
}

static int write_now(struct ws_link *l, unsigned char *data, size_t len,
		     enum lws_write_protocol flags)
{
	return lws_write(l->wsi, data, len, flags) < 0 ? -EPIPE : 0;
}

static int on_writable(struct ws_link *l)
{
	while (l->first && !lws_partial_buffered(l->wsi)) {
		struct frame *f = l->first;
		l->first = f->next;
		if (!l->first)
			l->last = &l->first;
		int err = write_now(l, f->data, f->len, f->flags);
		free(f);
		if (err)
			return -1;
	}
	if (l->first) {
		lws_callback_on_writable(l->wsi);
		return 0;
	}
	/* A close from this callback would count as a failed write and end without its frame. */
	if (l->close_code)
		lws_set_timer_usecs(l->wsi, 1);
	return 0;
}

SSL *ws_ssl(struct ws_link *l)
{
	return l->tls ? lws_get_ssl(l->wsi) : NULL;
}

static int close_now(struct ws_link *l)
{
	lws_close_reason(l->wsi, (enum lws_close_status)l->close_code,
			 (unsigned char *)l->close_reason, strlen(l->close_reason));
	return -1;
}

static int on_receive(struct ws_link *l, const char *in, size_t len)
{
	const struct ws_handler *h = &l->ws->handler;
	bool last = !lws_remaining_packet_payload(l->wsi) && lws_is_final_fragment(l->wsi);
	bool binary = lws_frame_is_binary(l->wsi);
	if (last && !l->partial.len) {
		h->message(l, in, len, binary, l->arg);
		return 0;
	}
	buf_add(&l->partial, in, len);
	if (last) {
		struct buf whole = l->partial;
		l->partial = (struct buf){0};
		h->message(l, whole.data, whole.len, binary, l->arg);
		buf_free(&whole);
	}
	return 0;
}

static int on_handshake(struct ws_link *l, unsigned char **at, size_t room)
{
	static const unsigned char name[] = "authorization:";
	/* The last chance: libwebsockets forgives some faults of certificates. */
	if (l->tls && !tls_is_insecure(l->tls) && SSL_get_verify_result(ws_ssl(l)) != X509_V_OK)
		return -1;
	if (!l->authorization)
		return 0;
	return lws_add_http_header_by_name(l->wsi, name, (const unsigned char *)l->authorization,
					   (int)strlen(l->authorization), at, *at + room);
}

static void tell_failed(void *arg)
{
	struct ws_link *l = arg;
	if (!l->ws->ending)
		l->ws->handler.failed(l->fail_status, l->fail_reason, l->arg);
	free_link(l);
}

static char *describe_failure(struct ws_link *l, struct lws *wsi, const char *reason)
{
	struct buf why = {0}, text = {0};
	SSL *ssl = l->tls && wsi ? lws_get_ssl(wsi) : NULL;
	if (ssl)
		tls_reason(ssl, &why);
	if (why.len || (ssl && !SSL_is_init_finished(ssl)))
		buf_add_str(&text, "tls: ");
	buf_add_str(&text, why.len ? why.data : reason ? reason : "no connection");
	buf_free(&why);
	return text.data;
}

/* Told later: libwebsockets may fail within ws_connect(). */
static void on_failed(struct ws_link *l, struct lws *wsi, const char *reason)
{
	if (l->dead)
		return;
	l->dead = true;
	if (wsi) {
		lws_set_wsi_user(wsi, NULL);
		l->fail_status = (int)lws_http_client_http_response(wsi);
	}
	l->fail_reason = describe_failure(l, wsi, reason);
	loop_defer(l->ws->loop, tell_failed, l);
}

static void on_peer_close(struct ws_link *l, const unsigned char *in, size_t len)
{
	l->peer_code = 1005;
	if (len >= 2) {
		l->peer_code = (uint16_t)(in[0] << 8 | in[1]);
		buf_add(&l->peer_reason, in + 2, len - 2);
	}
}

static void on_closed(struct ws_link *l)
{
	uint16_t code = l->peer_code ? l->peer_code : l->close_code ? l->close_code : 1006;
	l->dead = true;
	lws_set_wsi_user(l->wsi, NULL);
	if (!l->ws->ending)
		l->ws->handler.closed(code, l->peer_reason.len ? l->peer_reason.data : "",
				      l->peer_reason.len, l->arg);
	free_link(l);
}

static void on_opened(struct ws_link *l)
{
	l->open = true;
	l->ws->handler.opened(l, l->chosen, l->arg);
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		    size_t len)
{
	/* `user` is something of OpenSSL's in what is asked about TLS. */
	(void)user;
	struct ws_link *l = wsi ? lws_wsi_user(wsi) : NULL;
	if (!l || l->dead)
		return 0;
	l->wsi = wsi;
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return on_handshake(l, in, len);
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		on_failed(l, wsi, in);
		return 0;
	case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
		lws_hdr_copy(wsi, l->chosen, sizeof l->chosen, WSI_TOKEN_PROTOCOL);
		return 0;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		on_opened(l);
		return 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return on_receive(l, in, len);
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
		l->ws->handler.pong(l, in, len, l->arg);
		return 0;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return on_writable(l);
	case LWS_CALLBACK_TIMER:
		return close_now(l);
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		on_peer_close(l, in, len);
		return 0;
	case LWS_CALLBACK_CLIENT_CLOSED:
		on_closed(l);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		/* Nothing else tells that the request could not be written. */
		if (!l->open)
			on_failed(l, NULL, "the connection ended");
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
    {.name = PROTOCOL, .callback = on_event, .rx_buffer_size = RX_BUFFER},
    {0},
};

/* libwebsockets unloads its libuv glue with the context, while the loop still has close callbacks
 * of it to run. Held here, it stays. */
static void keep_loop_glue(void)
{
	void *glue = dlopen("libwebsockets-evlib_uv.so", RTLD_NOW | RTLD_NODELETE);
	if (glue)
		dlclose(glue);
}

struct ws *ws_new(struct loop *loop, const struct ws_handler *handler)
{
	struct ws *w = mem_zalloc(sizeof *w);
	w->loop = loop;
	w->handler = *handler;
	void *loops[] = {loop_uv(loop)};
	struct lws_context_creation_info info = {
	    .port = CONTEXT_PORT_NO_LISTEN,
	    .protocols = protocols,
	    .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
	    .foreign_loops = loops,
	    .pt_serv_buf_size = RX_BUFFER,
	    .timeout_secs = 30,
	    .pcontext = &w->context,
	};
	lws_set_log_level(0, NULL);
	keep_loop_glue();
	w->context = lws_create_context(&info);
	if (!w->context) {
		free(w);
		return NULL;
	}
	return w;
}

static void set_done(void *arg)
{
	*(bool *)arg = true;
}

void ws_free(struct ws *w)
{
	if (!w)
		return;
	w->ending = true;
	/* On a foreign loop libwebsockets closes its handles in later turns, and sets the pointer
	 * to NULL when it is done. */
	for (int i = 0; i < 10 && w->context; i++) {
		lws_context_destroy(w->context);
		bool done = false;
		loop_timer(w->loop, 1, false, set_done, &done);
		loop_run_until(w->loop, &done, 1000);
	}
	while (w->links)
		free_link(w->links);
	while (w->hosts) {
		struct tls_host *h = w->hosts;
		w->hosts = h->next;
		SSL_CTX_free(h->tls);
		free(h);
	}
	free(w);
}

static struct lws_vhost *host_for(struct ws *w, SSL_CTX *tls)
{
	for (struct tls_host *h = w->hosts; h; h = h->next)
		if (h->tls == tls)
			return h->vhost;
	char name[32];
	snprintf(name, sizeof name, "tls-%p", (void *)tls);
	struct lws_context_creation_info info = {
	    .port = CONTEXT_PORT_NO_LISTEN,
	    .protocols = protocols,
	    .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
	    .vhost_name = name,
	    .provided_client_ssl_ctx = tls,
	    .timeout_secs = 30,
	};
	struct tls_host *h = mem_zalloc(sizeof *h);
	h->vhost = lws_create_vhost(w->context, &info);
	h->tls = tls;
	SSL_CTX_up_ref(tls);
	h->next = w->hosts;
	w->hosts = h;
	return h->vhost;
}

/* Of a checked certificate the host is checked by the context. */
static int tls_flags(SSL_CTX *tls)
{
	int insecure = LCCSCF_ALLOW_SELFSIGNED | LCCSCF_ALLOW_EXPIRED | LCCSCF_ALLOW_INSECURE;
	return LCCSCF_USE_SSL | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK |
	       (tls_is_insecure(tls) ? insecure : 0);
}

struct ws_link *ws_connect(struct ws *w, const struct ws_target *t, void *arg)
{
	struct ws_link *l = mem_zalloc(sizeof *l);
	l->ws = w;
	l->arg = arg;
	l->tls = t->tls;
	l->last = &l->first;
	l->authorization = t->authorization ? mem_strdup(t->authorization) : NULL;
	l->next = w->links;
	l->back = &w->links;
	if (w->links)
		w->links->back = &l->next;
	w->links = l;
	struct lws_client_connect_info info = {
	    .context = w->context,
	    .address = t->host,
	    .port = t->port,
	    .ssl_connection = t->tls ? tls_flags(t->tls) : 0,
	    .vhost = t->tls ? host_for(w, t->tls) : NULL,
	    .path = t->path,
	    .host = t->host,
	    .protocol = t->subprotocols,
	    .local_protocol_name = PROTOCOL,
	    .userdata = l,
	    .alpn = "http/1.1",
	    .pwsi = &l->wsi,
	};
	if (!lws_client_connect_via_info(&info))
		on_failed(l, NULL, NULL);
	return l;
}

static enum lws_write_protocol lws_kind(enum ws_kind kind, bool final)
{
	static const enum lws_write_protocol kinds[] = {
	    [WS_TEXT] = LWS_WRITE_TEXT,
	    [WS_BINARY] = LWS_WRITE_BINARY,
	    [WS_CONTINUATION] = LWS_WRITE_CONTINUATION,
	    [WS_PING] = LWS_WRITE_PING,
	    [WS_PONG] = LWS_WRITE_PONG,
	};
	return (enum lws_write_protocol)(kinds[kind] | (final ? 0 : LWS_WRITE_NO_FIN));
}

static void enqueue(struct ws_link *l, const void *data, size_t len, enum lws_write_protocol flags)
{
	struct frame *f = mem_alloc(sizeof *f + len);
	f->next = NULL;
	f->flags = flags;
	f->len = len;
	memcpy(f->data, data, len);
	*l->last = f;
	l->last = &f->next;
	lws_callback_on_writable(l->wsi);
}

int ws_send(struct ws_link *l, enum ws_kind kind, const void *data, size_t len, bool final)
{
	if (l->dead || !l->open || l->close_code)
		return -EPIPE;
	enum lws_write_protocol flags = lws_kind(kind, final);
	if (l->first || lws_partial_buffered(l->wsi)) {
		enqueue(l, data, len, flags);
		return 0;
	}
	if (len > SMALL_FRAME) {
		struct buf whole = {0};
		unsigned char *at = (unsigned char *)buf_reserve(&whole, LWS_PRE + len);
		memcpy(at + LWS_PRE, data, len);
		int err = write_now(l, at + LWS_PRE, len, flags);
		buf_free(&whole);
		return err;
	}
	unsigned char small[LWS_PRE + SMALL_FRAME];
	memcpy(small + LWS_PRE, data, len);
	return write_now(l, small + LWS_PRE, len, flags);
}

void ws_close(struct ws_link *l, uint16_t code, const char *reason)
{
	if (l->dead || l->close_code)
		return;
	if (!l->open)
		lws_set_timeout(l->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
	l->close_code = code;
	l->close_reason = mem_strdup(reason);
	lws_callback_on_writable(l->wsi);
}

void ws_drop(struct ws_link *l)
{
	if (l->dead)
		return;
	/* Dissolving the association makes the kernel send a reset instead of a FIN. */
	struct sockaddr none = {.sa_family = AF_UNSPEC};
	connect(lws_get_socket_fd(l->wsi), &none, sizeof none);
	lws_set_timeout(l->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

void ws_pause(struct ws_link *l, bool paused)
{
	if (!l->dead)
		lws_rx_flow_control(l->wsi, paused ? 0 : 1);
}
