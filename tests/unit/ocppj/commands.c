#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "ocppj/stage.h"
#include "json/json.h"

static struct bb_arena *arena;
static struct wire w;

static void setup(void)
{
	stage_setup();
	arena = arena_new(0);
}

static void teardown(void)
{
	stage_teardown();
	arena_free(arena);
}

TestSuite(commands, .init = setup, .fini = teardown);

static void start(void)
{
	stage_start();
	stage_connect(&w, "CP1");
}

static void end(void)
{
	wire_close(&w);
}

static void on_end(const struct bb_command *c, void *arg)
{
	cr_assert_eq(arg, &s);
	if (!c->ended) {
		cr_expect_str_eq(c->state, "queued");
		s.stored_count++;
		return;
	}
	s.ended_count++;
	buf_clear(&s.ended);
	buf_printf(&s.ended, "%s %s %s", c->state,
		   c->response ? json_text(arena, c->response, NULL) : "-",
		   c->error_code ? c->error_code : "-");
}

static const struct bb_json *parse(const char *text)
{
	const struct bb_json *v;
	cr_assert_eq(json_parse(arena, text, strlen(text), &v, NULL), 0);
	return v;
}

static int ask_with(struct bb_ask ask, const char **ret_id)
{
	ask.requested_by = "tester";
	return ocppj_ask(s.ocppj, "plugin", &ask, arena, ret_id, NULL, on_end, &s);
}

static const char *ask(const char *action, const char *payload)
{
	const char *id = NULL;
	cr_assert_eq(ask_with((struct bb_ask){.charge_point_id = "CP1",
					      .action = action,
					      .payload = parse(payload)},
			      &id),
		     0);
	cr_assert_eq(strlen(id), 26);
	return id;
}

/* What comes of asking for it. */
static int ask_for(const char *action, const char *payload)
{
	const char *id;
	return ask_with(
	    (struct bb_ask){.charge_point_id = "CP1", .action = action, .payload = parse(payload)},
	    &id);
}

static const char *ask_reset(void)
{
	return ask("Reset", "{\"type\":\"Soft\"}");
}

/* The command's frame comes; its id is in `ret`. */
static void expect_command(const char *action, const char *payload, const char *id)
{
	char expected[512];
	snprintf(expected, sizeof expected, "[2,\"%s\",\"%s\",%s]", id, action, payload);
	expect_text(&w, expected);
}

static void answer(const char *id, const char *rest)
{
	char text[512];
	snprintf(text, sizeof text, "[3,\"%s\",%s]", id, rest);
	wire_message(&w, text);
}

static bool has_ended(void)
{
	return s.ended_count > 0;
}

static void expect_end(const char *how)
{
	stage_until(has_ended);
	cr_assert_str_eq(s.ended.data, how);
	s.ended_count = 0;
}

static void expect_row(const char *fmt, const char *id)
{
	char needle[256];
	snprintf(needle, sizeof needle, fmt, id);
	cr_assert(stage_has_row(needle), "no %s in %s", needle, s.rows.data);
}

Test(commands, are_rows_then_frames_then_ended)
{
	start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	expect_row("command_add|%s|default|CP1|Reset|{\"type\":\"Soft\"}|tester|", id);
	expect_row("command_sent|%s|", id);
	answer(id, "{\"status\":\"Accepted\"}");
	expect_end("accepted {\"status\":\"Accepted\"} -");
	expect_row("command_end|%s|accepted|", id);
	end();
}

Test(commands, are_no_frames_before_their_rows_are_committed)
{
	start();
	stage_turn();
	s.hold = true;
	ask_reset();
	cr_assert(wire_is_silent(&w, 50));
	cr_assert_eq(s.stored_count, 0, "who asked was told of a row that is not there");
	stage_commit();
	cr_assert_eq(s.stored_count, 1);
	cr_assert(wire_is_silent(&w, 50), "it was sent before it was known as sent");
	cr_assert(stage_has_row("command_add"));
	stage_commit();
	char *got = wire_next_text(&w);
	cr_assert_not_null(got);
	free(got);
	end();
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
	start();
	for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
		char how[256];
		const char *id = ask(verdicts[i].action, verdicts[i].payload);
		expect_command(verdicts[i].action, verdicts[i].payload, id);
		answer(id, verdicts[i].response);
		snprintf(how, sizeof how, "%s %s -", verdicts[i].state, verdicts[i].response);
		expect_end(how);
	}
	end();
}

Test(commands, fail_by_an_error_or_by_an_answer_that_breaks_its_schema)
{
	char text[256];
	start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	snprintf(text, sizeof text, "[4,\"%s\",\"NotSupported\",\"no\",{}]", id);
	wire_message(&w, text);
	expect_end("failed - NotSupported");
	id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	answer(id, "{\"status\":\"Perhaps\"}");
	expect_end("failed {\"status\":\"Perhaps\"} PropertyConstraintViolation");
	expect_row("command_end|%s|failed|", id);
	end();
}

Test(commands, are_not_ended_by_answers_to_something_else_or_a_second_time)
{
	start();
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
	end();
}

Test(commands, go_out_one_at_a_time)
{
	start();
	const char *one = ask_reset(), *two = ask("ClearCache", "{}");
	expect_command("Reset", "{\"type\":\"Soft\"}", one);
	cr_assert(wire_is_silent(&w, 50));
	answer(one, "{\"status\":\"Accepted\"}");
	expect_command("ClearCache", "{}", two);
	end();
}

Test(commands, are_checked_before_they_are_stored)
{
	const struct bb_json *errors = NULL;
	start();
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
	end();
}

static const char *ask_queued(uint32_t ms)
{
	const char *id = NULL;
	cr_assert_eq(ask_with((struct bb_ask){.charge_point_id = "CP1",
					      .action = "ClearCache",
					      .payload = parse("{}"),
					      .deadline_ms = ms,
					      .queue = true},
			      &id),
		     0);
	return id;
}

Test(commands, may_wait_for_the_charger_and_follow_its_first_message)
{
	stage_start();
	const char *id = ask_queued(60000);
	stage_turn();
	expect_row("command_add|%s|", id);
	wire_connect(&w, s.loop, s.port, "CP1");
	cr_assert(wire_is_silent(&w, 100), "it went out before the charger had said anything");
	expect_begin(&w, "[2,\"boot\",\"Heartbeat\",{}]", "[3,\"boot\",");
	expect_command("ClearCache", "{}", id);
	answer(id, "{\"status\":\"Accepted\"}");
	expect_end("accepted {\"status\":\"Accepted\"} -");
	end();
}

Test(commands, go_out_to_a_charger_that_says_nothing_as_well)
{
	stage_start();
	const char *id = ask_queued(60000);
	wire_connect(&w, s.loop, s.port, "CP1");
	expect_command("ClearCache", "{}", id);
	end();
}

Test(commands, expire_when_the_charger_does_not_connect_in_time)
{
	stage_start();
	const char *id = ask_queued(100);
	expect_end("expired - -");
	expect_row("command_end|%s|expired|", id);
}

Test(commands, time_out_and_their_late_answer_is_ignored)
{
	s.options.command_ms = 100;
	start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	expect_end("timed_out - -");
	expect_row("command_end|%s|timed_out|", id);
	answer(id, "{\"status\":\"Accepted\"}");
	stage_turn();
	cr_assert_eq(s.ended_count, 0);
	id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	end();
}

Test(commands, that_could_wait_long_for_the_charger_do_not_wait_as_long_for_its_answer)
{
	s.options.command_ms = 100;
	start();
	const char *id = ask_queued(3600000);
	expect_command("ClearCache", "{}", id);
	expect_end("timed_out - -");
	end();
}

Test(commands, that_were_sent_fail_when_the_link_is_lost)
{
	start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	end();
	expect_end("failed - -");
	expect_row("command_end|%s|failed|", id);
}

Test(commands, that_were_sent_fail_when_the_charger_connects_again_and_queued_ones_go_on)
{
	struct wire old;
	start();
	const char *one = ask_reset(), *two = ask_queued(60000);
	expect_command("Reset", "{\"type\":\"Soft\"}", one);
	old = w;
	stage_connect(&w, "CP1");
	expect_end("failed - -");
	expect_command("ClearCache", "{}", two);
	wire_close(&old);
	end();
}

Test(commands, fail_when_they_cannot_be_stored)
{
	start();
	s.storage = -EAGAIN;
	ask_reset();
	expect_end("failed - InternalError");
	cr_assert(wire_is_silent(&w, 20));
	s.storage = 0;
	end();
}

Test(commands, are_ended_for_those_who_asked_once_storage_has_the_end)
{
	start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	s.storage = -EAGAIN;
	answer(id, "{\"status\":\"Accepted\"}");
	wire_is_silent(&w, 1500); /* stored again in vain once */
	cr_expect_not(has_ended());
	s.storage = 0;
	expect_end("accepted {\"status\":\"Accepted\"} -");
	expect_row("command_end|%s|accepted|", id);
	end();
}

Test(commands, whose_end_was_not_stored_are_told_of_when_the_server_stops)
{
	start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	s.storage = -EAGAIN;
	answer(id, "{\"status\":\"Rejected\"}");
	wire_is_silent(&w, 50);
	cr_expect_not(has_ended());
	ocppj_drain(s.ocppj, (bb_fn *)NULL, NULL);
	expect_end("rejected {\"status\":\"Rejected\"} -");
	end();
}

Test(commands, are_not_sent_when_that_they_are_sent_cannot_be_stored)
{
	start();
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
	cr_assert(wire_is_silent(&w, 20));
	end();
}

Test(commands, may_end_while_that_they_are_sent_is_being_stored)
{
	start();
	stage_turn();
	s.hold = true;
	ask_reset();
	stage_commit();
	end();
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
	start();
}

Test(commands, left_by_the_last_process_are_loaded_and_sent)
{
	leave("ClearCache", "queued", 60000);
	expect_command("ClearCache", "{}", LEFT_ID);
	answer(LEFT_ID, "{\"status\":\"Accepted\"}");
	stage_turn();
	expect_row("command_end|%s|accepted|", LEFT_ID);
	end();
}

Test(commands, that_may_be_repeated_are_sent_again_by_the_next_process)
{
	leave("ClearCache", "sent", 60000);
	expect_command("ClearCache", "{}", LEFT_ID);
	expect_row("command_again|%s", LEFT_ID);
	end();
}

Test(commands, that_may_not_be_repeated_have_failed_for_the_next_process)
{
	leave("Reset", "sent", 60000);
	cr_assert(wire_is_silent(&w, 20));
	expect_row("command_end|%s|failed|", LEFT_ID);
	cr_assert(stage_has_row("owner_ended|Reset|failed|-"));
	end();
}

Test(commands, whose_deadline_passed_while_the_server_was_down_have_expired)
{
	leave("ClearCache", "queued", -1000);
	cr_assert(wire_is_silent(&w, 20));
	expect_row("command_end|%s|expired|", LEFT_ID);
	end();
}

Test(commands, that_may_be_repeated_are_sent_again_when_the_line_was_cut)
{
	struct wire old;
	start();
	const char *id = ask_queued(60000);
	expect_command("ClearCache", "{}", id);
	old = w;
	stage_connect(&w, "CP1");
	expect_command("ClearCache", "{}", id);
	expect_row("command_again|%s", id);
	answer(id, "{\"status\":\"Accepted\"}");
	expect_end("accepted {\"status\":\"Accepted\"} -");
	wire_close(&old);
	end();
}

Test(commands, of_actions_that_nobody_owns_are_not_sent)
{
	start();
	cr_assert_eq(ask_for("GetDiagnostics", "{\"location\":\"ftp://a/b\"}"), -EOPNOTSUPP);
	end();
}

Test(commands, that_their_owner_refuses_are_not_stored)
{
	start();
	s.refuse = "Reset";
	cr_assert_eq(ask_for("Reset", "{\"type\":\"Soft\"}"), -EPERM);
	stage_turn();
	cr_assert_not(stage_has_row("command_add|"));
	end();
}

Test(commands, are_not_sent_to_a_rejected_charger)
{
	s.registration = "rejected";
	start();
	cr_assert_eq(ask_for("Reset", "{\"type\":\"Soft\"}"), -EPERM);
	end();
}

Test(commands, that_their_owner_refuses_once_the_charger_is_there_have_failed)
{
	stage_start();
	s.hold = true;
	const char *id = ask_queued(60000);
	s.hold = false;
	stage_commit();
	s.refuse = "ClearCache";
	stage_connect(&w, "CP1");
	expect_end("failed - -");
	cr_assert(wire_is_silent(&w, 20));
	expect_row("command_end|%s|failed|", id);
	end();
}

Test(commands, let_their_owner_and_its_witnesses_add_to_the_units_that_store_them)
{
	start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	answer(id, "{\"status\":\"Accepted\"}");
	expect_end("accepted {\"status\":\"Accepted\"} -");
	cr_assert(stage_has_row("owner_stored|Reset|"));
	cr_assert(stage_has_row("owner_ended|Reset|accepted|Accepted"));
	cr_assert(stage_has_row("witness_stored|Reset|"));
	cr_assert(stage_has_row("witness_ended|Reset|accepted|Accepted"));
	cr_assert_not_null(strstr(s.topics.data, "command.ended CP1;"));
	end();
}

Test(commands, keep_secrets_to_themselves)
{
	start();
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
	end();
}

Test(commands, that_were_never_sent_leave_no_secrets_behind)
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

Test(commands, of_a_lenient_charger_forgive_unknown_values_in_its_answer)
{
	s.validation = "lenient";
	start();
	const char *id = ask_reset();
	expect_command("Reset", "{\"type\":\"Soft\"}", id);
	answer(id, "{\"status\":\"Perhaps\"}");
	expect_end("rejected {\"status\":\"Perhaps\"} -");
	end();
}
