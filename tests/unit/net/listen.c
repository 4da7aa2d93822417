#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "net/address.h"
#include "net/stage.h"
#include "net/wire.h"

Test(net_addresses, that_only_this_machine_reaches)
{
	static const char *const ours[] = {"127.0.0.1:8080", "127.1.2.3:0", "[::1]:80",
					   "[::ffff:127.0.0.1]:80", ""};
	static const char *const anybodys[] = {
	    "0.0.0.0:8080", ":80",          "*:80",         "[::]:80",
	    "10.0.0.1:80",  "[fe80::1]:80", "126.0.0.1:80", "[::ffff:10.0.0.1]:80"};
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		cr_expect(net_is_loopback(ours[i]), "%s", ours[i]);
	for (size_t i = 0; i < sizeof anybodys / sizeof *anybodys; i++)
		cr_expect_not(net_is_loopback(anybodys[i]), "%s", anybodys[i]);
}

TestSuite(net_listen, .init = stage_setup, .fini = stage_teardown);

static const struct address {
	const char *text;
	int family; /* 0: refused */
	int port;
} addresses[] = {
    {"127.0.0.1:8080", AF_INET, 8080},
    {"0.0.0.0:0", AF_INET, 0},
    {":9000", AF_INET, 9000},
    {"*:9000", AF_INET, 9000},
    {"[::1]:8080", AF_INET6, 8080},
    {"[::]:65535", AF_INET6, 65535},
    {"::1:8080", 0, 0},
    {"[::1:8080", 0, 0},
    {"[]:8080", 0, 0},
    {"[:80", 0, 0},
    {"127.0.0.1", 0, 0},
    {"127.0.0.1:", 0, 0},
    {"127.0.0.1:http", 0, 0},
    {"127.0.0.1:65536", 0, 0},
    {"127.0.0.1:-1", 0, 0},
    {"127.0.0.1: 80", 0, 0},
    {"127.0.0.256:80", 0, 0},
    {"", 0, 0},
};

Test(net_listen, reads_addresses)
{
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		const struct address *a = &addresses[i];
		struct sockaddr_storage got;
		socklen_t len;
		int err = address_parse(a->text, &got, &len);
		cr_expect_eq(err, a->family ? 0 : -EINVAL, "%s", a->text);
		if (err)
			continue;
		cr_expect_eq(got.ss_family, a->family, "%s", a->text);
		in_port_t port = got.ss_family == AF_INET6
				     ? ((struct sockaddr_in6 *)&got)->sin6_port
				     : ((struct sockaddr_in *)&got)->sin_port;
		cr_expect_eq(ntohs(port), a->port, "%s", a->text);
	}
}

static int try_to_listen(const char *address, char **ret_error)
{
	static const char *const none[] = {NULL};
	struct net_options o = s.options;
	struct net *net = NULL;
	o.listen = address;
	o.subprotocols = none;
	o.ws_path = "/ocpp";
	o.http_ms = 1000;
	return net_start(s.loop, &o, &(struct net_handler){0}, &net, ret_error);
}

Test(net_listen, says_which_address_is_taken_or_wrong)
{
	char address[32], *error = NULL;
	stage_start();
	snprintf(address, sizeof address, "127.0.0.1:%u", s.port);
	cr_assert_eq(try_to_listen(address, &error), -EADDRINUSE);
	cr_assert_not_null(strstr(error, address), "%s", error);
	free(error);
	cr_assert_eq(try_to_listen("nonsense", &error), -EINVAL);
	cr_assert_not_null(strstr(error, "nonsense"), "%s", error);
	free(error);
}

Test(net_listen, serves_ipv6_and_calls_ipv4_peers_by_their_usual_names)
{
	struct wire w;
	s.options.listen = "[::]:0";
	stage_start();
	wire_connect(&w, s.loop, s.port, "CP1"); /* checks the remote address */
	wire_close(&w);
}

Test(net_listen, accepts_nothing_more_once_told_and_keeps_what_is_open)
{
	struct wire w;
	s.echo = true;
	stage_start();
	wire_connect(&w, s.loop, s.port, "CP1");
	net_stop_accepting(s.net);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in a = {
	    .sin_family = AF_INET, .sin_port = htons(s.port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
	cr_assert_lt(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	close(fd);
	wire_message(&w, "still here");
	char *got = wire_next_text(&w);
	cr_assert_str_eq(got, "still here");
	free(got);
	wire_close(&w);
}

/* Clients live in this process too: each connection takes two descriptors. */
#define LIMIT 400
#define CLIENTS 180

static void limit_descriptors(rlim_t soft, rlim_t hard)
{
	struct rlimit r = {soft, hard};
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &r), 0);
}

static double cpu_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

Test(net_listen, stops_accepting_when_descriptors_are_short_without_burning_cpu_and_resumes)
{
	static struct wire clients[CLIENTS];
	static const bool never;
	limit_descriptors(LIMIT, LIMIT);
	s.echo = true;
	stage_start();
	/* So many that the server would need more than it may: the last ones wait in the backlog.
	 */
	for (int i = 0; i < CLIENTS; i++)
		wire_open(&clients[i], s.loop, s.port);
	for (int i = 0; i < CLIENTS; i++)
		wire_text(&clients[i],
			  "GET /ocpp/CP%d HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
			  "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
			  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
			  "Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n",
			  i);
	loop_run_until(s.loop, &never, 500);
	uint32_t open = net_link_count(s.net);
	cr_assert_gt(open, 20);
	cr_assert_lt(open, CLIENTS, "it took every descriptor");
	int spare = dup(0);
	cr_assert_lt(spare, LIMIT - 80, "descriptors are kept for others; the next is %d", spare);
	close(spare);

	double before = cpu_s();
	loop_run_until(s.loop, &never, 1000);
	cr_assert_lt(cpu_s() - before, 0.2, "it spins while it waits");

	wire_wait(&clients[0], "\r\n\r\n");
	wire_clear(&clients[0]);
	wire_message(&clients[0], "served");
	char *got = wire_next_text(&clients[0]);
	cr_assert_str_eq(got, "served");
	free(got);

	for (int i = 0; i < 20; i++)
		wire_close(&clients[i]);
	cr_assert(wire_wait(&clients[open + 5], "HTTP/1.1 101 "), "it did not resume");
	for (int i = 20; i < CLIENTS; i++)
		wire_close(&clients[i]);
}

Test(net_listen, takes_as_many_descriptors_as_it_may_have)
{
	limit_descriptors(256, 2000);
	stage_start();
	struct rlimit r;
	getrlimit(RLIMIT_NOFILE, &r);
	cr_assert_eq(r.rlim_cur, 2000);
}
