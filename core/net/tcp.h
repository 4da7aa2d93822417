/* What the kernel knows of a TCP connection, and has for us. Private to core/net. */
#ifndef NET_TCP_H
#define NET_TCP_H
#include <stdint.h>

/* Bytes that have come, read or not; and of those sent, those that the peer has got. */
uint64_t tcp_received(int fd);
uint64_t tcp_acknowledged(int fd);
/* What came and is not read would make the kernel throw away what was sent last. */
void tcp_read_away(int fd);
#endif
