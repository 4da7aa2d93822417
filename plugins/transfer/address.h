/* Which network addresses are public. */
#ifndef TRANSFER_ADDRESS_H
#define TRANSFER_ADDRESS_H
#include <stdbool.h>
#include <sys/socket.h>

/* False for those of this machine, of private networks, of one link, multicast, reserved and
 * documentation ones; and for what is neither IPv4 nor IPv6. One that carries an IPv4 address
 * (mapped, NAT64, 6to4) is what that one is. */
bool address_is_public(const struct sockaddr *);
/* The same of "10.0.0.1" or "fe80::1%eth0". */
bool address_text_is_public(const char *);
#endif
