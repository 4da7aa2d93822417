/* Commands that wait for their charger or for its answer, and lines that are cut meanwhile. */
#include <criterion/criterion.h>
#include <string.h>

#include "ocppj/asking.h"

TestSuite(waiting_commands, .init = asking_setup, .fini = asking_teardown);

Test(waiting_commands, may_wait_for_the_charger_and_follow_its_first_message)
{
	stage_start();
	const char *id = ask_queued(60000);
	stage_turn();
	expect_row("command_add|%s|", id);
	wire_connect(&cp1, s.loop, s.port, "CP1");
	cr_assert(wire_is_silent(&cp1, 100), "it went out before the charger had said anything");
	expect_begin(&cp1, "[2,\"boot\",\"Heartbeat\",{}]", "[3,\"boot\",");
	expect_command("ClearCache", "{}", id);
	answer(id, "{\"status\":\"Accepted\"}");
	expect_end("accepted {\"status\":\"Accepted\"} -");
	asking_end();
}

Test(waiting_commands, go_out_to_a_charger_that_says_nothing_as_well)
{
	stage_start();
	const char *id = ask_queued(60000);
	wire_connect(&cp1, s.loop, s.port, "CP1");
	expect_command("ClearCache", "{}", id);
	asking_end();
}

Test(waiting_commands, expire_when_the_charger_does_not_connect_in_time)
{
	stage_start();
	const char *id = ask_queued(100);
	expect_end("expired - -");
	expect_row("command_end|%s|expired|", id);
}

Test(waiting_commands, time_out_and_their_late_answer_is_ignored)
{
	s.options.command_ms = 100;
	asking_start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	expect_end("timed_out - -");
	expect_row("command_end|%s|timed_out|", id);
	answer(id, "{\"status\":\"Accepted\"}");
	stage_turn();
	cr_assert_eq(s.ended_count, 0);
	id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	asking_end();
}

Test(waiting_commands, that_could_wait_long_for_the_charger_do_not_wait_as_long_for_its_answer)
{
	s.options.command_ms = 100;
	asking_start();
	const char *id = ask_queued(3600000);
	expect_command("ClearCache", "{}", id);
	expect_end("timed_out - -");
	asking_end();
}

Test(waiting_commands, that_were_sent_fail_when_the_link_is_lost)
{
	asking_start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	asking_end();
	expect_end("failed - -");
	expect_row("command_end|%s|failed|", id);
}

Test(waiting_commands, that_were_sent_fail_when_the_charger_connects_again_and_queued_ones_go_on)
{
	struct wire old;
	asking_start();
	const char *one = ask_reset(), *two = ask_queued(60000);
	expect_command("Reset", "{\"type\":\"Soft\"}", one);
	old = cp1;
	stage_connect(&cp1, "CP1");
	expect_end("failed - -");
	expect_command("ClearCache", "{}", two);
	wire_close(&old);
	asking_end();
}

Test(waiting_commands, that_may_be_repeated_are_sent_again_when_the_line_was_cut)
{
	struct wire old;
	asking_start();
	const char *id = ask_queued(60000);
	expect_command("ClearCache", "{}", id);
	old = cp1;
	stage_connect(&cp1, "CP1");
	expect_command("ClearCache", "{}", id);
	expect_row("command_again|%s", id);
	answer(id, "{\"status\":\"Accepted\"}");
	expect_end("accepted {\"status\":\"Accepted\"} -");
	wire_close(&old);
	asking_end();
}

Test(waiting_commands, that_their_owner_refuses_once_the_charger_is_there_have_failed)
{
	stage_start();
	s.hold = true;
	const char *id = ask_queued(60000);
	s.hold = false;
	stage_commit();
	s.refuse = "ClearCache";
	stage_connect(&cp1, "CP1");
	expect_end("failed - -");
	cr_assert(wire_is_silent(&cp1, 20));
	expect_row("command_end|%s|failed|", id);
	asking_end();
}

Test(waiting_commands, that_were_never_sent_leave_no_secrets_behind)
{
	stage_start();
	cr_assert_eq(ask_with((struct bb_ask){.charge_point_id = "CP1",
					      .action = "ChangeConfiguration",
					      .payload = parse("{\"key\":\"AuthorizationKey\","
							       "\"value\":\"hunter2\"}"),
					      .deadline_ms = 100,
					      .queue = true},
			      &(const char *){NULL}),
		     0);
	expect_end("expired - -");
	const char *row = strstr(s.rows.data, "command_end|");
	cr_assert_not_null(row);
	cr_assert_not_null(strstr(row, "\"value\":\"***\""), "%s", row);
}
