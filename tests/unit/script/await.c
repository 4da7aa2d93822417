/* Host functions that answer at once, later, or never. */
#include "sandbox.h"

struct pending {
	bb_json_fn *done;
	void *arg;
	const struct bb_json *args;
	int calls;
};
static struct pending pending;

static void now(void *self, const char *operator_id, const struct bb_json *args, bb_json_fn *done,
		void *arg)
{
	(void)operator_id;
	(void)self;
	done(0, bb_json_at(args, 0), arg);
}

static void refuse(void *self, const char *operator_id, const struct bb_json *args,
		   bb_json_fn *done, void *arg)
{
	(void)operator_id;
	(void)self, (void)args;
	done(-EPERM, bb_json_one(arena, "detail", bb_json_make_str("not for you")), arg);
}

static void later(void *self, const char *operator_id, const struct bb_json *args, bb_json_fn *done,
		  void *arg)
{
	(void)operator_id;
	(void)self;
	pending = (struct pending){done, arg, json_copy(arena, args), pending.calls + 1};
}

static void answer_pending(void *arg)
{
	(void)arg;
	pending.done(0, bb_json_at(pending.args, 0), pending.arg);
}

static void setup(void)
{
	sandbox_setup();
	script_host_export(host, "host", "now", now, NULL);
	script_host_export(host, "host", "later", later, NULL);
	script_host_export(host, "host", "refuse", refuse, NULL);
}

TestSuite(await, .init = setup, .fini = sandbox_teardown);

Test(await, a_host_function_may_answer_at_once)
{
	cr_expect_str_eq(value_of("busbar.host.now({a = 1})"), "{\"a\":1}");
	cr_expect_str_eq(value_of("busbar.host.now()"), "null");
}

Test(await, a_host_function_may_answer_later)
{
	struct answer a;
	call_script("function f(q) local x = busbar.host.later(q.n) return x + 1 end", "{\"n\":41}",
		    1000, &a);
	cr_assert_not(a.done);
	answer_pending(NULL);
	cr_assert(a.done);
	cr_expect_str_eq(text_of(a.value), "42");
}

Test(await, a_script_may_wait_inside_a_protected_call)
{
	struct answer a;
	call_script("function f() return {pcall(function() return busbar.host.later('x') end)} end",
		    NULL, 1000, &a);
	answer_pending(NULL);
	cr_expect_str_eq(text_of(a.value), "[true,\"x\"]");
	call_script(
	    "function f() return {xpcall(function() return busbar.host.later('x') end, print)} "
	    "end",
	    NULL, 1000, &a);
	answer_pending(NULL);
	cr_expect_str_eq(text_of(a.value), "[true,\"x\"]");
}

Test(await, two_calls_of_one_script_wait_side_by_side)
{
	struct answer a, b;
	struct pending first;
	const char *text = "function f(q) n = q busbar.host.later(1) return n end";
	struct bb_script script = {"acme", "test", "1", text, strlen(text)};
	struct bb_json one = bb_json_make_int(1), two = bb_json_make_int(2);
	a = b = (struct answer){0};
	script_call(host, &script, "f", &one, 1000, keep_answer, &a);
	first = pending;
	script_call(host, &script, "f", &two, 1000, keep_answer, &b);
	first.done(0, NULL, first.arg);
	cr_expect_str_eq(text_of(a.value), "1");
	answer_pending(NULL);
	cr_expect_str_eq(text_of(b.value), "2");
}

Test(await, the_hosts_refusal_is_an_error_with_a_line)
{
	expect_error("function f()\n busbar.host.refuse() end", -EPERM,
		     "busbar.host.refuse: not for you", 2);
	cr_expect_str_eq(value_of("{pcall(busbar.host.refuse)}"),
			 "[false,\"busbar.host.refuse: not for you\"]");
}

Test(await, an_answer_that_never_comes_is_a_timeout)
{
	struct answer a;
	call_script("function f() busbar.host.later() end", NULL, 20, &a);
	cr_assert(loop_run_until(loop, &a.done, 2000));
	cr_expect_eq(a.err, -ETIMEDOUT);
	cr_expect_str_eq(bb_json_get_str(a.value, "detail", ""), "the host did not answer in time");
	answer_pending(NULL);
	cr_expect_eq(a.calls, 1);
}

static void answer_if_asked(void *arg)
{
	bb_json_fn *done = pending.done;
	pending.done = NULL;
	(void)arg;
	if (done)
		done(0, NULL, pending.arg);
}

Test(await, the_total_time_counts_all_waits)
{
	struct answer a;
	struct loop_timer *t = loop_timer(loop, 5, true, answer_if_asked, NULL);
	call_script("function f() while true do busbar.host.later() end end", NULL, 50, &a);
	cr_assert(loop_run_until(loop, &a.done, 5000));
	loop_timer_release(t);
	answer_if_asked(NULL);
	cr_expect_eq(a.err, -ETIMEDOUT);
	cr_expect(pending.calls > 1 && pending.calls < 30, "%d", pending.calls);
}

Test(await, definitions_and_comparisons_cannot_wait)
{
	expect_error("\nbusbar.host.later()", -EPERM,
		     "busbar.host.later: a script cannot wait here", 2);
	pending.done(0, NULL, pending.arg);
	expect_error("function f() table.sort({1, 2}, busbar.host.later) end", -EPERM,
		     "busbar.host.later: a script cannot wait here", 0);
	pending.done(0, NULL, pending.arg);
}

Test(await, arguments_that_are_no_json_are_refused)
{
	expect_error("function f() busbar.host.now(1, {x = print}) end", -EPERM,
		     "busbar.host.now: argument 2.x is a function", 1);
	cr_expect_str_eq(
	    value_of("(function() for i = 1, 2000 do pcall(busbar.host.now, print) end return "
		     "'ok' end)()"),
	    "\"ok\"");
}

Test(await, asking_the_host_without_end_is_stopped)
{
	expect_error("function f() while true do busbar.host.now(1) end end", -ETIMEDOUT,
		     "runs for more than 2000000 instructions", 1);
}

static struct answer inner;

static void nested(void *self, const char *operator_id, const struct bb_json *args,
		   bb_json_fn *done, void *arg)
{
	(void)operator_id;
	(void)self;
	call_script("function f(q) return {q} end", "\"inner\"", 100, &inner);
	done(0, bb_json_at(args, 0), arg);
}

Test(await, a_script_called_from_within_a_script_runs_after_it)
{
	script_host_export(host, "host", "nested", nested, NULL);
	struct answer a;
	call_script("function f() return busbar.host.nested('outer') end", NULL, 100, &a);
	cr_expect_str_eq(text_of(a.value), "\"outer\"");
	cr_expect_not(inner.done);
	cr_assert(loop_run_until(loop, &inner.done, 1000));
	cr_expect_str_eq(text_of(inner.value), "[\"inner\"]");
}

static void answer_other(void *self, const char *operator_id, const struct bb_json *args,
			 bb_json_fn *done, void *arg)
{
	(void)operator_id;
	(void)self;
	answer_pending(NULL);
	done(0, args, arg);
}

Test(await, an_answer_out_of_another_script_is_taken_after_it)
{
	script_host_export(host, "host", "answer_other", answer_other, NULL);
	struct answer a, b;
	call_script("function f() return busbar.host.later('a') end", NULL, 1000, &a);
	call_script("function f() return busbar.host.answer_other('b') end", NULL, 1000, &b);
	cr_expect(b.done);
	cr_expect_not(a.done);
	cr_assert(loop_run_until(loop, &a.done, 1000));
	cr_expect_str_eq(text_of(a.value), "\"a\"");
}

Test(await, the_host_may_go_while_a_script_waits)
{
	struct answer a;
	call_script("function f() return busbar.host.later('a') end", NULL, 1000, &a);
	script_host_free(host);
	host = NULL;
	cr_expect_eq(a.err, -ECANCELED);
	cr_expect_eq(a.calls, 1);
	answer_pending(NULL);
}

Test(await, the_tables_of_the_host_are_read_only)
{
	expect_error("function f() busbar.host.now = print end", -EPERM, "this table is read-only",
		     1);
}

Test(await, a_question_outlives_whoever_asked)
{
	struct answer a = {0};
	struct bb_script script = {
	    "acme", "asked", "1",
	    "function f(q) local x = q.a busbar.host.later(1) return {x, q.b.c, q} end", 0};
	struct bb_arena *short_lived = arena_new(0);
	struct bb_builder b = bb_build(short_lived);
	script.len = strlen(script.text);
	bb_put_int(&b, "a", 1);
	bb_put(&b, "b", *bb_json_one(short_lived, "c", bb_json_make_str("d")));
	const struct bb_json *question = bb_build_object(&b);
	script_call(host, &script, "f", question, 1000, keep_answer, &a);
	arena_free(short_lived);
	cr_assert(!a.done);
	answer_pending(NULL);
	cr_assert(a.done && !a.err);
	cr_expect_str_eq(text_of(a.value), "[1,\"d\",{\"a\":1,\"b\":{\"c\":\"d\"}}]");
}
