#include "sandbox.h"

TestSuite(question, .init = sandbox_setup, .fini = sandbox_teardown);

#define SESSION "{\"a\":1,\"list\":[1,2],\"nothing\":null,\"o\":{\"x\":\"y\"}}"

static void expect_answer(const char *body, const char *expected)
{
	const char *text = arena_printf(arena, "function f(q) %s end", body);
	struct answer a = run_script(text, SESSION);
	cr_assert_eq(a.err, 0, "%s: %s", body, text_of(a.value));
	cr_expect_str_eq(text_of(a.value), expected, "%s: %s", body, text_of(a.value));
}

Test(question, members_are_what_was_asked)
{
	expect_answer("return {q.a, q.list, q.o.x, q.nothing == nil, q.other == nil, q[1] == nil}",
		      "[1,[1,2],\"y\",true,true,true]");
	expect_answer("return q.list == q.list and q.o == q.o", "true");
	expect_answer("return {#q, type(q), tostring(q)}", "[0,\"table\",\"table\"]");
}

Test(question, a_walk_sees_every_member_once_whatever_has_been_read)
{
	const char *walk = "local n, s = 0, {} for k, v in %s do n = n + 1 s[k] = v end "
			   "s.n = n return s";
	const char *all = "{\"a\":1,\"list\":[1,2],\"n\":3,\"o\":{\"x\":\"y\"}}";
	const char *const ways[] = {"pairs(q)", "next, q", "pairs({}), q"};
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		const char *body = arena_printf(arena, walk, ways[i]);
		expect_answer(body, all);
		expect_answer(arena_printf(arena, "local x = q.list %s", body), all);
	}
	expect_answer("return {next(q) ~= nil, next(q, 'a') ~= 'a'}", "[true,true]");
}

Test(question, it_can_be_written_to_like_any_table)
{
	expect_answer("q.b = 2 q.a = nil return q", "{\"b\":2,\"list\":[1,2],\"o\":{\"x\":\"y\"}}");
	expect_answer("local x = q.a q.a = nil return {q.a == nil, x}", "[true,1]");
	expect_answer("local x = q.a q.a = nil for k in pairs(q) do x = x .. k end return #x", "6");
	expect_answer("q.a = 5 return {q.a, q.o.x}", "[5,\"y\"]");
	expect_answer("q.list[3] = 3 q.o.z = 1 return {q.list, q.o}",
		      "[[1,2,3],{\"x\":\"y\",\"z\":1}]");
	expect_answer("table.insert(q, 7) return {q[1], #q, q.a}", "[7,1,1]");
}

Test(question, it_comes_back_whole_from_wherever_it_is_put)
{
	expect_answer("return q", "{\"a\":1,\"list\":[1,2],\"o\":{\"x\":\"y\"}}");
	expect_answer("local x = q.o return {inner = q}",
		      "{\"inner\":{\"a\":1,\"list\":[1,2],\"o\":{\"x\":\"y\"}}}");
	struct answer a = run_script("function f(q) return busbar.array(q) end", "{}");
	cr_expect_str_eq(text_of(a.value), "[]");
}

Test(question, an_error_that_is_the_question_has_its_message)
{
	struct answer a = run_script("function f(q) error(q) end", "{\"message\":\"late\"}");
	cr_expect_eq(a.err, -EPERM);
	cr_expect_str_eq(bb_json_get_str(a.value, "detail", ""), "late");
	a = run_script("function f(q) q.message = nil error(q) end", "{\"message\":\"late\"}");
	cr_expect_str_eq(bb_json_get_str(a.value, "detail", ""),
			 "the error is a table without a message");
}

Test(question, of_two_members_of_one_name_the_last_counts)
{
	struct bb_builder b = bb_build(arena);
	struct bb_script script = {"acme", "twice", "1",
				   "function f(q) local x = q.a "
				   "for k, v in next, q do x = x + v end return x end",
				   0};
	struct answer a = {0};
	script.len = strlen(script.text);
	bb_put_int(&b, "a", 1);
	bb_put_int(&b, "a", 2);
	const struct bb_json *question = bb_build_object(&b);
	script_call(host, &script, "f", question, 100, keep_answer, &a);
	cr_assert_eq(a.err, 0);
	cr_expect_str_eq(text_of(a.value), "4");
}

Test(question, a_large_one_is_the_same)
{
	struct bb_builder b = bb_build(arena);
	for (int i = 0; i < 100; i++)
		bb_put_int(&b, arena_printf(arena, "k%d", i), 1);
	struct answer a = run_script("function f(q) local n = q.k0 + q.k99 for _, v in pairs(q) do "
				     "n = n + v end return n end",
				     text_of(bb_build_object(&b)));
	cr_expect_str_eq(text_of(a.value), "102");
}
