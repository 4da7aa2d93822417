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
    {"http://host/ocpp/CP1", "CP1"},
    {"/ocpp/4/CBI-1", "4/CBI-1"},
    {"/ws://10.0.0.1:9000/ocpp/CP_1/SERIAL_1234", "CP_1/SERIAL_1234"},
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
    "/",     "/ocp/CP1", "/ocppp/CP1",  "/api/ocpp/CP1",      "/OCPP/CP1",
    "/ocpp", "/ocpp/",   "/ocpp?x=CP1", "/ocpp/../ocppp/CP1",
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

#define LONG_NAME "a-name-of-more-than-the-sixty-three-letters-that-libwebsockets-has-room-for"

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
    {"Sec-WebSocket-Protocol: v10.stomp, mqtt, ocpp2.1, ocpp2.0.1, ocpp2.0, ocpp1.5, ocpp1.2, "
     "soap,\tocpp1.6 , x\r\n",
     true},
    {"Sec-WebSocket-Protocol: " LONG_NAME ", ocpp1.6\r\n", true},
    {"Sec-WebSocket-Protocol: ocpp/2, \"ocpp\", ocpp1.6\r\n", true},
    {"Sec-WebSocket-Protocol: " LONG_NAME ", " LONG_NAME ", ocpp1.6\r\n", false},
    {"Sec-WebSocket-Protocol: ocpp2.0.1\r\n", false},
    {"Sec-WebSocket-Protocol: ocpp1.6 ocpp2.0.1\r\n", true},
    {"Sec-WebSocket-Protocol: xocpp1.6, ocpp1.6x, ocpp1,6\r\n", false},
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

#define START "GET /ocpp/CP1 HTTP/1.1\r\n"
#define H "Host: x\r\n"
#define U "Upgrade: websocket\r\n"
#define C "Connection: Upgrade\r\n"
#define K "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define V "Sec-WebSocket-Version: 13\r\n"
#define X32 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X128 X32 X32 X32 X32

static const struct broken {
	const char *request;
	int status;
	const char *why;
} broken[] = {
    {START U C K V OURS "\r\n", 400, "Host"},
    {START H C K V OURS "\r\n", 426, "WebSocket"},
    {START H "Upgrade: h2c\r\n" C K V OURS "\r\n", 426, "WebSocket"},
    {START H U K V OURS "\r\n", 400, "Connection"},
    {START H U "Connection: close\r\n" K V OURS "\r\n", 400, "Connection"},
    {START H U "Connection: keep-alive\r\n" K V OURS "\r\n", 400, "Connection"},
    {START H U "Connection: Upgraded\r\n" K V OURS "\r\n", 400, "Connection"},
    {START H U "Connection: Upgrade, " X128 "\r\n" K V OURS "\r\n", 400, "Connection"},
    {START H U C V OURS "\r\n", 400, "Sec-WebSocket-Key"},
    {START H U C "Sec-WebSocket-Key:\r\n" V OURS "\r\n", 400, "Sec-WebSocket-Key"},
    {START H U C "Sec-WebSocket-Key: " X128 "\r\n" V OURS "\r\n", 400, "Sec-WebSocket-Key"},
    {START H U C K OURS "\r\n", 426, "version 13"},
    {START H U C K "Sec-WebSocket-Version: 8\r\n" OURS "\r\n", 426, "version 13"},
    {START H U C K "Sec-WebSocket-Version: 013\r\n" OURS "\r\n", 426, "version 13"},
    {START H U C K "Sec-WebSocket-Version: 8, 13\r\n" OURS "\r\n", 426, "version 13"},
    {START H U C K V "Sec-WebSocket-Protocol: " X128 ", ocpp1.6\r\n\r\n", 400, "126 bytes"},
    {"POST /ocpp/CP1 HTTP/1.1\r\n" H U C K V OURS "\r\n", 400, "GET"},
    {START H "\r\n", 426, "WebSocket"},
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
		cr_expect(says(broken[i].why), "%s gives %s", broken[i].request, w.in.data);
		cr_expect_eq(says("Sec-WebSocket-Version: 13"),
			     strstr(broken[i].why, "version 13") != NULL);
		cr_expect(wire_wait_eof(&w));
		wire_close(&w);
	}
	cr_assert_null(s.trace.data);
}

static const char *const unusual[] = {
    START H "upgrade: WebSocket\r\n"
	    "CONNECTION: upgrade\r\n" K V OURS "\r\n",
    START H U "Connection: keep-alive,Upgrade\r\n" K V OURS "\r\n",
    START H U "Connection: keep-alive\r\nConnection: Upgrade\r\n" K V OURS "\r\n",
    START H U C "Sec-WebSocket-Key: no key of sixteen bytes\r\n" V OURS "\r\n",
    START H U C K V OURS
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n",
    START H U C K V OURS "Content-Length: 0\r\nExpect: nothing\r\nX-Anything: " X128 X128
			 "\r\n\r\n",
};

Test(net_upgrade, takes_what_is_unusual_but_clear)
{
	stage_start();
	for (size_t i = 0; i < sizeof unusual / sizeof *unusual; i++) {
		wire_open(&w, s.loop, s.port);
		wire_text(&w, "%s", unusual[i]);
		cr_expect(says("\r\n\r\n"));
		cr_expect(strstr(w.in.data, "HTTP/1.1 101 "), "%s gives %s", unusual[i], w.in.data);
		cr_expect_not(strstr(w.in.data, "Extensions"), "none is spoken here");
		wire_close(&w);
	}
}

Test(net_upgrade, may_share_the_path_with_http)
{
	s.options.ws_path = "/";
	stage_start();
	static const char *const targets[] = {"/CP1", "///CP1", "/CP1/", "ws://host/CP1"};
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		cr_expect_eq(try(targets[i], OURS), 101, "%s", targets[i]);
		cr_expect_str_eq(s.identity, "CP1");
		wire_close(&w);
	}
	wire_open(&w, s.loop, s.port);
	wire_text(&w, "GET /CP1 HTTP/1.1\r\n" H "\r\n");
	cr_assert(says("200 OK"));
	cr_assert_str_eq(s.http_path, "/CP1");
	wire_close(&w);
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
