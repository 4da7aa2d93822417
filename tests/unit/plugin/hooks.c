#include <criterion/criterion.h>
#include <errno.h>

#include "stage.h"
#include "json/json.h"

static void setup(void)
{
	stage_setup();
	stage_up("scripts = { { hook = 'ask', file = 'ask.lua', order = 7 },\n"
		 "            { hook = 'ask_open', file = 'ask.lua', order = 7 } }");
	stage_forget();
}

TestSuite(hooks, .init = setup, .fini = stage_teardown);

static struct {
	bool told;
	int err;
	char text[256];
} got;

static void on_answer(int err, const struct bb_json *v, void *arg)
{
	cr_assert_not(got.told, "told twice");
	cr_assert_eq(arg, &got);
	got.told = true;
	got.err = err;
	snprintf(got.text, sizeof got.text, "%s", v ? json_text(stage.arena, v, NULL) : "-");
}

static void ask(const char *hook, const char *question)
{
	memset(&got, 0, sizeof got);
	int err = stage.bb->ask_hook(stage.me[0], hook, stage_json(question), 200, on_answer, &got);
	cr_assert_eq(err, 0);
	stage_wait(&got.told);
}

static int reply_good(struct bb_call *call)
{
	stage.bb->reply(call, bb_json_one(stage.bb->arena(call), "by", bb_json_make_str("C")));
	return BB_DONE;
}

static int reply_bad(struct bb_call *call)
{
	stage.bb->reply(call, bb_json_one(stage.bb->arena(call), "by", bb_json_make_int(1)));
	return BB_DONE;
}

static int break_down(struct bb_call *call)
{
	(void)call;
	return -EIO;
}

static int refuse(struct bb_call *call)
{
	stage.bb->fail(call, "TooLate", "it is %d o'clock", 5);
	return BB_DONE;
}

static int never(struct bb_call *call)
{
	stage.bb->defer(call, 60000, NULL, NULL);
	return BB_LATER;
}

static int later(struct bb_call *call)
{
	struct bb_reply *r = stage.bb->defer(call, 0, NULL, NULL);
	const struct bb_json *payload = stage.bb->payload(call);
	stage.bb->resolve(r, bb_json_one(stage.bb->arena(call), "by", *bb_json_get(payload, "x")));
	return BB_LATER;
}

static void on_behind(int err, const struct bb_json *v, void *arg)
{
	struct bb_call *call = arg;
	struct bb_arena *a = stage.bb->arena(call);
	cr_assert_eq(err, 0);
	const char *by = bb_printf(a, "behind: %s", bb_json_get_str(v, "by", "?"));
	stage.bb->reply(call, bb_json_one(a, "by", bb_json_make_str(by)));
}

static int ask_behind(struct bb_call *call)
{
	const struct bb_json *other = stage_json("{\"whom\":\"script\",\"operator_id\":\"o\"}");
	cr_assert_eq(stage.bb->ask_behind(call, other, on_behind, call), 0);
	return BB_DONE;
}

Test(hooks, a_handler_may_ask_those_behind_it_something_else)
{
	stage_script("beta.ask", ask_behind);
	ask("ask", "{}");
	cr_assert_str_eq(got.text, "{\"by\":\"behind: script for o\"}");
	cr_assert_str_eq(stage.trace, "beta.ask");
}

Test(hooks, asks_by_order_until_somebody_answers)
{
	stage_script("alpha.ask", reply_good);
	ask("ask", "{}");
	cr_assert_str_eq(stage.trace, "beta.ask,alpha.ask");
	cr_assert_str_eq(got.text, "{\"by\":\"C\"}");
	cr_assert_eq(got.err, 0);
}

Test(hooks, does_not_ask_those_behind_the_one_that_answers)
{
	stage_script("beta.ask", reply_good);
	ask("ask", "{}");
	cr_assert_str_eq(stage.trace, "beta.ask");
}

Test(hooks, tells_when_all_pass)
{
	ask("ask", "{}");
	cr_assert_eq(got.err, -ENOENT);
	cr_assert_str_eq(stage.trace, "beta.ask,alpha.ask");
}

Test(hooks, asks_the_script_between_the_plugins)
{
	ask("ask", "{\"whom\":\"script\",\"operator_id\":\"acme\"}");
	cr_assert_str_eq(stage.trace, "beta.ask");
	cr_assert_str_eq(got.text, "{\"by\":\"script for acme\"}");
}

Test(hooks, a_script_that_fails_is_an_error_where_the_question_fails_closed)
{
	stage_script("alpha.ask", reply_good);
	ask("ask", "{\"fail\":true}");
	cr_assert_eq(got.err, -EIO);
	cr_assert(strstr(got.text, "\"code\":\"ScriptError\""), "%s", got.text);
	cr_assert(strstr(got.text, "ask.lua:4"), "%s", got.text);
	cr_assert_str_eq(stage.trace, "beta.ask");
}

Test(hooks, a_script_that_fails_is_passed_over_where_the_question_fails_open)
{
	stage_script("alpha.ask_open", reply_good);
	ask("ask_open", "{\"fail\":true}");
	cr_assert_eq(got.err, 0);
	cr_assert_str_eq(stage.trace, "beta.ask_open,alpha.ask_open");
}

Test(hooks, a_script_that_answers_otherwise_than_it_may_has_failed)
{
	ask("ask", "{\"wrong\":true}");
	cr_assert_eq(got.err, -EIO);
	cr_assert(strstr(got.text, "ScriptError") && strstr(got.text, "ask.lua:0: the answer's by"),
		  "%s", got.text);
	ask("ask_open", "{\"wrong\":true}");
	cr_assert_eq(got.err, -ENOENT);
	cr_assert_str_eq(stage.trace, "beta.ask,beta.ask_open,alpha.ask_open");
}

Test(hooks, a_handler_that_breaks_down_is_an_error_or_passed_over_likewise)
{
	stage_script("beta.ask", break_down);
	stage_script("beta.ask_open", break_down);
	stage_script("alpha.ask_open", reply_good);
	ask("ask", "{}");
	cr_assert_eq(got.err, -EIO);
	cr_assert(strstr(got.text, "InternalError"), "%s", got.text);
	ask("ask_open", "{}");
	cr_assert_str_eq(got.text, "{\"by\":\"C\"}");
}

Test(hooks, tells_the_asker_what_a_handler_refused_with)
{
	stage_script("beta.ask", refuse);
	ask("ask", "{}");
	cr_assert_eq(got.err, -EIO);
	cr_assert_str_eq(got.text, "{\"code\":\"TooLate\",\"detail\":\"it is 5 o'clock\"}");
}

Test(hooks, an_answer_that_breaks_the_schema_is_a_failure)
{
	stage_script("beta.ask", reply_bad);
	stage_script("beta.ask_open", reply_bad);
	stage_script("alpha.ask_open", reply_good);
	ask("ask", "{}");
	cr_assert_eq(got.err, -EIO);
	cr_assert(strstr(got.text, "BadAnswer") && strstr(got.text, "by"), "%s", got.text);
	ask("ask_open", "{}");
	cr_assert_str_eq(got.text, "{\"by\":\"C\"}");
}

Test(hooks, a_handler_gets_no_more_time_than_the_asker_gives)
{
	stage_script("beta.ask", never);
	ask("ask", "{}");
	cr_assert_eq(got.err, -ETIMEDOUT);
}

Test(hooks, after_a_time_out_an_open_question_goes_on)
{
	stage_script("beta.ask_open", never);
	stage_script("alpha.ask_open", later);
	ask("ask_open", "{\"x\":\"kept\"}");
	cr_assert_str_eq(got.text, "{\"by\":\"kept\"}");
}

Test(hooks, a_question_must_be_declared_to_be_asked)
{
	cr_assert_eq(stage.bb->ask_hook(stage.me[0], "nothing", NULL, 0, on_answer, &got), -EINVAL);
	cr_assert_not(got.told);
}

Test(hooks, the_core_asks_admit_and_gets_its_answer_at_once)
{
	memset(&got, 0, sizeof got);
	cr_assert_eq(host_ask_hook(stage.host, "admit", NULL, 0, on_answer, &got), 0);
	cr_assert(got.told);
	cr_assert_eq(got.err, -ENOENT);
}
