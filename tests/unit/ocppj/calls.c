#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ocppj/stage.h"

TestSuite(calls, .init = stage_setup, .fini = stage_teardown);

static struct wire w;

static void start(void)
{
	stage_start();
	wire_connect(&w, s.loop, s.port, "CP1");
}

static void end(void)
{
	wire_close(&w);
}

#define HEARTBEAT(id) "[2,\"" id "\",\"Heartbeat\",{}]"
#define ALIVE(id) "[3,\"" id "\",{\"currentTime\":\"2026-01-01T00:00:00Z\"}]"
#define DATA(id, data) "[2,\"" id "\",\"DataTransfer\",{\"vendorId\":\"v\",\"data\":\"" data "\"}]"
#define DONE(id, status) "[3,\"" id "\",{\"status\":\"" status "\"}]"

Test(calls, are_answered_by_their_handlers)
{
	start();
	expect_answer(&w, HEARTBEAT("1"), ALIVE("1"));
	cr_assert_str_eq(s.trace.data, "Heartbeat;");
	end();
}

static const struct refusal {
	const char *frame, *answer;
} refusals[] = {
    {"[2,\"1\",\"MakeCoffee\",{}]", "[4,\"1\",\"NotImplemented\",\"\\\"MakeCoffee\\\" is not"},
    {"[2,\"2\",\"../rest/key\",{}]", "[4,\"2\",\"NotImplemented\","},
    {"[2,\"3\",\"FirmwareStatusNotification\",{\"status\":\"Idle\"}]",
     "[4,\"3\",\"NotSupported\",\"no plugin here"},
    {"[2,\"4\",\"StatusNotification\",{\"connectorId\":1,\"errorCode\":\"NoError\","
     "\"status\":\"Available\"}]",
     "[4,\"4\",\"NotSupported\","},
    {"[2,\"5\",\"Heartbeat\",{\"more\":1}]",
     "[4,\"5\",\"OccurenceConstraintViolation\",\"more is not a known member\","
     "{\"path\":\"more\",\"rule\":\"is not a known member\"}]"},
    {"[2,\"6\",\"Authorize\",{\"idTag\":7}]", "[4,\"6\",\"TypeConstraintViolation\",\"idTag "},
    {"[2,\"7\",\"Authorize\",{\"idTag\":\"123456789012345678901\"}]",
     "[4,\"7\",\"PropertyConstraintViolation\",\"idTag "},
    {"[2,\"8\",\"Heartbeat\",[]]", "[4,\"8\",\"FormationViolation\","},
    {"[2,\"9\",\"Heartbeat\"]", "[4,\"9\",\"FormationViolation\",\"a call has four elements"},
    {"pong", "[4,\"-1\",\"FormationViolation\",\"not JSON: "},
    {"", "[4,\"-1\",\"FormationViolation\",\"not JSON: "},
    {"[2,\"x\",\"Heartbeat\",{}", "[4,\"-1\",\"FormationViolation\",\"not JSON: "},
    {"[2,\"x\",\"Heartbeat\",{\"a\":1,\"a\":1}]", "[4,\"-1\",\"FormationViolation\","},
};

Test(calls, that_are_wrong_are_told_what_is_wrong_and_where)
{
	start();
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
		expect_begin(&w, refusals[i].frame, refusals[i].answer);
	expect_answer(&w, HEARTBEAT("10"), ALIVE("10"));
	cr_assert_str_eq(s.trace.data, "StatusNotification;Heartbeat;");
	end();
}

static const char *const ignored[] = {
    "[1,\"1\",\"Heartbeat\",{}]",
    "[5,\"1\",\"Heartbeat\",{}]",
    "[3,\"1\",{}]",
    "[3,\"\",{}]",
    "[3]",
    "[4,\"1\",\"InternalError\",\"\",{}]",
};

Test(calls, of_unknown_types_and_answers_to_nothing_are_ignored)
{
	start();
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		wire_message(&w, ignored[i]);
	expect_answer(&w, HEARTBEAT("2"), ALIVE("2"));
	end();
}

Test(calls, that_are_not_utf8_close_the_link)
{
	start();
	wire_message(&w, "[2,\"1\",\"Heartbeat\",{\"a\":\"\xff\"}]");
	cr_assert_eq(wire_next_close(&w), 1007);
	end();
}

Test(calls, with_values_out_of_bounds_go_on_for_a_lenient_charger)
{
	s.validation = "lenient";
	s.fail = "SecurityError";
	start();
	expect_begin(&w, "[2,\"1\",\"Authorize\",{\"idTag\":\"123456789012345678901\"}]",
		     "[4,\"1\",\"SecurityError\",\"because 7\",{}]");
	expect_begin(&w, "[2,\"2\",\"Heartbeat\",{\"more\":1}]", "[3,\"2\",");
	expect_begin(&w, "[2,\"3\",\"Authorize\",{\"idTag\":7}]",
		     "[4,\"3\",\"TypeConstraintViolation\",");
	expect_begin(&w, "[2,\"4\",\"Authorize\",{}]",
		     "[4,\"4\",\"OccurenceConstraintViolation\",");
	end();
}

Test(calls, whose_answer_would_break_its_schema_get_an_error_instead)
{
	start();
	expect_begin(&w,
		     "[2,\"1\",\"MeterValues\",{\"connectorId\":1,\"meterValue\":[{\"timestamp\":"
		     "\"2026-01-01T00:00:00Z\",\"sampledValue\":[{\"value\":\"1\"}]}]}]",
		     "[4,\"1\",\"InternalError\",");
	end();
}

Test(calls, that_fail_with_a_code_that_is_none_get_an_internal_error)
{
	s.fail = "404";
	start();
	expect_begin(&w, "[2,\"1\",\"Authorize\",{\"idTag\":\"A\"}]",
		     "[4,\"1\",\"InternalError\",");
	end();
}

Test(calls, of_one_charger_are_worked_on_one_after_the_other)
{
	start();
	wire_message(&w, DATA("1", "one"));
	wire_message(&w, DATA("2", "two"));
	wire_message(&w, HEARTBEAT("3"));
	cr_assert(wire_is_silent(&w, 50));
	cr_assert_str_eq(s.trace.data, "DataTransfer one;");
	stage_release("Accepted");
	expect_text(&w, DONE("1", "Accepted"));
	cr_assert(wire_is_silent(&w, 50));
	cr_assert_str_eq(s.trace.data, "DataTransfer one;DataTransfer two;");
	stage_release("Rejected");
	expect_text(&w, DONE("2", "Rejected"));
	expect_text(&w, ALIVE("3"));
	end();
}

Test(calls, of_one_charger_do_not_wait_for_those_of_another)
{
	struct wire other;
	start();
	wire_connect(&other, s.loop, s.port, "CP2");
	wire_message(&w, DATA("1", "one"));
	stage_turn();
	expect_answer(&other, HEARTBEAT("1"), ALIVE("1"));
	wire_close(&other);
	end();
}

Test(calls, that_are_too_many_at_once_close_the_link)
{
	char frame[64];
	start();
	for (int i = 0; i < 10; i++) {
		snprintf(frame, sizeof frame, "[2,\"%d\",\"DataTransfer\",{\"vendorId\":\"v\"}]",
			 i);
		wire_message(&w, frame);
	}
	cr_assert_eq(wire_next_close(&w), 1008);
	end();
}

Test(calls, that_take_too_long_get_an_internal_error_and_the_next_is_served)
{
	s.options.call_ms = 100;
	start();
	wire_message(&w, DATA("1", "one"));
	wire_message(&w, HEARTBEAT("2"));
	char *got = wire_next_text(&w);
	cr_assert(!strncmp(got, "[4,\"1\",\"InternalError\",", 23), "%s", got);
	free(got);
	stage_release("Accepted");
	expect_text(&w, ALIVE("2"));
	end();
}

Test(calls, that_come_again_get_the_first_answer_and_are_not_done_twice)
{
	start();
	expect_answer(&w, HEARTBEAT("1"), ALIVE("1"));
	expect_answer(&w, HEARTBEAT("1"), ALIVE("1"));
	wire_message(&w, DATA("2", "one"));
	stage_turn();
	stage_release("Accepted");
	expect_text(&w, DONE("2", "Accepted"));
	expect_answer(&w, DATA("2", "one"), DONE("2", "Accepted"));
	cr_assert_str_eq(s.trace.data, "Heartbeat;DataTransfer one;");
	end();
}

Test(calls, that_come_again_while_the_first_is_at_work_share_its_answer)
{
	start();
	wire_message(&w, DATA("1", "one"));
	wire_message(&w, DATA("1", "one"));
	wire_message(&w, DATA("2", "two"));
	wire_message(&w, DATA("2", "two"));
	stage_turn();
	stage_release("Accepted");
	expect_text(&w, DONE("1", "Accepted"));
	expect_text(&w, DONE("1", "Accepted"));
	stage_turn();
	stage_release("Rejected");
	expect_text(&w, DONE("2", "Rejected"));
	expect_text(&w, DONE("2", "Rejected"));
	cr_assert_str_eq(s.trace.data, "DataTransfer one;DataTransfer two;");
	end();
}

Test(calls, with_an_id_used_before_but_other_content_are_new)
{
	start();
	wire_message(&w, DATA("1", "one"));
	wire_message(&w, DATA("1", "two"));
	stage_turn();
	stage_release("Accepted");
	expect_text(&w, DONE("1", "Accepted"));
	stage_turn();
	stage_release("Rejected");
	expect_text(&w, DONE("1", "Rejected"));
	cr_assert_str_eq(s.trace.data, "DataTransfer one;DataTransfer two;");
	end();
}

Test(calls, that_come_again_much_later_are_new)
{
	start();
	int64_t now = clock_now_ms();
	expect_answer(&w, HEARTBEAT("1"), ALIVE("1"));
	clock_set_ms(now + 50000);
	expect_answer(&w, HEARTBEAT("1"), ALIVE("1"));
	clock_set_ms(now + 70000);
	expect_answer(&w, HEARTBEAT("1"), ALIVE("1"));
	cr_assert_str_eq(s.trace.data, "Heartbeat;Heartbeat;");
	end();
}

Test(calls, that_come_again_after_others_than_are_kept_are_new)
{
	start();
	expect_answer(&w, HEARTBEAT("1"), ALIVE("1"));
	for (int i = 0; i < 4; i++) {
		char frame[64], answer[96];
		snprintf(frame, sizeof frame, "[2,\"other%d\",\"Heartbeat\",{}]", i);
		snprintf(answer, sizeof answer, "[3,\"other%d\",", i);
		expect_begin(&w, frame, answer);
	}
	expect_answer(&w, HEARTBEAT("1"), ALIVE("1"));
	cr_assert_str_eq(s.trace.data,
			 "Heartbeat;Heartbeat;Heartbeat;Heartbeat;Heartbeat;Heartbeat;");
	end();
}

Test(calls, that_failed_inside_the_server_are_tried_again_when_they_come_again)
{
	s.fail = "InternalError";
	start();
	expect_begin(&w, "[2,\"1\",\"Authorize\",{\"idTag\":\"A\"}]",
		     "[4,\"1\",\"InternalError\",");
	s.fail = "SecurityError";
	expect_begin(&w, "[2,\"1\",\"Authorize\",{\"idTag\":\"A\"}]",
		     "[4,\"1\",\"SecurityError\",");
	s.fail = "InternalError";
	expect_begin(&w, "[2,\"1\",\"Authorize\",{\"idTag\":\"A\"}]",
		     "[4,\"1\",\"SecurityError\",");
	end();
}

Test(calls, of_a_link_that_is_gone_are_finished_and_answer_nobody_else)
{
	start();
	wire_message(&w, DATA("1", "one"));
	wire_message(&w, DATA("2", "two"));
	stage_turn();
	end();
	stage_turn();
	wire_connect(&w, s.loop, s.port, "CP1");
	stage_release("Accepted");
	cr_assert(wire_is_silent(&w, 50));
	cr_assert_str_eq(s.trace.data, "DataTransfer one;DataTransfer two;");
	stage_release("Accepted");
	cr_assert(wire_is_silent(&w, 50));
	expect_answer(&w, DATA("1", "one"), DONE("1", "Accepted"));
	expect_answer(&w, DATA("2", "two"), DONE("2", "Accepted"));
	end();
}

Test(calls, that_come_again_on_a_new_link_are_answered_there)
{
	struct wire old;
	start();
	old = w;
	wire_message(&old, DATA("1", "one"));
	stage_turn();
	wire_connect(&w, s.loop, s.port, "CP1");
	cr_assert_eq(wire_next_close(&old), 1000);
	wire_message(&w, DATA("1", "one"));
	stage_turn();
	stage_release("Accepted");
	expect_text(&w, DONE("1", "Accepted"));
	cr_assert(wire_is_silent(&w, 50));
	cr_assert_str_eq(s.trace.data, "DataTransfer one;");
	wire_close(&old);
	end();
}

static void note_drained(void *arg)
{
	*(bool *)arg = true;
}

Test(calls, are_finished_before_the_server_stops_and_no_new_ones_begun)
{
	start();
	wire_message(&w, DATA("1", "one"));
	wire_message(&w, DATA("2", "two"));
	stage_turn();
	bool drained = false;
	ocppj_drain(s.ocppj, note_drained, &drained);
	cr_assert_not(drained);
	wire_message(&w, DATA("3", "three"));
	stage_turn();
	stage_release("Accepted");
	expect_text(&w, DONE("1", "Accepted"));
	stage_turn();
	stage_release("Accepted");
	expect_text(&w, DONE("2", "Accepted"));
	stage_turn();
	cr_assert(drained);
	cr_assert_str_eq(s.trace.data, "DataTransfer one;DataTransfer two;");
	end();
}
