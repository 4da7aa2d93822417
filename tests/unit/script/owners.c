/* What is counted for operators, and states that go. */
#include "sandbox.h"

TestSuite(owners, .init = sandbox_setup, .fini = sandbox_teardown);

static struct answer call_of(const char *operator_id, const char *text)
{
	static int versions;
	struct answer a = {0};
	struct bb_script script = {operator_id, "main", arena_printf(arena, "%d", ++versions), text,
				   strlen(text)};
	script_call(host, &script, "f", NULL, 1000, keep_answer, &a);
	cr_assert(a.done);
	return a;
}

static struct bb_script_stats stats(uint32_t i)
{
	struct bb_script_stats s;
	cr_assert(script_stats(host, i, &s));
	return s;
}

Test(owners, calls_and_failures_are_counted_for_each)
{
	struct bb_script_stats none;
	cr_expect_not(script_stats(host, 0, &none));
	call_of("one", "function f() end");
	call_of("two", "function f() error('x') end");
	call_of("two", "function f() local t = {} while true do t = {t} end end");
	call_of("two", "function f() while true do end end");
	call_of("two", "function f() return print end");
	call_of("two", "function g() end");
	call_of("two", "syntax");
	cr_expect_str_eq(stats(0).operator_id, "one");
	cr_expect_eq(stats(0).calls, 1);
	cr_expect_eq(stats(0).failures, 0);
	cr_expect_str_eq(stats(1).operator_id, "two");
	cr_expect_eq(stats(1).calls, 6);
	cr_expect_eq(stats(1).failures, 5);
	cr_expect_gt(stats(1).time_us, stats(0).time_us);
	cr_expect_gt(stats(1).memory_bytes, 10000);
	cr_expect_not(script_stats(host, 2, &none));
}

Test(owners, a_state_that_nobody_calls_goes_and_comes_back)
{
	const char *text = "function f() return 7 end";
	cr_expect_str_eq(text_of(call_of("one", text).value), "7");
	script_host_drop_idle(host, 60000);
	cr_expect_gt(stats(0).memory_bytes, 0);
	script_host_drop_idle(host, 0);
	cr_expect_eq(stats(0).memory_bytes, 0);
	cr_expect_str_eq(text_of(call_of("one", text).value), "7");
	cr_expect_eq(stats(0).calls, 2);
}

static bb_json_fn *pending;
static void *pending_arg;

static void later(void *self, const char *operator_id, const struct bb_json *args, bb_json_fn *done,
		  void *arg)
{
	(void)self, (void)operator_id, (void)args;
	pending = done;
	pending_arg = arg;
}

Test(owners, a_state_in_which_a_call_waits_stays)
{
	const char *text = "function f() return busbar.host.later() end";
	struct bb_script script = {"one", "main", "1", text, strlen(text)};
	struct answer a = {0};
	script_host_export(host, "host", "later", later, NULL);
	script_call(host, &script, "f", NULL, 1000, keep_answer, &a);
	script_host_drop_idle(host, 0);
	cr_expect_gt(stats(0).memory_bytes, 0);
	pending(0, NULL, pending_arg);
	cr_expect(a.done);
}

Test(owners, many_operators_are_kept_apart)
{
	for (int i = 0; i < 300; i++) {
		const char *text = arena_printf(arena, "function f() return %d end", i);
		struct answer a = call_of(arena_printf(arena, "op%d", i), text);
		cr_assert_str_eq(text_of(a.value), arena_printf(arena, "%d", i));
	}
	cr_expect_str_eq(stats(299).operator_id, "op299");
	cr_expect_eq(stats(299).calls, 1);
}
