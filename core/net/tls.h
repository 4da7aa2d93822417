/* The server's side of TLS: its certificates, whom it lets vouch for clients, what it negotiates.
 * Loop thread only. */
#ifndef NET_TLS_H
#define NET_TLS_H

struct tls;

struct tls *tls_new(void);
void tls_free(struct tls *);

/* plugin.h's tls_trust. */
int tls_trust(struct tls *, const char *owner, const char *pem);
#endif
