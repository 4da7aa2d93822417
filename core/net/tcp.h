/* What the kernel knows of a TCP connection. Private to core/net. */
#ifndef NET_TCP_H
#define NET_TCP_H
#include <stdbool.h>
#include <stdint.h>

/* Bytes that have come and that were sent, repetitions too. */
bool tcp_measure(int fd, uint64_t *ret_in, uint64_t *ret_out);
#endif
