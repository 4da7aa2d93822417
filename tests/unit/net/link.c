#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "net/stage.h"
#include "net/wire.h"

TestSuite(net_link, .init = stage_setup, .fini = stage_teardown);

static struct wire w;

static void connect_one(void)
{
	stage_start();
	wire_connect(&w, s.loop, s.port, "CP1");
}

static void disconnect(void)
{
	wire_close(&w);
}

static bool got_message(void)
{
	return s.messages > 0;
}

static bool is_closed(void)
{
	return s.closed > 0;
}

static void expect_echo(const char *text, size_t len)
{
	struct wire_frame f;
	cr_assert(wire_next(&w, &f));
	cr_assert_eq(f.opcode, 1);
	cr_assert_eq(f.payload.len, len);
	cr_assert_arr_eq(f.payload.data, text, len);
	wire_frame_free(&f);
}

Test(net_link, carries_messages_of_every_size_both_ways)
{
	static const size_t sizes[] = {1, 125, 126, 1023, 1024, 1025, 4096, 65535};
	static char text[65536];
	s.echo = true;
	connect_one();
	memset(text, 'x', sizeof text);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		wire_frame(&w, 1, true, text, sizes[i]);
		expect_echo(text, sizes[i]);
	}
	disconnect();
}

Test(net_link, puts_fragments_together_with_pings_between_them)
{
	connect_one();
	wire_frame(&w, 1, false, "one ", 4);
	wire_frame(&w, 9, true, "?", 1);
	wire_frame(&w, 0, false, "two ", 4);
	wire_frame(&w, 0, false, "", 0);
	wire_frame(&w, 0, true, "three", 5);
	stage_until(got_message);
	cr_assert_str_eq(s.message.data, "one two three");
	cr_assert_eq(s.messages, 1);
	struct wire_frame pong;
	cr_assert(wire_next(&w, &pong));
	cr_assert_eq(pong.opcode, 10);
	cr_assert_str_eq(pong.payload.data, "?");
	wire_frame_free(&pong);
	disconnect();
}

Test(net_link, delivers_many_messages_of_one_packet_in_order)
{
	struct buf all = {0};
	char text[16];
	s.echo = true;
	connect_one();
	for (int i = 0; i < 300; i++) {
		snprintf(text, sizeof text, "m%d", i);
		wire_message(&w, text);
	}
	for (int i = 0; i < 300; i++) {
		char *got = wire_next_text(&w);
		snprintf(text, sizeof text, "m%d", i);
		cr_assert_str_eq(got, text);
		free(got);
	}
	buf_free(&all);
	disconnect();
}

Test(net_link, closes_with_1003_when_a_message_is_binary)
{
	connect_one();
	wire_frame(&w, 2, true, "abc", 3);
	cr_assert_eq(wire_next_close(&w), 1003);
	cr_assert_eq(s.messages, 0);
	disconnect();
	stage_until(is_closed);
	cr_assert_eq(s.close_code, 1003);
}

Test(net_link, closes_with_1009_when_a_message_is_too_large)
{
	static char text[2000];
	s.options.max_message_bytes = 1500;
	connect_one();
	memset(text, 'x', sizeof text);
	wire_frame(&w, 1, true, text, 1500);
	stage_until(got_message);
	wire_frame(&w, 1, true, text, 1501);
	cr_assert_eq(wire_next_close(&w), 1009);
	cr_assert_eq(s.messages, 1);
	disconnect();
}

Test(net_link, closes_with_1009_when_fragments_never_end)
{
	connect_one();
	wire_frame(&w, 1, false, "x", 1);
	static char more[4096];
	memset(more, 'x', sizeof more);
	for (int i = 0; i < 40 && !w.eof; i++)
		wire_frame(&w, 0, false, more, sizeof more);
	cr_assert_eq(wire_next_close(&w), 1009);
	cr_assert_eq(s.messages, 0);
	disconnect();
}

Test(net_link, tells_the_peers_close_code)
{
	connect_one();
	wire_frame(&w, 8, true,
		   "\x03\xe9"
		   "bye",
		   5);
	cr_assert_eq(wire_next_close(&w), 1001);
	stage_until(is_closed);
	cr_assert_eq(s.close_code, 1001);
	disconnect();
}

Test(net_link, tells_1006_when_the_connection_just_ends)
{
	connect_one();
	disconnect();
	stage_until(is_closed);
	cr_assert_eq(s.close_code, 1006);
	cr_assert_eq(net_link_count(s.net), 0);
}

Test(net_link, closes_with_a_code_and_a_reason_after_what_was_sent_before)
{
	struct wire_frame f;
	connect_one();
	net_send(s.link, "last words", 10);
	net_close(s.link, 1012, "registration changed");
	cr_assert_lt(net_send(s.link, "too late", 8), 0);
	expect_echo("last words", 10);
	cr_assert(wire_next(&w, &f));
	cr_assert_eq(f.code, 1012);
	cr_assert_str_eq(f.payload.data + 2, "registration changed");
	wire_frame_free(&f);
	wire_frame(&w, 8, true, "\x03\xf4", 2);
	stage_until(is_closed);
	cr_assert_eq(s.close_code, 1012);
	disconnect();
}

Test(net_link, hears_nothing_more_of_a_link_that_it_closes)
{
	connect_one();
	net_close(s.link, 1000, "");
	wire_message(&w, "still talking");
	cr_assert_eq(wire_next_close(&w), 1000);
	cr_assert_eq(s.messages, 0);
	disconnect();
}

Test(net_link, queues_for_a_slow_reader_and_keeps_the_order)
{
	static char text[30000];
	s.options.max_queue_bytes = 64 << 20;
	connect_one();
	for (int i = 0; i < 300; i++) {
		memset(text, 'a' + i % 26, sizeof text);
		cr_assert_eq(net_send(s.link, text, sizeof text), 0);
	}
	for (int i = 0; i < 300; i++) {
		char *got = wire_next_text(&w);
		cr_assert_not_null(got);
		cr_assert_eq(got[0], 'a' + i % 26);
		cr_assert_eq(strlen(got), sizeof text);
		free(got);
	}
	disconnect();
}

Test(net_link, drops_a_peer_that_does_not_read)
{
	static char text[30000];
	int err = 0;
	connect_one();
	memset(text, 'x', sizeof text);
	for (int i = 0; i < 1000 && !err; i++)
		err = net_send(s.link, text, sizeof text);
	cr_assert_eq(err, -ENOBUFS);
	cr_assert_eq(s.closed, 0, "it called back before it returned");
	stage_until(is_closed);
	cr_assert_eq(s.close_code, 1006);
	disconnect();
}

Test(net_link, pings_a_silent_peer_and_leaves_it_alone_if_it_answers)
{
	struct wire_frame f;
	s.options.ping_ms = 1000;
	s.options.idle_ms = 2500;
	connect_one();
	for (int i = 0; i < 3; i++) {
		cr_assert(wire_next(&w, &f));
		cr_assert_eq(f.opcode, 9);
		wire_frame_free(&f);
		wire_frame(&w, 10, true, "", 0);
	}
	cr_assert_eq(s.closed, 0);
	cr_assert_geq(s.alive, 2);
	disconnect();
}

Test(net_link, hangs_up_a_peer_that_is_silent_for_too_long)
{
	s.options.idle_ms = 1500;
	connect_one();
	cr_assert(wire_wait_eof(&w));
	cr_assert_eq(s.closed, 1);
	disconnect();
}

Test(net_link, keeps_a_peer_that_only_pings)
{
	struct wire_frame f;
	s.options.idle_ms = 2000;
	connect_one();
	for (int i = 0; i < 5; i++) {
		cr_assert(wire_is_silent(&w, 900));
		wire_frame(&w, 9, true, "", 0);
		cr_assert(wire_next(&w, &f));
		cr_assert_eq(f.opcode, 10, "the link was closed");
		wire_frame_free(&f);
	}
	cr_assert_eq(s.closed, 0);
	cr_assert_geq(s.alive, 1);
	disconnect();
}

static void set_true(void *arg)
{
	*(bool *)arg = true;
}

Test(net_link, is_closed_with_all_others_and_that_is_told)
{
	struct wire other;
	bool done = false;
	connect_one();
	wire_connect(&other, s.loop, s.port, "CP2");
	net_stop_accepting(s.net);
	net_close_all(s.net, 1001, 3000, set_true, &done);
	cr_assert_eq(wire_next_close(&w), 1001);
	cr_assert_eq(wire_next_close(&other), 1001);
	wire_frame(&w, 8, true, "\x03\xe9", 2);
	wire_frame(&other, 8, true, "\x03\xe9", 2);
	cr_assert(loop_run_until(s.loop, &done, 2000));
	cr_assert_eq(s.closed, 2);
	disconnect();
	wire_close(&other);
}

Test(net_link, that_does_not_answer_a_close_is_not_waited_for_longer_than_said)
{
	bool done = false;
	connect_one();
	net_close_all(s.net, 1001, 200, set_true, &done);
	cr_assert(loop_run_until(s.loop, &done, 2000));
	disconnect();
}

Test(net_link, ends_with_the_server_without_a_leak)
{
	connect_one();
	wire_frame(&w, 1, false, "half", 4);
	wire_turn(&w);
	net_free(s.net);
	s.net = NULL;
	cr_assert_eq(s.closed, 1);
	disconnect();
}
