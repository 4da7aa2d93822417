/* Requests whose body or answer goes in pieces. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "net/stage.h"
#include "net/wire.h"

TestSuite(net_pieces, .init = stage_setup, .fini = stage_teardown);

#define HOST "Host: x\r\n"
#define LARGE 16000000 /* more than the kernel keeps */

static struct wire w;

static void start(void)
{
	s.defer = true;
	s.limit = s.limit ? s.limit : 10 * LARGE;
	stage_start();
	wire_open(&w, s.loop, s.port);
}

static bool is_asked(void)
{
	return s.request != NULL;
}

static bool has_body(void)
{
	return s.body_ended || s.body_err;
}

static bool has_gone(void)
{
	return s.gone || s.overs;
}

static void respond(const char *text)
{
	struct net_request *r = s.request;
	s.request = NULL;
	net_respond(r, 200, "text/plain", NULL, 0, text, strlen(text));
}

static void pass(uint64_t ms)
{
	static const bool never;
	loop_run_until(s.loop, &never, ms);
}

/* Sends without waiting, so much as the server and the kernel take; how much that was. */
static size_t push(const char *bytes, size_t len)
{
	size_t sent = 0;
	for (int idle = 0; idle < 20 && sent < len;) {
		ssize_t n = send(w.fd, bytes + sent, len - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
		idle = n > 0 ? 0 : idle + 1;
		sent += n > 0 ? (size_t)n : 0;
		pass(2);
	}
	return sent;
}

static char *pattern(void)
{
	char *text = malloc(LARGE);
	for (size_t i = 0; i < LARGE; i++)
		text[i] = (char)(i * 7 + i / 1000);
	return text;
}

Test(net_pieces, a_body_is_read_only_as_it_is_pulled)
{
	char *text = pattern();
	start();
	wire_text(&w, "POST /a HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n", LARGE);
	stage_until(is_asked);
	cr_expect_eq(net_body_length(s.request), LARGE);
	struct net_request *r = s.request;
	size_t sent = push(text, LARGE);
	cr_expect_lt(sent, LARGE, "all of it was taken in");
	net_body_next(r);
	cr_expect_eq(s.pieces, 0, "never before it returns");
	sent += push(text + sent, LARGE - sent);
	cr_expect_eq(sent, LARGE);
	stage_until(has_body);
	cr_expect_eq(s.body_err, 0);
	cr_assert_eq(s.body.len, LARGE);
	cr_expect_eq(memcmp(s.body.data, text, LARGE), 0);
	cr_expect_gt(s.pieces, 20);
	respond("one");
	cr_expect(wire_wait(&w, "\r\n\r\none"));
	wire_clear(&w);
	wire_text(&w, "POST /b HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
	stage_until(is_asked);
	s.body_ended = false;
	net_body_next(s.request);
	stage_until(has_body);
	respond("two");
	cr_expect(wire_wait(&w, "\r\n\r\ntwo"), "the connection goes on");
	wire_close(&w);
	free(text);
}

Test(net_pieces, a_body_may_come_in_chunks)
{
	s.pull = true;
	start();
	wire_text(&w,
		  "PUT /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
	stage_until(is_asked);
	cr_expect_eq(net_body_length(s.request), -1);
	wire_turn(&w);
	wire_text(&w, "6\r\n world\r\n0\r\n\r\n");
	stage_until(has_body);
	cr_expect_str_eq(s.body.data, "hello world");
	respond("ok");
	cr_expect(wire_wait(&w, "\r\n\r\nok"));
	wire_close(&w);
}

static const struct {
	const char *rest;
	int err;
} faults[] = {
    {"5\r\nhelloX", -EBADMSG},
    {"5\r\nhello\r\n6\r\n world\r\n", -EMSGSIZE},
    {"ffffffff\r\n", -EMSGSIZE},
};

Test(net_pieces, a_body_that_is_wrong_is_told_so)
{
	s.pull = true;
	s.limit = 10;
	start();
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		s.body_err = 0;
		wire_text(&w, "PUT /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n%s",
			  faults[i].rest);
		stage_until(has_body);
		cr_expect_eq(s.body_err, faults[i].err, "%s: %d", faults[i].rest, s.body_err);
		respond("no");
		cr_expect(wire_wait(&w, "\r\n\r\nno"));
		wire_close(&w);
		wire_open(&w, s.loop, s.port);
	}
	wire_text(&w, "PUT /a HTTP/1.1\r\n" HOST "Content-Length: 11\r\n\r\n");
	cr_expect(wire_wait(&w, "HTTP/1.1 413 "));
	wire_close(&w);
}

Test(net_pieces, a_client_that_waits_to_be_told_is_told_when_the_body_is_pulled)
{
	start();
	wire_text(&w,
		  "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
	stage_until(is_asked);
	cr_expect(wire_is_silent(&w, 50));
	net_body_next(s.request);
	cr_expect(wire_wait(&w, "HTTP/1.1 100 Continue\r\n\r\n"));
	wire_text(&w, "hello");
	stage_until(has_body);
	cr_expect_str_eq(s.body.data, "hello");
	respond("ok");
	cr_expect(wire_wait(&w, "\r\n\r\nok"));
	wire_close(&w);
}

Test(net_pieces, a_client_that_waits_to_be_told_may_be_refused_instead)
{
	start();
	wire_text(&w,
		  "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
	stage_until(is_asked);
	respond("refused");
	cr_expect(wire_wait(&w, "HTTP/1.1 200 "));
	cr_expect(wire_wait(&w, "Connection: close"));
	wire_close(&w);
}

Test(net_pieces, a_body_that_is_refused_is_read_on_for_a_moment)
{
	char *text = pattern();
	start();
	wire_text(&w, "POST /a HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n", LARGE);
	stage_until(is_asked);
	respond("refused");
	cr_expect_eq(push(text, LARGE), LARGE);
	cr_expect(wire_wait(&w, "refused"));
	cr_expect(wire_wait_eof(&w));
	wire_close(&w);
	free(text);
}

Test(net_pieces, a_body_that_does_not_go_on_is_told_so)
{
	s.pull = true;
	s.options.http_ms = 1000;
	start();
	wire_text(&w, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 500\r\n\r\n");
	for (int i = 0; i < 4; i++) { /* longer than the time-out, but it goes on */
		pass(500);
		wire_text(&w, "x");
	}
	pass(100);
	cr_assert_eq(s.body_err, 0);
	cr_assert_eq(s.body.len, 4);
	stage_until(has_body);
	cr_expect_eq(s.body_err, -ETIMEDOUT);
	respond("too slow");
	cr_expect(wire_wait(&w, "too slow"));
	wire_close(&w);
}

Test(net_pieces, a_client_that_hangs_up_in_its_body_is_gone)
{
	s.pull = true;
	start();
	wire_text(&w, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 500\r\n\r\nhello");
	stage_until(is_asked);
	wire_close(&w);
	stage_until(has_gone);
	cr_expect_not(s.body_ended);
	/* The same of one from which nothing is read. */
	s.pull = false;
	s.gone = 0;
	wire_open(&w, s.loop, s.port);
	wire_text(&w, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 500\r\n\r\n");
	stage_until(is_asked);
	wire_close(&w);
	stage_until(has_gone);
}

Test(net_pieces, a_body_that_is_being_pulled_goes_with_the_server)
{
	s.pull = true;
	start();
	wire_text(&w, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 500\r\n\r\nhello");
	stage_until(is_asked);
	net_free(s.net);
	s.net = NULL;
	cr_expect_eq(s.gone, 1);
	wire_close(&w);
}

static bool has_room(void)
{
	return s.rooms > 0;
}

static void stream(int64_t length)
{
	net_respond_stream(s.request, 200, "text/plain", NULL, 0, length);
}

static void ask_and_stream(const char *method, const char *version, int64_t length)
{
	wire_text(&w, "%s /a HTTP/%s\r\n" HOST "\r\n", method, version);
	stage_until(is_asked);
	s.rooms = s.overs = 0;
	stream(length);
}

static void send_piece(const char *text)
{
	stage_until(has_room);
	s.rooms = 0;
	net_stream_send(s.request, text, strlen(text));
}

Test(net_pieces, an_answer_of_known_length_goes_as_it_is_asked_for)
{
	start();
	for (int i = 0; i < 2; i++) {
		ask_and_stream("GET", "1.1", 11);
		send_piece("hello");
		cr_expect(wire_wait(&w, "Content-Length: 11\r\n"));
		cr_expect_eq(s.overs, 0);
		send_piece(" world");
		cr_expect(wire_wait(&w, "hello world"));
		stage_until(has_gone);
		cr_expect_eq(s.over_err, 0);
		wire_clear(&w);
	}
	cr_expect_eq(s.requests, 2, "on one connection");
	wire_close(&w);
}

Test(net_pieces, an_answer_of_unknown_length_goes_in_chunks)
{
	start();
	ask_and_stream("GET", "1.1", -1);
	send_piece("hello");
	send_piece(" world");
	send_piece("");
	cr_expect(wire_wait(&w, "\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"));
	wire_clear(&w);
	ask_and_stream("GET", "1.1", -1);
	send_piece("");
	cr_expect(wire_wait(&w, "\r\n\r\n0\r\n\r\n"));
	wire_close(&w);
}

Test(net_pieces, an_answer_of_unknown_length_ends_with_an_old_connection)
{
	start();
	ask_and_stream("GET", "1.0", -1);
	send_piece("hello");
	send_piece("");
	cr_expect(wire_wait(&w, "\r\n\r\nhello"));
	cr_expect(wire_wait_eof(&w));
	wire_close(&w);
}

Test(net_pieces, an_answer_to_head_is_over_without_its_pieces)
{
	start();
	ask_and_stream("HEAD", "1.1", 11);
	stage_until(has_gone);
	cr_expect_eq(s.rooms, 0);
	cr_expect(wire_wait(&w, "Content-Length: 11\r\n"));
	wire_clear(&w);
	ask_and_stream("GET", "1.1", 0);
	cr_expect(wire_wait(&w, "Content-Length: 0\r\n"));
	cr_expect_eq(s.rooms, 0);
	wire_close(&w);
}

Test(net_pieces, a_second_request_waits_until_the_answer_is_over)
{
	start();
	wire_text(&w, "GET /one HTTP/1.1\r\n" HOST "\r\nGET /two HTTP/1.1\r\n" HOST "\r\n");
	stage_until(is_asked);
	stream(5);
	pass(50);
	cr_expect_eq(s.requests, 1);
	send_piece("hello");
	stage_until(has_gone);
	stage_until(is_asked);
	cr_expect_str_eq(s.http_path, "/two");
	respond("two");
	cr_expect(wire_wait(&w, "hello") && wire_wait(&w, "\r\n\r\ntwo"));
	wire_close(&w);
}

static void expect_cut(void)
{
	stage_until(has_gone);
	cr_expect_eq(s.over_err, -ECONNRESET);
	cr_expect(wire_wait_eof(&w));
	wire_close(&w);
	wire_open(&w, s.loop, s.port);
}

Test(net_pieces, an_answer_that_breaks_its_word_is_cut)
{
	start();
	ask_and_stream("GET", "1.1", 11);
	send_piece("hello");
	send_piece("");
	expect_cut();
	ask_and_stream("GET", "1.1", 4);
	send_piece("hello");
	expect_cut();
	ask_and_stream("GET", "1.1", 4);
	stage_until(has_room);
	net_stream_cut(s.request);
	expect_cut();
	wire_close(&w);
}

/* Pieces for as long as there is room; how many went. */
static uint32_t pour(const char *piece, size_t len, uint64_t ms)
{
	uint32_t n = 0;
	for (uint64_t i = 0; i < ms / 2 && !s.overs; i++) {
		if (has_room()) {
			s.rooms = 0;
			net_stream_send(s.request, piece, len);
			n++;
		}
		pass(2);
	}
	return n;
}

Test(net_pieces, a_client_that_takes_nothing_is_asked_for_nothing_and_hung_up)
{
	static char piece[100000];
	s.options.http_ms = 1000;
	start();
	ask_and_stream("GET", "1.1", -1);
	uint32_t most = pour(piece, sizeof piece, 500);
	cr_expect_lt(most, 200u, "what is not taken piles up");
	pour(piece, sizeof piece, 4000);
	cr_expect_eq(s.overs, 1, "it is still there");
	cr_expect_eq(s.over_err, -ECONNRESET);
	wire_close(&w);
}

Test(net_pieces, a_slow_client_is_waited_for)
{
	static char piece[100000], in[65536];
	s.options.http_ms = 1000;
	start();
	ask_and_stream("GET", "1.1", -1);
	pour(piece, sizeof piece, 500);
	for (int i = 0; i < 10; i++) { /* 3 s */
		cr_expect_gt(recv(w.fd, in, sizeof in, MSG_DONTWAIT), 0);
		pass(300);
	}
	cr_expect_eq(s.overs, 0, "it was hung up");
	wire_close(&w);
	stage_until(has_gone);
}

Test(net_pieces, a_client_that_takes_too_little_is_hung_up)
{
	static char piece[100000], in[1024];
	s.options.min_rate = 100000000;
	s.options.rate_grace_ms = 1000;
	start();
	ask_and_stream("GET", "1.1", -1);
	pour(piece, sizeof piece, 500);
	for (int i = 0; i < 20 && !s.overs; i++) {
		recv(w.fd, in, sizeof in, MSG_DONTWAIT);
		pass(300);
	}
	cr_expect_eq(s.overs, 1, "it is still there");
	cr_expect_eq(s.over_err, -ECONNRESET);
	wire_close(&w);
}

Test(net_pieces, a_client_that_hangs_up_in_its_answer_is_gone)
{
	start();
	ask_and_stream("GET", "1.1", 11);
	send_piece("hello");
	stage_until(has_room);
	wire_close(&w);
	stage_until(has_gone);
	cr_expect_eq(s.over_err, -ECONNRESET);
}

Test(net_pieces, an_answer_goes_with_the_server)
{
	start();
	ask_and_stream("GET", "1.1", 11);
	stage_until(has_room);
	net_free(s.net);
	s.net = NULL;
	cr_expect_eq(s.overs, 1);
	cr_expect_eq(s.gone, 0);
	wire_close(&w);
}
