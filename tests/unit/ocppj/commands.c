#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ocppj/asking.h"

TestSuite(commands, .init = asking_setup, .fini = asking_teardown);

Test(commands, are_rows_then_frames_then_ended)
{
	asking_start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	expect_row("command_add|%s|default|CP1|Reset|{\"type\":\"Soft\"}|tester|", id);
	expect_row("command_sent|%s|", id);
	answer(id, "{\"status\":\"Accepted\"}");
	expect_end("accepted {\"status\":\"Accepted\"} -");
	expect_row("command_end|%s|accepted|", id);
	asking_end();
}

Test(commands, are_no_frames_before_their_rows_are_committed)
{
	asking_start();
	stage_turn();
	s.hold = true;
	ask_reset();
	cr_assert(wire_is_silent(&cp1, 50));
	cr_assert_eq(s.stored_count, 0, "who asked was told of a row that is not there");
	stage_commit();
	cr_assert_eq(s.stored_count, 1);
	cr_assert(wire_is_silent(&cp1, 50), "it was sent before it was known as sent");
	cr_assert(stage_has_row("command_add"));
	stage_commit();
	char *got = wire_next_text(&cp1);
	cr_assert_not_null(got);
	free(got);
	asking_end();
}

static const struct verdict {
	const char *action, *payload, *response, *state;
} verdicts[] = {
    {"Reset", "{\"type\":\"Hard\"}", "{\"status\":\"Rejected\"}", "rejected"},
    {"UnlockConnector", "{\"connectorId\":1}", "{\"status\":\"Unlocked\"}", "accepted"},
    {"UnlockConnector", "{\"connectorId\":1}", "{\"status\":\"UnlockFailed\"}", "rejected"},
    {"ChangeAvailability", "{\"connectorId\":0,\"type\":\"Inoperative\"}",
     "{\"status\":\"Scheduled\"}", "accepted"},
    {"ChangeConfiguration", "{\"key\":\"a\",\"value\":\"b\"}", "{\"status\":\"RebootRequired\"}",
     "accepted"},
    {"ChangeConfiguration", "{\"key\":\"a\",\"value\":\"b\"}", "{\"status\":\"NotSupported\"}",
     "rejected"},
    {"GetLocalListVersion", "{}", "{\"listVersion\":3}", "accepted"},
};

Test(commands, are_accepted_or_rejected_as_the_charger_says)
{
	asking_start();
	for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
		char how[256];
		const char *id = ask(verdicts[i].action, verdicts[i].payload);
		expect_command(verdicts[i].action, verdicts[i].payload, id);
		answer(id, verdicts[i].response);
		snprintf(how, sizeof how, "%s %s -", verdicts[i].state, verdicts[i].response);
		expect_end(how);
	}
	asking_end();
}

Test(commands, fail_by_an_error_or_by_an_answer_that_breaks_its_schema)
{
	char text[256];
	asking_start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	snprintf(text, sizeof text, "[4,\"%s\",\"NotSupported\",\"no\",{}]", id);
	wire_message(&cp1, text);
	expect_end("failed - NotSupported");
	id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	answer(id, "{\"status\":\"Perhaps\"}");
	expect_end("failed {\"status\":\"Perhaps\"} PropertyConstraintViolation");
	expect_row("command_end|%s|failed|", id);
	asking_end();
}

Test(commands, are_not_ended_by_answers_to_something_else_or_a_second_time)
{
	asking_start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	answer("another", "{\"status\":\"Rejected\"}");
	stage_turn();
	cr_assert_eq(s.ended_count, 0);
	answer(id, "{\"status\":\"Accepted\"}");
	answer(id, "{\"status\":\"Rejected\"}");
	expect_end("accepted {\"status\":\"Accepted\"} -");
	stage_turn();
	cr_assert_eq(s.ended_count, 0);
	asking_end();
}

Test(commands, go_out_one_at_a_time)
{
	asking_start();
	const char *one = ask_reset(), *two = ask("ClearCache", "{}");
	expect_command("Reset", "{\"type\":\"Soft\"}", one);
	cr_assert(wire_is_silent(&cp1, 50));
	answer(one, "{\"status\":\"Accepted\"}");
	expect_command("ClearCache", "{}", two);
	asking_end();
}

Test(commands, are_checked_before_they_are_stored)
{
	const struct bb_json *errors = NULL;
	asking_start();
	const struct bb_ask wrong = {
	    .charge_point_id = "CP1", .action = "Reset", .payload = parse("{\"type\":\"Warm\"}")};
	cr_assert_eq(ocppj_ask(s.ocppj, "plugin", &wrong, arena, NULL, &errors, NULL, NULL),
		     -EBADMSG);
	cr_assert_str_eq(bb_json_get_str(bb_json_at(errors, 0), "path", ""), "type");
	cr_assert_eq(ask_with((struct bb_ask){.charge_point_id = "CP1",
					      .action = "MakeCoffee",
					      .payload = parse("{}")},
			      NULL),
		     -ENOENT);
	cr_assert_eq(ask_with((struct bb_ask){.charge_point_id = "CP1",
					      .action = "Heartbeat",
					      .payload = parse("{}")},
			      NULL),
		     -ENOENT, "only chargers send it");
	cr_assert_eq(ask_with((struct bb_ask){.charge_point_id = "CP2",
					      .action = "Reset",
					      .payload = parse("{\"type\":\"Soft\"}")},
			      NULL),
		     -ENOTCONN);
	stage_turn();
	cr_assert_not(stage_has_row("command_add"));
	asking_end();
}

Test(commands, of_actions_that_nobody_owns_are_not_sent)
{
	asking_start();
	cr_assert_eq(ask_for("GetDiagnostics", "{\"location\":\"ftp://a/b\"}"), -EOPNOTSUPP);
	asking_end();
}

Test(commands, that_their_owner_refuses_are_not_stored)
{
	asking_start();
	s.refuse = "Reset";
	cr_assert_eq(ask_for("Reset", "{\"type\":\"Soft\"}"), -EPERM);
	stage_turn();
	cr_assert_not(stage_has_row("command_add|"));
	asking_end();
}

Test(commands, are_not_sent_to_a_rejected_charger)
{
	s.registration = "rejected";
	asking_start();
	cr_assert_eq(ask_for("Reset", "{\"type\":\"Soft\"}"), -EPERM);
	asking_end();
}

Test(commands, let_their_owner_and_its_witnesses_add_to_the_units_that_store_them)
{
	asking_start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	answer(id, "{\"status\":\"Accepted\"}");
	expect_end("accepted {\"status\":\"Accepted\"} -");
	cr_assert(stage_has_row("owner_stored|Reset|"));
	cr_assert(stage_has_row("owner_ended|Reset|accepted|Accepted"));
	cr_assert(stage_has_row("witness_stored|Reset|"));
	cr_assert(stage_has_row("witness_ended|Reset|accepted|Accepted"));
	cr_assert_not_null(strstr(s.topics.data, "command.ended CP1;"));
	asking_end();
}

Test(commands, keep_secrets_to_themselves)
{
	asking_start();
	const char *id =
	    ask("ChangeConfiguration", "{\"key\":\"AuthorizationKey\",\"value\":\"hunter2\"}");
	expect_command("ChangeConfiguration",
		       "{\"key\":\"AuthorizationKey\",\"value\":\"hunter2\"}", id);
	stage_turn();
	cr_assert(stage_has_row("|out|call|ChangeConfiguration|"));
	cr_assert_not(strstr(strstr(s.rows.data, "|out|call|ChangeConfiguration|"), "hunter2"));
	cr_assert(stage_has_row("{\"key\":\"AuthorizationKey\",\"value\":\"***\"}"));
	const char *sent = strstr(s.rows.data, "command_sent|");
	cr_assert_not_null(strstr(sent, "***"), "the row keeps the secret: %s", sent);
	answer(id, "{\"status\":\"Accepted\"}");
	expect_end("accepted {\"status\":\"Accepted\"} -");
	id = ask("GetConfiguration", "{}");
	expect_command("GetConfiguration", "{}", id);
	answer(id, "{\"configurationKey\":[{\"key\":\"A\",\"readonly\":true,\"value\":\"v\"},"
		   "{\"key\":\"AuthorizationKey\",\"readonly\":false,\"value\":\"swordfish\"}]}");
	stage_until(has_ended);
	stage_turn();
	cr_assert_not(stage_has_row("swordfish"), "%s", s.rows.data);
	cr_assert(stage_has_row("\"value\":\"v\""));
	asking_end();
}

Test(commands, of_a_lenient_charger_forgive_unknown_values_in_its_answer)
{
	s.validation = "lenient";
	asking_start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	answer(id, "{\"status\":\"Perhaps\"}");
	expect_end("rejected {\"status\":\"Perhaps\"} -");
	asking_end();
}
