/* "HOST:PORT" to a socket address. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H
#include <sys/socket.h>

/* Literal IPv4 addresses and bracketed IPv6 ones; an empty host or "*" is every address. -EINVAL.
 */
int address_parse(const char *text, struct sockaddr_storage *ret, socklen_t *ret_len);
#endif
