/* Commands whose rows cannot be stored, and those that the last process left. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/clock.h"
#include "ocppj/asking.h"

TestSuite(kept_commands, .init = asking_setup, .fini = asking_teardown);

Test(kept_commands, fail_when_they_cannot_be_stored)
{
	asking_start();
	s.storage = -EAGAIN;
	ask_reset();
	expect_end("failed - InternalError");
	cr_assert(wire_is_silent(&cp1, 20));
	s.storage = 0;
	asking_end();
}

Test(kept_commands, are_ended_for_those_who_asked_once_storage_has_the_end)
{
	asking_start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	s.storage = -EAGAIN;
	answer(id, "{\"status\":\"Accepted\"}");
	wire_is_silent(&cp1, 1500); /* stored again in vain once */
	cr_expect_not(has_ended());
	s.storage = 0;
	expect_end("accepted {\"status\":\"Accepted\"} -");
	expect_row("command_end|%s|accepted|", id);
	asking_end();
}

Test(kept_commands, whose_end_was_not_stored_are_told_of_when_the_server_stops)
{
	asking_start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	s.storage = -EAGAIN;
	answer(id, "{\"status\":\"Rejected\"}");
	wire_is_silent(&cp1, 50);
	cr_expect_not(has_ended());
	ocppj_drain(s.ocppj, (bb_fn *)NULL, NULL);
	expect_end("rejected {\"status\":\"Rejected\"} -");
	asking_end();
}

Test(kept_commands, are_not_sent_when_that_they_are_sent_cannot_be_stored)
{
	asking_start();
	stage_turn();
	s.hold = true;
	ask_reset();
	stage_commit();
	s.storage = -EAGAIN;
	stage_commit();
	s.storage = 0;
	s.hold = false;
	stage_commit();
	expect_end("failed - InternalError");
	cr_assert(wire_is_silent(&cp1, 20));
	asking_end();
}

Test(kept_commands, may_end_while_that_they_are_sent_is_being_stored)
{
	asking_start();
	stage_turn();
	s.hold = true;
	ask_reset();
	stage_commit();
	asking_end();
	for (int i = 0; i < 5; i++)
		stage_turn();
	s.hold = false;
	stage_commit();
	expect_end("failed - -");
}

#define LEFT_ID "01M7YTBRJQB3FCY7G66DBXCF0J"
/* One row of the last process, whose deadline is in `ms` milliseconds. */
static void leave(const char *action, const char *state, int64_t ms)
{
	static char deadline[CLOCK_TEXT_SIZE];
	static struct bb_val cells[8];
	size_t len = clock_format(clock_now_ms() + ms, deadline);
	const struct bb_val row[] = {
	    bb_text(LEFT_ID),
	    bb_text("default"),
	    bb_text("CP1"),
	    bb_text(action),
	    bb_text(!strcmp(action, "Reset") ? "{\"type\":\"Soft\"}" : "{}"),
	    bb_textn(deadline, (uint32_t)len),
	    bb_text(state),
	    bb_text("somebody"),
	};
	memcpy(cells, row, sizeof row);
	s.queued = (struct bb_rows){.rows = 1, .columns = 8, .cells = cells};
	asking_start();
}

Test(kept_commands, left_by_the_last_process_are_loaded_and_sent)
{
	leave("ClearCache", "queued", 60000);
	expect_command("ClearCache", "{}", LEFT_ID);
	answer(LEFT_ID, "{\"status\":\"Accepted\"}");
	stage_turn();
	expect_row("command_end|%s|accepted|", LEFT_ID);
	asking_end();
}

Test(kept_commands, that_may_be_repeated_are_sent_again_by_the_next_process)
{
	leave("ClearCache", "sent", 60000);
	expect_command("ClearCache", "{}", LEFT_ID);
	expect_row("command_again|%s", LEFT_ID);
	asking_end();
}

Test(kept_commands, that_may_not_be_repeated_have_failed_for_the_next_process)
{
	leave("Reset", "sent", 60000);
	cr_assert(wire_is_silent(&cp1, 20));
	expect_row("command_end|%s|failed|", LEFT_ID);
	cr_assert(stage_has_row("owner_ended|Reset|failed|-"));
	asking_end();
}

Test(kept_commands, whose_deadline_passed_while_the_server_was_down_have_expired)
{
	leave("ClearCache", "queued", -1000);
	cr_assert(wire_is_silent(&cp1, 20));
	expect_row("command_end|%s|expired|", LEFT_ID);
	asking_end();
}
