#define _GNU_SOURCE /* accept4 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <busbar/networks.h>

#include "base/arena.h"
#include "base/log.h"
#include "net/address.h"
#include "net/connection.h"

#define ACCEPTS_PER_TURN 64
#define RESUME_MS 100u
/* Descriptors kept for the database, files and the loop itself. */
#define SPARE_DESCRIPTORS 100u

#define DESCRIPTORS_WORTH_HAVING 1048576u

uint32_t listener_raise_limit(void)
{
	struct rlimit r;
	if (getrlimit(RLIMIT_NOFILE, &r))
		return UINT32_MAX;
	rlim_t want = r.rlim_max < DESCRIPTORS_WORTH_HAVING ? r.rlim_max : DESCRIPTORS_WORTH_HAVING;
	if (!setrlimit(RLIMIT_NOFILE, &(struct rlimit){want, r.rlim_max}))
		r.rlim_cur = want;
	return r.rlim_cur > 2 * SPARE_DESCRIPTORS ? (uint32_t)r.rlim_cur - SPARE_DESCRIPTORS
						  : (uint32_t)r.rlim_cur / 2;
}

/* The kernel hands out the lowest free number: so many descriptors are in use, whoever has them. */
static bool is_short_of(const struct net *n, int fd)
{
	return fd < 0 || (uint32_t)fd >= n->most_descriptors;
}

static bool at_limit(const struct net *n)
{
	int fd =
	    fcntl(n->listeners[n->listeners[PLAIN].address ? PLAIN : TLS].fd, F_DUPFD_CLOEXEC, 0);
	bool is_short = is_short_of(n, fd);
	if (fd >= 0)
		close(fd);
	return is_short;
}

static void on_readable(uv_poll_t *poll, int status, int events);

static void accept_again(struct net *n)
{
	if (!n->paused || !n->accepting)
		return;
	n->paused = false;
	for (int i = 0; i < LISTENERS; i++)
		if (n->listeners[i].acceptor)
			uv_poll_start(n->listeners[i].acceptor, UV_READABLE, on_readable);
}

static void on_resume(void *arg)
{
	struct net *n = arg;
	n->resume = NULL;
	if (!n->paused)
		return;
	if (at_limit(n))
		n->resume = loop_timer(n->loop, RESUME_MS, false, on_resume, n);
	else
		accept_again(n);
}

/* Leaves the backlog to the kernel until a connection goes, or for a moment if none is left. */
static void pause_accepting(struct net *n, const char *why)
{
	if (n->paused)
		return;
	n->paused = true;
	for (int i = 0; i < LISTENERS; i++)
		if (n->listeners[i].acceptor)
			uv_poll_stop(n->listeners[i].acceptor);
	if (!n->limit_told) {
		n->told_connections = n->connections;
		log_line(BB_WARN, "net", "accepting paused at %u connections: %s", n->connections,
			 why);
	}
	n->limit_told = true;
	if (!n->resume)
		n->resume = loop_timer(n->loop, RESUME_MS, false, on_resume, n);
}

static void adopt(struct listener *l, int fd, const struct sockaddr *remote)
{
	int on = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	struct connection *c = connection_new(l->net, fd, remote);
	if (!c) {
		close(fd);
		return;
	}
	l->net->connections++;
	struct lws *wsi = lws_adopt_socket_vhost(l->vhost, fd);
	if (wsi) {
		connection_begins(c, wsi);
	} else {
		/* lws has closed the socket and told nobody. */
		connection_free(c);
		l->net->connections--;
	}
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct listener *l = poll->data;
	struct net *n = l->net;
	(void)status;
	(void)events;
	for (int i = 0; i < ACCEPTS_PER_TURN && !n->paused; i++) {
		union {
			struct sockaddr any;
			struct sockaddr_in6 v6;
		} remote = {0};
		socklen_t len = sizeof remote;
		int fd = accept4(l->fd, &remote.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
			    errno == ENOBUFS)
				pause_accepting(n, strerror(errno));
			return;
		}
		adopt(l, fd, &remote.any);
		if (is_short_of(n, fd))
			pause_accepting(n, "file descriptors are short (RLIMIT_NOFILE)");
	}
}

void listener_connection_gone(struct net *n)
{
	n->connections--;
	if (n->paused && !at_limit(n))
		accept_again(n);
	if (n->connections < n->told_connections / 10 * 9)
		n->limit_told = false;
}

static uint16_t bound_port(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} a = {0};
	socklen_t len = sizeof a;
	if (getsockname(fd, &a.any, &len))
		return 0;
	return ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
}

static int read_listen(const char *option, const char *listen, struct sockaddr_storage *ret,
		       socklen_t *ret_len, char **ret_error)
{
	int err = address_parse(listen, ret, ret_len);
	if (err) {
		struct buf text = {0};
		buf_printf(&text, "%s: \"%s\" is not an address and port like \"0.0.0.0:8080\"",
			   option, listen);
		*ret_error = text.data;
	}
	return err;
}

bool net_is_loopback(const char *listen)
{
	struct sockaddr_storage a;
	socklen_t len;
	if (!*listen || address_parse(listen, &a, &len))
		return !*listen;
	if (a.ss_family == AF_INET)
		return ntohl(((struct sockaddr_in *)(void *)&a)->sin_addr.s_addr) >> 24 ==
		       IN_LOOPBACKNET;
	const struct in6_addr *v6 = &((struct sockaddr_in6 *)(void *)&a)->sin6_addr;
	return IN6_IS_ADDR_LOOPBACK(v6) ||
	       (IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == IN_LOOPBACKNET);
}

int net_check_listen(const char *option, const char *listen, char **ret_error)
{
	struct sockaddr_storage a;
	socklen_t len = 0;
	return *listen ? read_listen(option, listen, &a, &len, ret_error) : 0;
}

int net_check_exceptions(const char *option, const char *list, char **ret_error)
{
	const char *bad;
	if (bb_networks_are_good(list, &bad))
		return 0;
	struct buf text = {0};
	buf_printf(&text, "%s: \"%.*s\" is neither an address nor a network like 192.168.0.0/16",
		   option, (int)strcspn(bad, " "), bad);
	*ret_error = text.data;
	return -EINVAL;
}

static int fail(const struct listener *l, const char *what, int err, char **ret_error)
{
	struct buf text = {0};
	buf_printf(&text, "%s: %s \"%s\": %s", l->option, what, l->address, strerror(-err));
	*ret_error = text.data;
	return err;
}

static int open_socket(struct listener *l, char **ret_error)
{
	struct sockaddr_storage a;
	socklen_t len = 0;
	int err = read_listen(l->option, l->address, &a, &len, ret_error);
	if (err)
		return err;
	l->fd = socket(a.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (l->fd < 0)
		return fail(l, "no socket for", -errno, ret_error);
	int on = 1;
	setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(l->fd, (struct sockaddr *)&a, len) || listen(l->fd, 4096))
		return fail(l, "cannot listen on", -errno, ret_error);
	l->port = bound_port(l->fd);
	return 0;
}

static int start_accepting(struct listener *l)
{
	l->acceptor = mem_zalloc(sizeof *l->acceptor);
	l->acceptor->data = l;
	uv_poll_init(loop_uv(l->net->loop), l->acceptor, l->fd);
	return uv_poll_start(l->acceptor, UV_READABLE, on_readable);
}

int listeners_open(struct net *n, char **ret_error)
{
	int err = 0;
	for (int i = 0; i < LISTENERS && !err; i++) {
		struct listener *l = &n->listeners[i];
		if (!l->address)
			continue;
		err = open_socket(l, ret_error);
		if (!err)
			err = start_accepting(l);
	}
	n->accepting = !err;
	return err;
}

static void free_acceptor(uv_handle_t *h)
{
	free(h);
}

static void stop_accepting(struct listener *l)
{
	if (l->acceptor) {
		uv_poll_stop(l->acceptor);
		uv_close((uv_handle_t *)l->acceptor, free_acceptor);
		l->acceptor = NULL;
	}
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

void listeners_close(struct net *n)
{
	n->accepting = false;
	loop_timer_release(n->resume);
	n->resume = NULL;
	for (int i = 0; i < LISTENERS; i++)
		stop_accepting(&n->listeners[i]);
}
