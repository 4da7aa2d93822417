#include "net/tls_stage.h"

#include <criterion/criterion.h>
#include <stdlib.h>

struct tls_stage t;

void tls_stage_setup(void)
{
	stage_setup();
	certificates_setup();
	t.server = certificate_make(&(struct certificate_spec){.name = "server"});
	t.authority = certificate_make(&(struct certificate_spec){.name = "authority"});
	t.client = certificates_client(NULL);
	t.tls = tls_new();
	t.options = (struct tls_options){
	    .listen = "127.0.0.1:0",
	    .certificate = t.server->pem,
	    .key = t.server->key_pem,
	    .second_certificate = "",
	    .second_key = "",
	    .client_ca = "",
	    .min_version = "1.2",
	    .ciphers = "ECDHE+AESGCM:AES128-GCM-SHA256",
	};
}

void tls_stage_teardown(void)
{
	stage_teardown();
	tls_free(t.tls);
	certificates_teardown();
}

void tls_stage_read(void)
{
	struct tls_files *files;
	char *error = NULL;
	cr_assert_eq(tls_read(&t.options, &files, &error), 0, "%s", error);
	tls_use(t.tls, files);
}

void tls_stage_start(void)
{
	tls_stage_read();
	s.options.tls = t.tls;
	s.options.tls_options = &t.options;
	stage_start();
}

void tls_stage_connect(struct wire *w, SSL_CTX *client, const char *identity)
{
	const char *why = "";
	char target[128];
	snprintf(target, sizeof target, "/ocpp/%s", identity);
	wire_open(w, s.loop, s.tls_port);
	cr_assert(wire_tls(w, client, &why), "%s", why);
	cr_assert_eq(wire_upgrade(w, target, "Sec-WebSocket-Protocol: ocpp1.6\r\n"), 101);
}

/* With TLS 1.3 the client is done before the server has seen its certificate: so it asks for
 * something. */
const char *tls_stage_refusal(SSL_CTX *client)
{
	struct wire w;
	const char *why = NULL;
	wire_open(&w, s.loop, s.tls_port);
	if (wire_tls(&w, client, &why) &&
	    wire_upgrade(&w, "/ocpp/REFUSED", "Sec-WebSocket-Protocol: ocpp1.6\r\n") != 101)
		why = "nothing was answered";
	wire_close(&w);
	return why;
}
