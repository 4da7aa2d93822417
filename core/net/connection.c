#include "net/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/log.h"
#include "net/counts.h"
#include "net/tcp.h"
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

/* What came and is not read would make the kernel throw away the answer. */
static void send_last(int fd, int status, const struct net_header_line *extra, const char *text)
{
	char unread[4096];
	struct buf out = {0};
	for (int i = 0; i < 16 && recv(fd, unread, sizeof unread, MSG_DONTWAIT) > 0; i++)
		;
	respond_refusal(&out, status, extra, text);
	send(fd, out.data, out.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
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
	send_last(fd, 503, &later, "this address has, or opens, as many connections as allowed");
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
	c->waits_ms = net_now_ms(n);
	if (source)
		source->connections++;
	return c;
}

void connection_free(struct connection *c)
{
	if (c->source)
		(*(c->is_link ? &c->source->links : &c->source->connections))--;
	free(c);
}

void connection_waits(struct connection *c, struct lws *wsi)
{
	c->peer = NULL;
	c->waits_ms = net_now_ms(c->net);
	tcp_measure(lws_get_socket_fd(wsi), &c->waits_in, &c->waits_out);
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

/* Where a request is malformed or its headers are too large lws has shut the socket down by now. */
void connection_ends(struct connection *c, struct lws *wsi)
{
	uint64_t in = 0, out = 0;
	int fd = lws_get_socket_fd(wsi);
	bool in_time = net_now_ms(c->net) - c->waits_ms < (uint64_t)c->net->options.http_ms;
	if (in_time || c->answered || lws_is_ssl(wsi) || !tcp_measure(fd, &in, &out))
		return;
	if (in != c->waits_in && out == c->waits_out)
		send_last(fd, 408, NULL, "the request came too slowly");
}
