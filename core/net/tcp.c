/* A file of its own, since libwebsockets includes the C library's older description of the same. */
#include "net/tcp.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

static struct tcp_info measure(int fd)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof info;
	getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
	return info;
}

uint64_t tcp_received(int fd)
{
	return measure(fd).tcpi_bytes_received;
}

uint64_t tcp_acknowledged(int fd)
{
	return measure(fd).tcpi_bytes_acked;
}

void tcp_read_away(int fd)
{
	char unread[4096];
	for (int i = 0; i < 16 && recv(fd, unread, sizeof unread, MSG_DONTWAIT) > 0; i++)
		;
}
