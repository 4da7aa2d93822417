#include "net/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/log.h"
#include "net/counts.h"
#include "net/request.h"
#include "net/tcp.h"
#include "net/tls.h"
#include <busbar/networks.h>

#define RETRY_AFTER "5"

struct connection *connection_of(struct lws *wsi)
{
	return lws_get_opaque_user_data(wsi);
}

/* As IPv6 has it; false if it is neither. */
static bool address_bytes(const struct sockaddr *a, uint8_t ret[16])
{
	if (a->sa_family == AF_INET6) {
		memcpy(ret, &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr, 16);
	} else if (a->sa_family == AF_INET) {
		memcpy(ret, bb_network_v4, sizeof bb_network_v4);
		memcpy(ret + 12, &((const struct sockaddr_in *)(const void *)a)->sin_addr, 4);
	}
	return a->sa_family == AF_INET6 || a->sa_family == AF_INET;
}

/* The only thing that this connection says. */
static void send_last(int fd, SSL *ssl, int status, const struct net_header_line *extra,
		      const char *text)
{
	struct buf out = {0};
	respond_refusal(&out, status, extra, text);
	if (ssl)
		SSL_write(ssl, out.data, (int)out.len);
	tcp_read_away(fd);
	if (!ssl) {
		send(fd, out.data, out.len, MSG_DONTWAIT | MSG_NOSIGNAL);
		shutdown(fd, SHUT_WR);
	}
	buf_free(&out);
}

/* One line a second of what may come a thousand times. */
static void tell(struct net *n, const uint8_t address[16], const char *why)
{
	char text[INET6_ADDRSTRLEN];
	uint64_t second = net_now_ms(n) / 1000;
	n->refusals++;
	if (n->refusals_told == second)
		return;
	inet_ntop(AF_INET6, address, text, sizeof text);
	log_line(BB_WARN, "net", "connections refused: count=%u, the last of address=%s: %s",
		 n->refusals, !strncmp(text, "::ffff:", 7) ? text + 7 : text, why);
	n->refusals_told = second;
	n->refusals = 0;
}

static const char *find_reason(struct net *n, struct source *s)
{
	const struct net_options *o = &n->options;
	if (o->address_rate && !source_may_open(s, o->address_rate, net_now_ms(n)))
		return "address_rate";
	if (o->address_connections && s->connections >= (uint64_t)o->address_connections)
		return "address_connections";
	return NULL;
}

static void refuse(struct net *n, int fd, const uint8_t address[16], const char *reason)
{
	static const struct net_header_line later = {"Retry-After", RETRY_AFTER};
	char why[96];
	snprintf(why, sizeof why, "its limit is http.%s", reason);
	net_counts_kept_out(reason);
	tell(n, address, why);
	send_last(fd, NULL, 503, &later,
		  "this address has, or opens, as many connections as allowed");
}

struct connection *connection_new(struct net *n, int fd, const struct sockaddr *remote)
{
	uint8_t address[16];
	struct source *source = NULL;
	const char *reason = NULL;
	if (address_bytes(remote, address) &&
	    !bb_networks_cover(n->options.address_exceptions, address)) {
		source = sources_get(&n->sources, address, net_now_ms(n));
		reason = find_reason(n, source);
	}
	if (reason) {
		refuse(n, fd, address, reason);
		return NULL;
	}
	struct connection *c = mem_zalloc(sizeof *c);
	c->net = n;
	c->source = source;
	if (source)
		source->connections++;
	return c;
}

void connection_free(struct connection *c)
{
	loop_deadline_clear(&c->look);
	if (c->source)
		(*(c->is_link ? &c->source->links : &c->source->connections))--;
	free(c);
}

static uint64_t left_until(const struct connection *c, uint64_t ms)
{
	uint64_t now = net_now_ms(c->net);
	return ms > now ? ms - now : 0;
}

static uint64_t time_left(struct connection *c)
{
	const struct net_options *o = &c->net->options;
	if (!c->is_secure)
		return left_until(c, c->waits_ms + (uint64_t)o->handshake_ms);
	if (!c->came_ms && (c->pipelined || tcp_received(lws_get_socket_fd(c->wsi)) != c->waits_in))
		c->came_ms = net_now_ms(c->net);
	return c->came_ms ? left_until(c, c->came_ms + (uint64_t)o->header_ms)
			  : left_until(c, c->waits_ms + (uint64_t)o->http_ms);
}

/* Who has not begun a request is owed no answer. */
static void give_up(struct connection *c)
{
	c->ends = true;
	if (!c->is_secure) {
		tls_log_late(lws_get_ssl(c->wsi));
		net_counts_slow("handshake");
	} else if (c->came_ms) {
		net_counts_slow("headers");
		send_last(lws_get_socket_fd(c->wsi), lws_get_ssl(c->wsi), 408, NULL,
			  "the request came too slowly");
	}
	net_cut(c->net, c->wsi);
}

static void on_look(void *arg)
{
	struct connection *c = arg;
	if (c->peer || c->ends)
		return;
	uint64_t left = time_left(c);
	if (left)
		loop_deadline_set(c->net->loop, &c->look, left < LOOK_MS ? left : LOOK_MS, on_look,
				  c);
	else
		give_up(c);
}

/* For what comes after so many bytes. */
static void wait_anew(struct connection *c, uint64_t bytes)
{
	c->waits_ms = net_now_ms(c->net);
	c->waits_in = bytes;
	c->came_ms = 0;
	loop_deadline_clear(&c->look);
	loop_deadline_set(c->net->loop, &c->look, LOOK_MS, on_look, c);
}

/* What OpenSSL has not read yet of what has come is the request's. */
void connection_is_secure(struct connection *c)
{
	if (!c || c->is_secure)
		return;
	c->is_secure = true;
	wait_anew(c, BIO_number_read(SSL_get_rbio(lws_get_ssl(c->wsi))));
}

void connection_begins(struct connection *c, struct lws *wsi)
{
	SSL *ssl = lws_get_ssl(wsi);
	c->wsi = wsi;
	c->is_secure = !ssl;
	lws_set_opaque_user_data(wsi, c);
	wait_anew(c, 0);
	if (!ssl)
		return;
	SSL_set_app_data(ssl, c);
	if (SSL_is_init_finished(ssl)) /* while lws took it */
		connection_is_secure(c);
}

void connection_waits(struct connection *c)
{
	c->peer = NULL;
	wait_anew(c, tcp_received(lws_get_socket_fd(c->wsi)));
}

bool connection_may_be_link(const struct connection *c)
{
	int64_t most = c->net->options.address_links;
	return !most || !c->source || c->source->links < (uint64_t)most;
}

void connection_is_link(struct connection *c, struct peer *link)
{
	c->peer = link;
	c->is_link = true;
	if (c->source) {
		c->source->connections--;
		c->source->links++;
	}
}
