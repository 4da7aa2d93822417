#include <criterion/criterion.h>
#include <string.h>

#include "base/clock.h"
#include "ocppj/stage.h"

TestSuite(links, .init = stage_setup, .fini = stage_teardown);

static struct wire w;

#define OURS "Sec-WebSocket-Protocol: ocpp1.6\r\n"

static int try(const char *id)
{
	char target[64];
	snprintf(target, sizeof target, "/ocpp/%s", id);
	wire_open(&w, s.loop, s.port);
	return wire_upgrade(&w, target, OURS "Authorization: Basic abc\r\n");
}

static bool is_disconnected(void)
{
	return s.topics.data && strstr(s.topics.data, "charger.disconnected");
}

Test(links, are_admitted_by_a_hook_that_knows_who_asks)
{
	stage_start();
	cr_assert_eq(try("CP1"), 101);
	cr_assert_str_eq(s.question.data,
			 "{\"charge_point_id\":\"CP1\",\"authorization\":\"Basic abc\","
			 "\"remote\":\"127.0.0.1\",\"subprotocol\":\"ocpp1.6\",\"tls\":false,"
			 "\"client_certificate\":null}");
	const struct bb_link *l = ocppj_link_find(s.ocppj, "CP1");
	cr_assert_not_null(l);
	cr_assert_eq(l->charger_id, 7);
	cr_assert_str_eq(l->operator_id, "default");
	cr_assert_str_eq(l->validation, "strict");
	cr_assert_str_eq(l->ocpp, "ocpp1.6");
	cr_assert_str_eq(l->remote, "127.0.0.1");
	cr_assert_eq(ocppj_link_count(s.ocppj), 1);
	cr_assert_null(ocppj_link_find(s.ocppj, "CP2"));
	wire_close(&w);
}

Test(links, are_refused_with_the_hooks_status)
{
	static const int statuses[] = {401, 403, 404, 429, 503};
	stage_start();
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		s.status = statuses[i];
		cr_expect_eq(try("CP1"), statuses[i]);
		wire_close(&w);
	}
	s.status = 200;
	cr_expect_eq(try("CP1"), 503);
	wire_close(&w);
	cr_assert_eq(ocppj_link_count(s.ocppj), 0);
}

Test(links, are_refused_when_the_hook_does_not_answer_at_once)
{
	s.admit_later = true;
	stage_start();
	cr_assert_eq(try("CP1"), 503);
	for (int i = 0; i < 10; i++)
		stage_turn();
	wire_close(&w);
	cr_assert_eq(ocppj_link_count(s.ocppj), 0);
}

Test(links, are_told_as_topics)
{
	stage_start();
	cr_assert_eq(try("CP1"), 101);
	cr_assert_str_eq(s.topics.data, "charger.connected CP1;");
	wire_close(&w);
	stage_until(is_disconnected);
	cr_assert_str_eq(s.topics.data, "charger.connected CP1;charger.disconnected CP1;");
	cr_assert_null(ocppj_link_find(s.ocppj, "CP1"));
	cr_assert_eq(ocppj_link_count(s.ocppj), 0);
}

Test(links, that_were_taken_over_do_not_take_the_new_one_with_them)
{
	struct wire old;
	stage_start();
	cr_assert_eq(try("CP1"), 101);
	old = w;
	cr_assert_eq(try("CP1"), 101);
	cr_assert_eq(wire_next_close(&old), 1000);
	wire_frame(&old, 8, true, "\x03\xe8", 2);
	cr_assert(wire_wait_eof(&old));
	wire_close(&old);
	stage_turn();
	cr_assert_not_null(ocppj_link_find(s.ocppj, "CP1"));
	cr_assert_eq(ocppj_link_count(s.ocppj), 1);
	expect_begin(&w, "[2,\"1\",\"Heartbeat\",{}]", "[3,\"1\",");
	cr_assert_not(is_disconnected());
	wire_close(&w);
}

Test(links, can_be_closed_by_name)
{
	stage_start();
	cr_assert_lt(ocppj_link_close(s.ocppj, "CP1", 1012, ""), 0);
	cr_assert_eq(try("CP1"), 101);
	cr_assert_eq(ocppj_link_close(s.ocppj, "CP1", 1012, "registration changed"), 0);
	cr_assert_eq(wire_next_close(&w), 1012);
	wire_close(&w);
}

Test(links, wait_until_all_plugins_are_ready)
{
	stage_start();
	s.starting = true;
	cr_assert_eq(try("CP1"), 503);
	wire_close(&w);
	s.starting = false;
	cr_assert_eq(try("CP1"), 101);
	wire_close(&w);
}

Test(links, have_the_registration_that_they_are_given)
{
	stage_start();
	cr_assert_eq(ocppj_link_register(s.ocppj, "CP1", "pending"), -ENOTCONN);
	cr_assert_eq(try("CP1"), 101);
	const struct bb_link *l = ocppj_link_find(s.ocppj, "CP1");
	cr_assert_str_eq(l->registration, "accepted");
	cr_assert_eq(ocppj_link_register(s.ocppj, "CP1", "pending"), 0);
	cr_assert_str_eq(l->registration, "pending");
	wire_close(&w);
}

Test(links, remember_when_something_last_came)
{
	stage_start();
	cr_assert_eq(try("CP1"), 101);
	const struct bb_link *l = ocppj_link_find(s.ocppj, "CP1");
	clock_set_ms(clock_now_ms() + 1000000);
	expect_begin(&w, "[2,\"1\",\"Heartbeat\",{}]", "[3,\"1\",");
	cr_assert_eq(l->last_seen_ms, clock_now_ms());
	cr_assert_lt(l->connected_at_ms, l->last_seen_ms);
	wire_close(&w);
}

static bool count_two(const struct bb_link *l, void *arg)
{
	(void)l;
	return ++*(int *)arg < 2;
}

Test(links, can_be_walked_until_one_has_seen_enough)
{
	struct wire all[3];
	int seen = 0;
	stage_start();
	for (int i = 0; i < 3; i++) {
		char id[8];
		snprintf(id, sizeof id, "CP%d", i);
		wire_connect(&all[i], s.loop, s.port, id);
	}
	ocppj_link_each(s.ocppj, count_two, &seen);
	cr_assert_eq(seen, 2);
	for (int i = 0; i < 3; i++)
		wire_close(&all[i]);
}
