#include "net/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int parse_port(const char *text, in_port_t *ret)
{
	size_t digits = strspn(text, "0123456789");
	long port = strtol(text, NULL, 10);
	if (!digits || text[digits] || port > 65535)
		return -EINVAL;
	*ret = htons((uint16_t)port);
	return 0;
}

static int parse_v6(const char *host, in_port_t port, struct sockaddr_storage *ret, socklen_t *len)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_port = port};
	if (inet_pton(AF_INET6, host, &a.sin6_addr) != 1)
		return -EINVAL;
	memcpy(ret, &a, sizeof a);
	*len = sizeof a;
	return 0;
}

static int parse_v4(const char *host, in_port_t port, struct sockaddr_storage *ret, socklen_t *len)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = port};
	bool any = !*host || !strcmp(host, "*");
	if (!any && inet_pton(AF_INET, host, &a.sin_addr) != 1)
		return -EINVAL;
	memcpy(ret, &a, sizeof a);
	*len = sizeof a;
	return 0;
}

int address_parse(const char *text, struct sockaddr_storage *ret, socklen_t *ret_len)
{
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN + 2];
	in_port_t port;
	if (!colon || (size_t)(colon - text) >= sizeof host || parse_port(colon + 1, &port))
		return -EINVAL;
	size_t n = (size_t)(colon - text);
	memcpy(host, text, n);
	host[n] = '\0';
	memset(ret, 0, sizeof *ret);
	if (host[0] != '[')
		return parse_v4(host, port, ret, ret_len);
	if (host[n - 1] != ']')
		return -EINVAL;
	host[n - 1] = '\0';
	return parse_v6(host + 1, port, ret, ret_len);
}
