/* A net with a TLS listener, and clients of it. */
#ifndef TESTS_NET_TLS_STAGE_H
#define TESTS_NET_TLS_STAGE_H
#include "net/certificates.h"
#include "net/stage.h"
#include "net/tls.h"
#include "net/wire.h"

struct tls_stage {
	struct tls *tls;
	struct tls_options options;
	const struct certificate *server, *authority;
	SSL_CTX *client; /* without a certificate */
};

extern struct tls_stage t;

/* An EC certificate for the server and an authority for clients, on disk; options that name the
 * first. */
void tls_stage_setup(void);
void tls_stage_teardown(void);
/* With s.options and t.options as they are. */
void tls_stage_start(void);
/* Reads the files that t.options names and puts them into force. */
void tls_stage_read(void);
/* A link over TLS, with all that the client can show; the test fails if it is refused. */
void tls_stage_connect(struct wire *, SSL_CTX *, const char *identity);
/* Why such a link cannot be had; NULL if it can. */
const char *tls_stage_refusal(SSL_CTX *);
#endif
