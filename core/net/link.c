#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/stats.h"
#include "net/counts.h"
#include "net/internal.h"

#define CLOSE_PATIENCE_S 5
/* The kernel times the last packet, the loop its turn: differences below this are none. */
#define HEARD_TOLERANCE_MS 200u

static void list_remove(struct net_link *l)
{
	struct net *n = l->net;
	*(l->prev ? &l->prev->next : &n->oldest) = l->next;
	*(l->next ? &l->next->prev : &n->newest) = l->prev;
	l->next = l->prev = NULL;
}

static void list_append(struct net_link *l)
{
	struct net *n = l->net;
	l->prev = n->newest;
	*(n->newest ? &n->newest->next : &n->oldest) = l;
	n->newest = l;
}

struct net_link *link_new(struct net *n, struct lws *wsi, const char *subprotocol, void *user)
{
	struct net_link *l = mem_zalloc(sizeof *l);
	l->peer.kind = PEER_LINK;
	l->net = n;
	l->wsi = wsi;
	l->user = user;
	l->subprotocol = subprotocol;
	l->tx_last = &l->tx;
	net_copy_remote(wsi, l->remote, sizeof l->remote);
	return l;
}

void link_opened(struct net_link *l)
{
	l->open = true;
	l->alive_ms = net_now_ms(l->net);
	l->net->links++;
	stats_add(l->net->opened, 1);
	list_append(l);
	l->net->handler.opened(l, l->subprotocol, l->user, l->net->handler.self);
}

static void drop_tx(struct net_link *l)
{
	while (l->tx) {
		struct chunk *c = l->tx;
		l->tx = c->next;
		free(c);
	}
	l->tx_last = &l->tx;
	l->tx_bytes = 0;
}

/* The close handshake begins neither by returning -1 from a callback, since Debian's 4.1.6 then
 * closes a second time at once (its "uv repeat test"), nor by a time-out, which is violent, but by
 * this; and that must not happen inside a callback of the same connection. */
static void on_leaving(void *arg)
{
	struct net *n = arg;
	while (n->leaving) {
		struct net_link *l = n->leaving;
		n->leaving = l->next_leaving;
		l->leaving = false;
		size_t len = strlen(l->close_reason);
		lws_close_reason(l->wsi, (enum lws_close_status)l->close_code,
				 (unsigned char *)l->close_reason, len < 120 ? len : 120);
		lws_set_timeout(l->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	}
}

static void leave_soon(struct net_link *l)
{
	struct net *n = l->net;
	if (l->leaving)
		return;
	if (!n->leaving)
		loop_defer(n->loop, on_leaving, n);
	l->leaving = true;
	l->next_leaving = n->leaving;
	n->leaving = l;
}

static void forget_leaving(struct net_link *l)
{
	for (struct net_link **at = &l->net->leaving; l->leaving && *at; at = &(*at)->next_leaving)
		if (*at == l) {
			*at = l->next_leaving;
			return;
		}
}

void link_gone(struct net_link *l)
{
	struct net *n = l->net;
	bool was_open = l->open;
	uint16_t code = l->close_code ? l->close_code : l->peer_code ? l->peer_code : 1006;
	if (was_open) {
		l->open = false;
		list_remove(l);
		n->links--;
		net_counts_closed(code);
	}
	n->handler.closed(was_open ? l : NULL, code, l->user, n->handler.self);
	forget_leaving(l);
	drop_tx(l);
	buf_free(&l->rx);
	free(l->close_reason);
	free(l);
	if (was_open)
		net_tell_all_closed(n);
}

void link_alive(struct net_link *l)
{
	l->alive_ms = net_now_ms(l->net);
	list_remove(l);
	list_append(l);
	l->net->handler.alive(l, l->user, l->net->handler.self);
}

static int deliver(struct net_link *l, const char *text, size_t len)
{
	if (!l->close_code)
		l->net->handler.message(l, text, len, l->user, l->net->handler.self);
	return l->doomed ? -1 : 0;
}

int link_receive(struct net_link *l, const char *data, size_t len)
{
	link_alive(l);
	if (l->close_code || l->peer_left)
		return 0;
	if (lws_frame_is_binary(l->wsi)) {
		net_close(l, 1003, "OCPP-J is text");
		return 0;
	}
	if (l->rx.len + len > (size_t)l->net->options.max_message_bytes) {
		net_close(l, 1009, "message too large");
		buf_free(&l->rx);
		return 0;
	}
	bool last = !lws_remaining_packet_payload(l->wsi) && lws_is_final_fragment(l->wsi);
	if (last && !l->rx.len)
		return deliver(l, data, len);
	buf_add(&l->rx, data, len);
	if (!last)
		return 0;
	struct buf whole = l->rx;
	l->rx = (struct buf){0};
	int result = deliver(l, whole.data, whole.len);
	buf_free(&whole);
	return result;
}

static void doom(struct net_link *l)
{
	if (l->doomed)
		return;
	l->doomed = true;
	net_cut(l->net, l->wsi);
}

static int queue_tx(struct net_link *l, const char *text, size_t len)
{
	if (l->tx_bytes + len > (size_t)l->net->options.max_queue_bytes) {
		log_line(BB_WARN, "net", "link dropped remote=%s: it does not read, %zu bytes wait",
			 l->remote, l->tx_bytes);
		doom(l);
		return -ENOBUFS;
	}
	struct chunk *c = mem_alloc(sizeof *c + LWS_PRE + len);
	c->next = NULL;
	c->len = len;
	memcpy(c->data + LWS_PRE, text, len);
	*l->tx_last = c;
	l->tx_last = &c->next;
	l->tx_bytes += len;
	lws_callback_on_writable(l->wsi);
	return 0;
}

int net_send(struct net_link *l, const char *text, size_t len)
{
	if (l->close_code || l->doomed)
		return -EPIPE;
	if (l->tx || lws_partial_buffered(l->wsi))
		return queue_tx(l, text, len);
	struct buf *room = &l->net->scratch;
	buf_clear(room);
	char *at = buf_reserve(room, LWS_PRE + len) + LWS_PRE;
	memcpy(at, text, len);
	if (lws_write(l->wsi, (unsigned char *)at, len, LWS_WRITE_TEXT) < 0) {
		doom(l);
		return -EPIPE;
	}
	return 0;
}

void net_close(struct net_link *l, uint16_t code, const char *reason)
{
	if (l->close_code || l->doomed)
		return;
	l->close_code = code;
	l->close_reason = mem_strdup(reason ? reason : "");
	/* A peer that takes no more bytes would keep us waiting for ever. */
	lws_set_timeout(l->wsi, PENDING_TIMEOUT_CLOSE_SEND, CLOSE_PATIENCE_S);
	if (!l->tx && !lws_partial_buffered(l->wsi))
		leave_soon(l);
	lws_cancel_service(l->net->context);
}

int link_writable(struct net_link *l)
{
	while (l->tx && !lws_partial_buffered(l->wsi)) {
		struct chunk *c = l->tx;
		int n =
		    lws_write(l->wsi, (unsigned char *)c->data + LWS_PRE, c->len, LWS_WRITE_TEXT);
		l->tx = c->next;
		if (!l->tx)
			l->tx_last = &l->tx;
		l->tx_bytes -= c->len;
		free(c);
		if (n < 0)
			return -1;
	}
	if (l->tx || (l->close_code && lws_partial_buffered(l->wsi)))
		lws_callback_on_writable(l->wsi);
	else if (l->close_code)
		leave_soon(l);
	return 0;
}

/* lws answers a peer's pings by itself and tells nobody; the kernel knows that something came. */
static bool has_pinged(const struct net_link *l, uint64_t silent_ms)
{
	struct tcp_info info;
	socklen_t len = sizeof info;
	return !getsockopt(lws_get_socket_fd(l->wsi), IPPROTO_TCP, TCP_INFO, &info, &len) &&
	       info.tcpi_last_data_recv + HEARD_TOLERANCE_MS < silent_ms;
}

static void ping(struct net_link *l, uint64_t now)
{
	unsigned char room[LWS_PRE + 1];
	l->pinged_ms = now;
	if (!l->tx && !lws_partial_buffered(l->wsi) &&
	    lws_write(l->wsi, room + LWS_PRE, 0, LWS_WRITE_PING) < 0)
		doom(l);
}

void link_sweep(struct net *n)
{
	uint64_t now = net_now_ms(n), ping_ms = (uint64_t)n->options.ping_ms,
		 idle_ms = (uint64_t)n->options.idle_ms;
	for (struct net_link *l = n->oldest, *next; l; l = next) {
		uint64_t silent = now - l->alive_ms;
		next = l->next;
		if ((!ping_ms || silent < ping_ms) && (!idle_ms || silent < idle_ms))
			break; /* those behind it have been heard later */
		if (has_pinged(l, silent)) {
			link_alive(l);
			continue;
		}
		if (idle_ms && silent >= idle_ms) {
			if (!l->doomed)
				log_line(BB_INFO, "net",
					 "link silent for %llu s, hung up remote=%s",
					 (unsigned long long)silent / 1000, l->remote);
			doom(l);
		} else if (ping_ms && now - l->pinged_ms >= ping_ms) {
			ping(l, now);
		}
	}
}

const char *net_remote(const struct net_link *l)
{
	return l->remote;
}
