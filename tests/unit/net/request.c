#define _GNU_SOURCE /* strcasestr */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "net/stage.h"
#include "net/wire.h"

TestSuite(net_request, .init = stage_setup, .fini = stage_teardown);

static struct wire w;

static void start(void)
{
	stage_start();
	wire_open(&w, s.loop, s.port);
}

static void end(void)
{
	wire_close(&w);
}

#define HOST "Host: x\r\n"

static void expect(const char *text)
{
	cr_assert(wire_wait(&w, text), "no \"%s\" in: %s", text, w.in.data ? w.in.data : "");
}

static bool is_asked(void)
{
	return s.request != NULL;
}

static void respond(const char *text)
{
	struct net_request *r = s.request;
	s.request = NULL;
	net_respond(r, 200, "text/plain", NULL, 0, text, strlen(text));
}

Test(net_request, is_answered_and_the_connection_used_again)
{
	start();
	for (int i = 0; i < 3; i++) {
		wire_text(&w, "GET /a/b%%20c?x=1 HTTP/1.1\r\n" HOST "\r\n");
		expect("\r\n\r\nok");
		wire_clear(&w);
	}
	cr_assert_eq(s.requests, 3);
	cr_assert_str_eq(s.method, "GET");
	cr_assert_str_eq(s.http_path, "/a/b c");
	end();
}

Test(net_request, with_a_url_that_is_not_utf8_is_refused)
{
	static const char *const bad[] = {"/%ff", "/a?b=%c0%80", "/a?%ed%a0%80=1", "/%e2%82",
					  "/a?b=%f5%80%80%80"};
	start();
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		wire_text(&w, "GET %s HTTP/1.1\r\n" HOST "\r\n", bad[i]);
		expect("HTTP/1.1 400");
		end();
		wire_open(&w, s.loop, s.port);
	}
	cr_assert_eq(s.requests, 0);
	wire_text(&w, "GET /%%c3%%a9%%e2%%82%%ac%%f0%%9f%%98%%80 HTTP/1.1\r\n" HOST "\r\n");
	expect("ok");
	end();
}

Test(net_request, closes_the_connection_when_the_client_wants_it)
{
	start();
	wire_text(&w, "GET /a HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
	expect("ok");
	cr_assert(wire_wait_eof(&w));
	end();
}

Test(net_request, of_http_1_0_is_answered_and_closed)
{
	start();
	wire_text(&w, "GET /a HTTP/1.0\r\n\r\n");
	expect("ok");
	cr_assert(wire_wait_eof(&w));
	end();
}

Test(net_request, gets_its_body_by_length_even_in_pieces)
{
	start();
	for (int i = 0; i < 2; i++) {
		wire_text(&w, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 11\r\n\r\nhello");
		wire_turn(&w);
		wire_text(&w, " world");
		expect("ok");
		cr_assert_str_eq(s.body.data, "hello world");
		cr_assert_eq(s.body.len, 11);
		wire_clear(&w);
	}
	end();
}

static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

Test(net_request, of_any_method_may_have_a_body_or_none)
{
	stage_start();
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		wire_open(&w, s.loop, s.port);
		wire_text(&w, "%s /a HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nbody",
			  methods[i]);
		expect("ok");
		cr_expect_str_eq(s.method, methods[i]);
		cr_expect_str_eq(s.body.data, "body", "%s", methods[i]);
		end();
		wire_open(&w, s.loop, s.port);
		wire_text(&w, "%s /a HTTP/1.1\r\n" HOST "\r\n", methods[i]);
		expect("ok");
		cr_expect_eq(s.body.len, 0, "%s", methods[i]);
		end();
	}
}

Test(net_request, without_a_body_leaves_the_connection_in_a_known_state)
{
	start();
	wire_text(&w, "POST /a HTTP/1.1\r\n" HOST "\r\n");
	expect("ok");
	wire_clear(&w);
	wire_text(&w, "GET /b HTTP/1.1\r\n" HOST "\r\n");
	bool answered = wire_wait(&w, "ok");
	cr_assert(answered || w.eof, "the second request hangs");
	end();
}

static const struct chunks {
	const char *body, *expected;
	int status;
} chunks[] = {
    {"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world", 200},
    {"b;ext=1\r\nhello world\r\n0\r\n\r\n", "hello world", 200},
    {"00B\r\nhello world\r\n0\r\nTrailer: x\r\n\r\n", "hello world", 200},
    {"0\r\n\r\n", "", 200},
    {"5\r\nhelloX\r\n0\r\n\r\n", NULL, 400},
    {"x\r\n", NULL, 400},
    {"\r\n", NULL, 400},
    {"ffffffff\r\n", NULL, 413},
    {"fffffffffffffffff\r\n", NULL, 400},
};

Test(net_request, may_have_its_body_in_chunks)
{
	stage_start();
	for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
		char line[32];
		snprintf(line, sizeof line, "HTTP/1.1 %d ", chunks[i].status);
		wire_open(&w, s.loop, s.port);
		wire_text(&w, "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
		for (const char *p = chunks[i].body; *p; p++) {
			wire_send(&w, p, 1);
			if (i == 0)
				wire_turn(&w);
		}
		cr_expect(wire_wait(&w, line), "case %zu: %s", i, w.in.data);
		if (chunks[i].expected) {
			buf_add_char(&s.body, '.');
			cr_expect_eq(s.body.len, strlen(chunks[i].expected) + 1, "case %zu", i);
			cr_expect_eq(strncmp(s.body.data, chunks[i].expected, s.body.len - 1), 0);
		}
		end();
	}
}

static const struct refused {
	const char *request;
	int status;
} refused[] = {
    {"POST /a HTTP/1.1\r\n" HOST "Content-Length: 65537\r\n\r\n", 413},
    {"POST /a HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n", 413},
    {"POST /a HTTP/1.1\r\n" HOST "Content-Length: -5\r\n\r\n", 400},
    {"POST /a HTTP/1.1\r\n" HOST "Content-Length: 5x\r\n\r\nhello", 400},
    {"POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello",
     400},
    {"POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n", 501},
    {"GET /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 411},
    {"GET /ocpp/CP1 HTTP/1.1\r\n" HOST "\r\n", 426},
    {"GET /ocpp HTTP/1.1\r\n" HOST "\r\n", 426},
    {"POST /ocpp/CP1 HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nhi", 426},
};

Test(net_request, that_cannot_be_taken_is_told_why)
{
	stage_start();
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		char line[32];
		snprintf(line, sizeof line, "HTTP/1.1 %d ", refused[i].status);
		wire_open(&w, s.loop, s.port);
		wire_text(&w, "%s", refused[i].request);
		cr_expect(wire_wait(&w, line), "%s gives %s", refused[i].request, w.in.data);
		cr_expect(wire_wait(&w, "application/problem+json"));
		end();
	}
	cr_assert_eq(s.requests, 0);
}

Test(net_request, that_is_too_large_reads_its_answer_although_it_still_sends)
{
	static char text[100000];
	start();
	memset(text, 'x', sizeof text);
	wire_text(&w, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 3000000\r\n\r\n");
	for (int i = 0; i < 30; i++)
		wire_send(&w, text, sizeof text);
	expect("HTTP/1.1 413 ");
	end();
}

Test(net_request, is_told_to_go_on_when_it_asks)
{
	start();
	wire_text(&w,
		  "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
	expect("HTTP/1.1 100 Continue\r\n\r\n");
	wire_clear(&w);
	wire_text(&w, "hello");
	expect("HTTP/1.1 200 ");
	cr_assert_str_eq(s.body.data, "hello");
	end();
}

Test(net_request, of_the_head_alone_gets_no_body)
{
	start();
	wire_text(&w, "HEAD /a HTTP/1.1\r\n" HOST "\r\nGET /b HTTP/1.1\r\n" HOST "\r\n");
	expect("\r\n\r\nok");
	cr_assert_not_null(strcasestr(w.in.data, "content-length: 2\r\n"));
	cr_assert_null(strstr(w.in.data, "okHTTP"));
	end();
}

Test(net_request, may_be_answered_later_and_pipelined_ones_wait_their_turn)
{
	s.defer = true;
	start();
	wire_text(&w, "GET /first HTTP/1.1\r\n" HOST "\r\nGET /second HTTP/1.1\r\n" HOST "\r\n");
	stage_until(is_asked);
	cr_assert_str_eq(s.http_path, "/first");
	cr_assert(wire_is_silent(&w, 50));
	respond("one");
	expect("\r\n\r\none");
	stage_until(is_asked);
	cr_assert_str_eq(s.http_path, "/second");
	respond("two");
	expect("\r\n\r\ntwo");
	end();
}

Test(net_request, may_be_answered_long_after_the_time_out_for_receiving)
{
	static const bool never;
	s.defer = true;
	s.options.http_ms = 1000;
	start();
	wire_text(&w, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nhi");
	stage_until(is_asked);
	loop_run_until(s.loop, &never, 2500);
	cr_assert_eq(s.gone, 0);
	respond("at last");
	expect("at last");
	end();
}

/* lws would read the second one's body from its own first line, some of them without an end. */
Test(net_request, with_a_body_is_not_taken_together_with_the_one_before_it)
{
	static const char *const firsts[] = {
	    "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nfirst",
	    "GET /a HTTP/1.1\r\n" HOST "\r\n",
	};
	static const char *const seconds[] = {
	    "POST /b HTTP/1.1\r\n" HOST "Content-Length: 6\r\n\r\nsecond",
	    "POST /b HTTP/1.1\r\n" HOST "Content-Length: 5000\r\n\r\nsecond",
	    "PUT /b HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n6\r\nsecond\r\n0\r\n\r\n",
	    "DELETE /b HTTP/1.1\r\n" HOST "Content-Length: 6\r\n\r\nsecond",
	    "POST /b HTTP/1.1\r\n" HOST "\r\nsecond",
	};
	for (size_t i = 0; i < 10; i++) {
		s.requests = 0;
		if (!s.net)
			start();
		else
			wire_open(&w, s.loop, s.port);
		wire_text(&w, "%s%s", firsts[i % 2], seconds[i / 2]);
		expect("\r\n\r\nok");
		expect("HTTP/1.1 400 ");
		cr_assert(wire_wait_eof(&w));
		cr_assert_eq(s.requests, 1);
		wire_close(&w);
	}
}

Test(net_request, with_a_body_may_come_before_the_answer_to_the_one_before_it_if_not_with_it)
{
	s.defer = true;
	start();
	wire_text(&w, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nfirst");
	stage_until(is_asked);
	wire_text(&w, "POST /b HTTP/1.1\r\n" HOST "Content-Length: 6\r\n\r\nsecond");
	cr_assert(wire_is_silent(&w, 50));
	respond("one");
	expect("\r\n\r\none");
	stage_until(is_asked);
	cr_assert_str_eq(s.http_path, "/b");
	cr_assert_str_eq(s.body.data, "second");
	respond("two");
	expect("\r\n\r\ntwo");
	end();
}

Test(net_request, without_a_body_may_come_before_the_answer_to_the_one_before_it_too)
{
	s.defer = true;
	start();
	for (int i = 0; i < 3; i++) {
		wire_text(&w, "GET /a HTTP/1.1\r\n" HOST "\r\n");
		stage_until(is_asked);
		wire_text(&w, "GET /b HTTP/1.1\r\n" HOST "\r\n");
		cr_assert(wire_is_silent(&w, 50));
		respond("one");
		expect("\r\n\r\none");
		stage_until(is_asked);
		cr_assert_str_eq(s.http_path, "/b");
		respond("two");
		expect("\r\n\r\ntwo");
		wire_clear(&w);
	}
	end();
}

static double cpu_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* More input than a turn takes, or its end, must not turn the loop in circles. */
static void expect_calm(void)
{
	static const bool never;
	double before = cpu_s();
	loop_run_until(s.loop, &never, 1000);
	cr_assert_lt(cpu_s() - before, 0.2, "it spins");
}

Test(net_request, waits_for_its_answer_calmly_while_more_comes)
{
	s.defer = true;
	start();
	wire_text(&w, "GET /first HTTP/1.1\r\n" HOST "\r\nGET /second HTTP/1.1\r\n" HOST "\r\n");
	stage_until(is_asked);
	expect_calm();
	wire_text(&w, "GET /third HTTP/1.1\r\n" HOST "\r\n");
	expect_calm();
	respond("one");
	expect("one");
	end();
}

static bool is_gone(void)
{
	return s.gone > 0;
}

Test(net_request, whose_client_hangs_up_is_told_as_gone)
{
	s.defer = true;
	start();
	wire_text(&w, "GET /a HTTP/1.1\r\n" HOST "\r\n");
	stage_until(is_asked);
	end();
	expect_calm();
	stage_until(is_gone);
}

Test(net_request, that_is_never_answered_is_gone_with_the_server)
{
	s.defer = true;
	start();
	wire_text(&w, "GET /a HTTP/1.1\r\n" HOST "\r\n");
	stage_until(is_asked);
	net_free(s.net);
	s.net = NULL;
	cr_assert_eq(s.gone, 1);
	end();
}

Test(net_request, may_get_a_large_answer_and_the_connection_goes_on)
{
	static char text[3000000];
	memset(text, 'x', sizeof text);
	s.answer = text;
	s.answer_len = sizeof text;
	start();
	for (int i = 0; i < 2; i++) {
		wire_text(&w, "GET /a HTTP/1.1\r\n" HOST "\r\n");
		expect("\r\n\r\n");
		size_t head = (size_t)(strstr(w.in.data, "\r\n\r\n") - w.in.data) + 4;
		while (w.in.len < head + sizeof text && !w.eof)
			wire_turn(&w);
		cr_assert_eq(w.in.len, head + sizeof text);
		wire_clear(&w);
	}
	end();
}

Test(net_request, that_comes_too_slowly_is_cut_off)
{
	static const char request[] = "POST /a HTTP/1.1\r\n" HOST "Content-Length: 500\r\n\r\n";
	s.options.http_ms = 1000;
	start();
	for (size_t i = 0; i < 200 && !w.eof; i++) {
		wire_send(&w, i < sizeof request - 1 ? request + i : "x", 1);
		for (int k = 0; k < 20; k++)
			wire_turn(&w);
	}
	cr_assert(w.eof, "200 bytes took 8 s, and it still waits");
	cr_assert_eq(s.requests, 0);
	end();
}

Test(net_request, never_begun_or_not_followed_by_another_does_not_keep_the_connection)
{
	struct wire idle;
	s.options.http_ms = 1000;
	start();
	wire_open(&idle, s.loop, s.port);
	wire_text(&w, "GET /a HTTP/1.1\r\n" HOST "\r\n");
	expect("ok");
	cr_assert(wire_wait_eof(&w));
	cr_assert(wire_wait_eof(&idle));
	end();
	wire_close(&idle);
}

static void on_headers(void)
{
	struct net_request *r = s.request;
	cr_expect_str_eq(net_header(r, "host"), "x");
	cr_expect_str_eq(net_header(r, "x-own-header"), "its value");
	cr_expect_str_eq(net_header(r, "idempotency-key"), "k1");
	cr_expect_str_eq(net_header(r, "authorization"), "Bearer abc");
	cr_expect_null(net_header(r, "x-absent"));
	cr_expect_null(net_header(r, "origin"));
	cr_expect_str_eq(net_param(r, "a"), "1 2+3&4");
	cr_expect_str_eq(net_param(r, "ab"), "\xc3\xa4");
	cr_expect_str_eq(net_param(r, "empty"), "");
	cr_expect_null(net_param(r, "b"));
}

Test(net_request, has_headers_and_parameters_even_after_its_body)
{
	s.defer = true;
	start();
	wire_text(&w, "POST /a?ab=%%C3%%A4&a=1+2%%2B3%%264&empty= HTTP/1.1\r\n" HOST
		      "X-Own-Header: its value\r\nIdempotency-Key: k1\r\n"
		      "Authorization: Bearer abc\r\nContent-Length: 2\r\n\r\nhi");
	stage_until(is_asked);
	on_headers();
	respond("done");
	expect("done");
	end();
}

Test(net_request, of_a_client_that_would_speak_http_2_is_answered_in_http_1)
{
	start();
	wire_text(&w, "GET /a HTTP/1.1\r\n" HOST "Connection: Upgrade, HTTP2-Settings\r\n"
		      "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
	expect("HTTP/1.1 200 ");
	cr_assert_str_eq(s.http_path, "/a");
	end();
}

Test(net_request, whose_headers_are_endless_is_cut_off)
{
	start();
	wire_text(&w, "GET /a HTTP/1.1\r\n" HOST);
	for (int i = 0; i < 2000 && !w.eof; i++)
		wire_text(&w, "X-%d: aaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", i);
	cr_assert(wire_wait_eof(&w));
	cr_assert_eq(s.requests, 0);
	end();
}

Test(net_request, whose_headers_are_too_large_is_told_so)
{
	start();
	wire_text(&w, "GET /a HTTP/1.1\r\n" HOST "Cookie: %09000d\r\n\r\n", 0);
	expect("HTTP/1.1 431 ");
	cr_assert(wire_wait_eof(&w));
	cr_assert_eq(s.requests, 0);
	end();
}

static bool done_flag;

static void set_done(void *arg)
{
	(void)arg;
	done_flag = true;
}

Test(net_request, at_work_is_finished_before_all_is_closed)
{
	s.defer = true;
	start();
	wire_text(&w, "GET /a HTTP/1.1\r\n" HOST "\r\n");
	stage_until(is_asked);
	net_stop_accepting(s.net);
	net_close_all(s.net, 1001, 3000, set_done, NULL);
	wire_turn(&w);
	cr_assert_not(done_flag);
	respond("finished");
	expect("finished");
	cr_assert(loop_run_until(s.loop, &done_flag, 2000));
	end();
}
