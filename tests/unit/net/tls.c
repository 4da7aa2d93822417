/* TLS as clients meet it. */
#include "net/tls.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "net/tls_stage.h"

TestSuite(net_tls, .init = tls_stage_setup, .fini = tls_stage_teardown);

static struct wire w;

static void assert_echoes(struct wire *link, size_t len)
{
	char *sent = malloc(len + 1);
	memset(sent, 'x', len);
	sent[len] = '\0';
	wire_message(link, sent);
	char *got = wire_next_text(link);
	cr_assert_not_null(got);
	cr_assert_eq(strcmp(got, sent), 0);
	free(got);
	free(sent);
}

static bool is_closed(void)
{
	return s.closed == 1;
}

Test(net_tls, carries_links_and_says_so)
{
	s.echo = true;
	tls_stage_start();
	tls_stage_connect(&w, t.client, "CP1");
	cr_assert(s.tls);
	cr_assert_eq(s.certificate.len, 0);
	assert_echoes(&w, 10);
	wire_close(&w);
	stage_until(is_closed);
}

Test(net_tls, leaves_the_plain_listener_as_it_is)
{
	tls_stage_start();
	wire_connect(&w, s.loop, s.port, "CP1");
	cr_assert_not(s.tls);
	wire_close(&w);
}

Test(net_tls, may_be_the_only_listener)
{
	s.options.listen = "";
	tls_stage_start();
	cr_assert_eq(s.port, 0);
	tls_stage_connect(&w, t.client, "CP1");
	wire_close(&w);
}

Test(net_tls, carries_requests_that_follow_each_other_on_one_connection)
{
	static char answer[200000];
	memset(answer, 'a', sizeof answer - 1);
	s.answer = answer;
	tls_stage_start();
	wire_open(&w, s.loop, s.tls_port);
	cr_assert(wire_tls(&w, t.client, NULL));
	for (int i = 0; i < 10; i++) {
		char body[40000];
		memset(body, 'b', sizeof body);
		wire_text(&w, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n",
			  sizeof body);
		wire_send(&w, body, sizeof body);
		cr_assert(wire_wait(&w, answer), "answer %d", i);
		cr_assert(s.http_tls);
		cr_assert_eq(s.body.len, sizeof body, "%d", i);
		wire_clear(&w);
	}
	wire_close(&w);
}

/* A record of TLS holds 16 KiB, of which lws takes less at a time; the rest is in no socket. */
Test(net_tls, carries_messages_of_any_size_and_many_in_one_record)
{
	s.echo = true;
	tls_stage_start();
	tls_stage_connect(&w, t.client, "CP1");
	assert_echoes(&w, 60000);
	assert_echoes(&w, 16384);
	struct buf frames = {0};
	for (int i = 0; i < 500; i++) {
		static const char frame[] = {(char)0x81, (char)0x85, 0,   0,   0,  0,
					     'h',        'e',        'l', 'l', 'o'};
		buf_add(&frames, frame, sizeof frame);
	}
	wire_send(&w, frames.data, frames.len);
	for (int i = 0; i < 500; i++) {
		char *got = wire_next_text(&w);
		cr_assert_str_eq(got, "hello");
		free(got);
	}
	buf_free(&frames);
	wire_close(&w);
}

Test(net_tls, carries_many_requests_of_one_record)
{
	struct buf all = {0};
	s.answer = "answer";
	tls_stage_start();
	wire_open(&w, s.loop, s.tls_port);
	cr_assert(wire_tls(&w, t.client, NULL));
	for (int i = 0; i < 200; i++)
		buf_printf(&all, "GET /%d HTTP/1.1\r\nHost: x\r\nX-More: %060d\r\n\r\n", i, i);
	cr_assert_gt(all.len, 16384);
	wire_send(&w, all.data, all.len);
	while (s.requests < 200 && wire_wait(&w, "answer"))
		wire_clear(&w);
	cr_assert_str_eq(s.http_path, "/199");
	buf_free(&all);
	wire_close(&w);
}

static const char *cipher_with(const char *ciphers)
{
	static char name[64];
	SSL_CTX *client = certificates_client(NULL);
	SSL_CTX_set_max_proto_version(client, TLS1_2_VERSION);
	SSL_CTX_set_cipher_list(client, ciphers);
	tls_stage_connect(&w, client, "CP1");
	snprintf(name, sizeof name, "%s", SSL_get_cipher_name(w.ssl));
	wire_close(&w);
	return name;
}

Test(net_tls, serves_a_certificate_of_either_type_of_key)
{
	const struct certificate *rsa =
	    certificate_make(&(struct certificate_spec){.name = "rsa", .rsa = true});
	t.options.second_certificate = rsa->pem;
	t.options.second_key = rsa->key_pem;
	tls_stage_start();
	cr_expect_str_eq(cipher_with("ECDHE-ECDSA-AES128-GCM-SHA256"),
			 "ECDHE-ECDSA-AES128-GCM-SHA256");
	cr_expect_str_eq(cipher_with("ECDHE-RSA-AES256-GCM-SHA384"), "ECDHE-RSA-AES256-GCM-SHA384");
	cr_expect_str_eq(cipher_with("AES128-GCM-SHA256"), "AES128-GCM-SHA256");
}

Test(net_tls, refuses_old_versions_and_other_ciphers)
{
	tls_stage_start();
	static const int old[] = {TLS1_VERSION, TLS1_1_VERSION};
	for (size_t i = 0; i < 2; i++) {
		SSL_CTX *client = certificates_client(NULL);
		SSL_CTX_set_security_level(client, 0);
		SSL_CTX_set_min_proto_version(client, old[i]);
		SSL_CTX_set_max_proto_version(client, old[i]);
		const char *why = tls_stage_refusal(client);
		cr_assert_not_null(why);
		cr_expect(strstr(why, "protocol version"), "%s", why);
	}
	SSL_CTX *client = certificates_client(NULL);
	SSL_CTX_set_max_proto_version(client, TLS1_2_VERSION);
	SSL_CTX_set_cipher_list(client, "ECDHE-ECDSA-CHACHA20-POLY1305");
	const char *why = tls_stage_refusal(client);
	cr_expect(why && strstr(why, "handshake failure"), "%s", why);
	cr_assert_null(tls_stage_refusal(t.client));
}

Test(net_tls, speaks_1_3_alone_if_told_so)
{
	t.options.min_version = "1.3";
	tls_stage_start();
	SSL_CTX *client = certificates_client(NULL);
	SSL_CTX_set_max_proto_version(client, TLS1_2_VERSION);
	cr_assert_not_null(tls_stage_refusal(client));
	cr_assert_null(tls_stage_refusal(t.client));
}

/* Its way through lws is another one, which does not know our upgrades. */
Test(net_tls, does_not_offer_http_2)
{
	tls_stage_start();
	const unsigned char *chosen;
	unsigned len;
	SSL_CTX_set_alpn_protos(t.client, (const unsigned char *)"\x02h2\x08http/1.1", 12);
	tls_stage_connect(&w, t.client, "CP1");
	SSL_get0_alpn_selected(w.ssl, &chosen, &len);
	cr_assert_eq(len, 8);
	cr_assert_eq(memcmp(chosen, "http/1.1", 8), 0);
	wire_close(&w);
}

Test(net_tls, gives_no_session_to_resume)
{
	tls_stage_start();
	tls_stage_connect(&w, t.client, "CP1");
	cr_assert_not(SSL_SESSION_is_resumable(SSL_get_session(w.ssl)));
	wire_close(&w);
}

Test(net_tls, tells_a_client_without_tls_what_is_spoken_here)
{
	tls_stage_start();
	wire_open(&w, s.loop, s.tls_port);
	wire_text(&w, "GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n\r\n");
	cr_assert(wire_wait(&w, "This port speaks TLS.\n"));
	cr_assert(wire_wait_eof(&w));
	cr_assert_eq(strncmp(w.in.data, "HTTP/1.1 400 ", 13), 0);
	wire_close(&w);
}

Test(net_tls, ends_a_handshake_on_the_plain_port)
{
	tls_stage_start();
	wire_open(&w, s.loop, s.port);
	cr_assert_not(wire_tls(&w, t.client, NULL));
	wire_close(&w);
	wire_connect(&w, s.loop, s.port, "CP1");
	wire_close(&w);
}

Test(net_tls, hangs_up_on_a_handshake_that_takes_too_long)
{
	s.options.http_ms = 1000;
	tls_stage_start();
	struct wire silent, half;
	wire_open(&silent, s.loop, s.tls_port);
	wire_open(&half, s.loop, s.tls_port);
	wire_send(&half, "\x16\x03\x01\x02\x00\x01", 6);
	cr_assert(wire_wait_eof(&silent));
	cr_assert(wire_wait_eof(&half));
	wire_close(&silent);
	wire_close(&half);
}

Test(net_tls, drops_a_link_that_does_not_read)
{
	s.options.max_queue_bytes = 4096;
	tls_stage_start();
	tls_stage_connect(&w, t.client, "CP1");
	static char text[60000];
	memset(text, 'x', sizeof text);
	for (int i = 0; i < 1000 && s.link && net_send(s.link, text, sizeof text) == 0; i++)
		;
	stage_until(is_closed);
	wire_close(&w);
}

Test(net_tls, closes_a_link_with_its_code)
{
	tls_stage_start();
	tls_stage_connect(&w, t.client, "CP1");
	net_close(s.link, 1012, "changed");
	cr_assert_eq(wire_next_close(&w), 1012);
	wire_close(&w);
	stage_until(is_closed);
}

Test(net_tls, takes_up_new_files_for_new_links_and_keeps_the_old_ones)
{
	s.echo = true;
	tls_stage_start();
	struct wire before, after;
	tls_stage_connect(&before, t.client, "CP1");
	const struct certificate *renewed = certificate_make(
	    &(struct certificate_spec){.name = "renewed", .rsa = true, .serial = 2});
	t.options.certificate = renewed->pem;
	t.options.key = renewed->key_pem;
	tls_stage_read();
	tls_stage_connect(&after, t.client, "CP2");
	cr_assert_eq(X509_cmp(SSL_get0_peer_certificate(before.ssl), t.server->x), 0);
	cr_assert_eq(X509_cmp(SSL_get0_peer_certificate(after.ssl), renewed->x), 0);
	assert_echoes(&before, 1000);
	assert_echoes(&after, 1000);
	cr_assert_eq(s.closed, 0);
	wire_close(&before);
	wire_close(&after);
}

Test(net_tls, survives_handshakes_cut_off_anywhere)
{
	tls_stage_start();
	for (int turns = 0; turns < 6; turns++) {
		wire_open(&w, s.loop, s.tls_port);
		w.ssl = SSL_new(t.client);
		SSL_set_fd(w.ssl, w.fd);
		SSL_set_connect_state(w.ssl);
		fcntl(w.fd, F_SETFL, O_NONBLOCK);
		for (int i = 0; i < turns; i++) {
			SSL_do_handshake(w.ssl);
			wire_turn(&w);
		}
		wire_close(&w);
	}
	cr_assert_null(tls_stage_refusal(t.client));
}

/* lws would take such a client to the listener of that name. */
Test(net_tls, is_told_by_the_port_and_not_by_the_header_host)
{
	static const char request[] = "GET /x HTTP/1.1\r\nHost: %s\r\n\r\n";
	tls_stage_start();
	wire_open(&w, s.loop, s.port);
	wire_text(&w, request, "tls.listen");
	cr_assert(wire_wait(&w, "ok"));
	cr_assert_not(s.http_tls);
	wire_close(&w);
	wire_open(&w, s.loop, s.tls_port);
	cr_assert(wire_tls(&w, t.client, NULL));
	wire_text(&w, request, "http.listen");
	cr_assert(wire_wait(&w, "ok"));
	cr_assert(s.http_tls);
	wire_close(&w);
}
