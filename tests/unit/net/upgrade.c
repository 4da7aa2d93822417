#include <criterion/criterion.h>
#include <string.h>

#include "net/stage.h"
#include "net/wire.h"

TestSuite(net_upgrade, .init = stage_setup, .fini = stage_teardown);

static struct wire w;

#define OURS "Sec-WebSocket-Protocol: ocpp1.6\r\n"

static int try(const char *target, const char *headers)
{
	wire_open(&w, s.loop, s.port);
	int status = wire_upgrade(&w, target, headers);
	return status;
}

static bool says(const char *text)
{
	return wire_wait(&w, text);
}

Test(net_upgrade, opens_a_link_and_answers_with_the_subprotocol)
{
	stage_start();
	wire_open(&w, s.loop, s.port);
	wire_text(&w, "GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
		      "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
		      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" OURS "\r\n");
	cr_assert(says("HTTP/1.1 101 "));
	cr_assert(says("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
	cr_assert(says("Sec-WebSocket-Protocol: ocpp1.6\r\n"));
	cr_assert_str_eq(s.trace.data, "upgrade CP1;opened ocpp1.6;");
	cr_assert_str_eq(s.path, "/ocpp/CP1");
	cr_assert_str_eq(s.authorization, "(none)");
	cr_assert_eq(net_link_count(s.net), 1);
	wire_close(&w);
}

static const struct form {
	const char *target, *identity;
} forms[] = {
    {"/ocpp/CP1", "CP1"},
    {"/ocpp/CP1/", "CP1"},
    {"/ocpp///CP1", "CP1"},
    {"///ocpp/CP1", "CP1"},
    {"/ocpp/RDAM%20123", "RDAM 123"},
    {"/ocpp/RDAM%7C123", "RDAM|123"},
    {"/ocpp/100%25", "100%"},
    {"/ocpp/%D0%9C1", "\xd0\x9c"
		      "1"},
    {"/ocpp?chargePointId=CP1", "CP1"},
    {"/ocpp/?a=b&chargePointId=RDAM%20123", "RDAM 123"},
    {"ws://host:9000/ocpp/CP1", "CP1"},
    {"/ws://host:9000/ocpp/CP1", "CP1"},
    {"wss://host/ocpp/CP1/", "CP1"},
};

Test(net_upgrade, finds_the_identity_in_every_form_of_the_url)
{
	stage_start();
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		cr_expect_eq(try(forms[i].target, OURS), 101, "%s", forms[i].target);
		cr_expect_str_eq(s.identity, forms[i].identity, "%s gives \"%s\"", forms[i].target,
				 s.identity);
		wire_close(&w);
	}
}

static const char *const not_ours[] = {
    "/", "/ocp/CP1", "/ocppp/CP1", "/api/ocpp/CP1", "/ocpp/a/CP1", "/ocpp", "/ocpp/", "/ocpp?x=CP1",
};

Test(net_upgrade, answers_404_where_no_charger_can_be)
{
	stage_start();
	for (size_t i = 0; i < sizeof not_ours / sizeof *not_ours; i++) {
		cr_expect_eq(try(not_ours[i], OURS), 404, "%s", not_ours[i]);
		cr_expect(wire_wait_eof(&w));
		wire_close(&w);
	}
	cr_assert_null(s.trace.data);
}

static const struct list {
	const char *headers;
	bool good;
} lists[] = {
    {"Sec-WebSocket-Protocol: ocpp1.6\r\n", true},
    {"Sec-WebSocket-Protocol: ocpp2.0.1, ocpp1.6\r\n", true},
    {"Sec-WebSocket-Protocol: ocpp1.6,ocpp1.5\r\n", true},
    {"Sec-WebSocket-Protocol: ,ocpp1.6\r\n", true},
    {"Sec-WebSocket-Protocol: ocpp1.6,\r\n", true},
    {"Sec-WebSocket-Protocol: , ,ocpp2.0.1,,ocpp1.6, ,\r\n", true},
    {"Sec-WebSocket-Protocol: ocpp2.0.1\r\nSec-WebSocket-Protocol: ocpp1.6\r\n", true},
    {"Sec-WebSocket-Protocol: ocpp2.0.1\r\n", false},
    {"Sec-WebSocket-Protocol: ocpp1.60\r\n", false},
    {"Sec-WebSocket-Protocol: OCPP1.6\r\n", false},
    {"Sec-WebSocket-Protocol: ,\r\n", false},
    {"Sec-WebSocket-Protocol: \r\n", false},
    {"", false},
};

Test(net_upgrade, takes_a_list_of_subprotocols_if_ours_is_in_it)
{
	stage_start();
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		cr_expect_eq(try("/ocpp/CP1", lists[i].headers), lists[i].good ? 101 : 400,
			     "\"%s\"", lists[i].headers);
		wire_close(&w);
	}
}

Test(net_upgrade, names_what_is_offered_and_what_is_spoken_when_it_refuses)
{
	stage_start();
	cr_assert_eq(try("/ocpp/CP1", "Sec-WebSocket-Protocol: ocpp2.0.1\r\n"), 400);
	cr_assert(says("ocpp2.0.1"));
	cr_assert(says("ocpp1.6"));
	cr_assert_null(s.trace.data, "the handler was asked");
	wire_close(&w);
}

Test(net_upgrade, gives_the_handlers_refusal_as_a_real_http_answer)
{
	static const int statuses[] = {401, 403, 404, 429, 503};
	stage_start();
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		s.refuse = statuses[i];
		cr_expect_eq(try("/ocpp/CP1", OURS "Authorization: Basic Q1AxOng=\r\n"),
			     statuses[i]);
		cr_expect_str_eq(s.authorization, "Basic Q1AxOng=");
		cr_expect_eq(says("WWW-Authenticate: Basic realm="), statuses[i] == 401);
		cr_expect(wire_wait_eof(&w));
		wire_close(&w);
	}
	cr_assert_eq(s.closed, 0, "what was refused was never a link");
}

static const struct broken {
	const char *request;
	int status;
} broken[] = {
    {"GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     "Sec-WebSocket-Version: 13\r\n" OURS "\r\n",
     400},
    {"GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n" OURS "\r\n",
     426},
    {"GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: close\r\n"
     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" OURS "\r\n",
     400},
    {"POST /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" OURS "\r\n",
     400},
    {"GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n\r\n", 426},
};

Test(net_upgrade, says_what_is_wrong_with_a_handshake)
{
	stage_start();
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		char line[32];
		snprintf(line, sizeof line, "HTTP/1.1 %d ", broken[i].status);
		wire_open(&w, s.loop, s.port);
		wire_text(&w, "%s", broken[i].request);
		cr_expect(says(line), "%s gives %s", broken[i].request, w.in.data);
		wire_close(&w);
	}
	cr_assert_null(s.trace.data);
}

Test(net_upgrade, takes_frames_that_come_with_the_handshake)
{
	stage_start();
	wire_open(&w, s.loop, s.port);
	wire_text(&w,
		  "GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
		  "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
		  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" OURS "\r\n"
		  "\x81\x82%c%c%c%chi",
		  0, 0, 0, 0);
	cr_assert(says("101"));
	wire_message(&w, "ho");
	while (s.messages < 2)
		wire_turn(&w);
	cr_assert_str_eq(s.message.data, "ho");
	wire_close(&w);
}

Test(net_upgrade, answers_503_when_as_many_links_as_allowed_are_open_and_still_serves_http)
{
	struct wire first;
	s.options.max_links = 1;
	stage_start();
	wire_connect(&first, s.loop, s.port, "CP1");
	cr_assert_eq(try("/ocpp/CP2", OURS), 503);
	wire_close(&w);
	wire_open(&w, s.loop, s.port);
	wire_text(&w, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
	cr_assert(says("200 OK"));
	wire_close(&w);
	wire_close(&first);
}
