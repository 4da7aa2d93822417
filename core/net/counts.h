/* What is counted of connections. Private to core/net. */
#ifndef NET_COUNTS_H
#define NET_COUNTS_H
#include <stdbool.h>
#include <stdint.h>

struct net;

void net_counts_begin(struct net *);
void net_counts_end(const struct net *);
/* An upgrade that was refused with this status. */
void net_counts_refused(int status);
/* A connection that was closed at once, for the named limit of its address. */
void net_counts_kept_out(const char *limit);
/* A link that was open is gone. */
void net_counts_closed(uint16_t code);
/* A TLS handshake failed, over the client's certificate or else. */
void net_counts_handshake_failed(bool certificate);
/* A client that was too slow with its "handshake", "headers" or "body", or in taking an "answer".
 */
void net_counts_slow(const char *what);
#endif
