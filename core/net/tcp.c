/* A file of its own, since libwebsockets includes the C library's older description of the same. */
#include "net/tcp.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

bool tcp_measure(int fd, uint64_t *ret_in, uint64_t *ret_out)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof info;
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return false;
	*ret_in = info.tcpi_bytes_received;
	*ret_out = info.tcpi_bytes_sent;
	return true;
}
