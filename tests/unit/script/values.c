#include "base/clock.h"
#include "sandbox.h"

TestSuite(values, .init = sandbox_setup, .fini = sandbox_teardown);

static void expect_echo(const char *json, const char *expected)
{
	struct answer a = run_script("function f(q) return q end", json);
	cr_assert_eq(a.err, 0, "%s", text_of(a.value));
	cr_expect_str_eq(text_of(a.value), expected);
}

Test(values, json_comes_back_as_it_went_in)
{
	expect_echo("{\"a\":[1,2.5,\"x\",true,{\"b\":{}}],\"c\":-9223372036854775808}",
		    "{\"a\":[1,2.5,\"x\",true,{\"b\":{}}],\"c\":-9223372036854775808}");
	expect_echo("[]", "[]");
	expect_echo("{\"lines\":[]}", "{\"lines\":[]}");
	expect_echo("\"\xc3\xa4\xf0\x9f\x98\x80\"", "\"\xc3\xa4\xf0\x9f\x98\x80\"");
	expect_echo("9223372036854775807", "9223372036854775807");
}

Test(values, nulls_are_absent_in_objects_and_kept_in_arrays)
{
	expect_echo("{\"a\":null,\"b\":1}", "{\"b\":1}");
	expect_echo("[1,null,3]", "[1,null,3]");
	expect_echo("null", "null");
	cr_expect_str_eq(value_of("{a = busbar.null, b = {busbar.null}}"),
			 "{\"a\":null,\"b\":[null]}");
}

Test(values, an_empty_table_is_an_object_unless_marked)
{
	cr_expect_str_eq(value_of("{}"), "{}");
	cr_expect_str_eq(value_of("busbar.array()"), "[]");
	cr_expect_str_eq(value_of("{lines = busbar.array({})}"), "{\"lines\":[]}");
}

Test(values, whole_floats_become_integers)
{
	cr_expect_str_eq(value_of("{12.0, 7 // 2.0, 1e3, 2^53, 0.5, -0.0}"),
			 "[12,3,1000,9007199254740992,0.5,0]");
	cr_expect_str_eq(value_of("math.type(3)"), "\"integer\"");
}

Test(values, members_come_sorted)
{
	cr_expect_str_eq(value_of("{z = 1, a = 2, m = 3}"), "{\"a\":2,\"m\":3,\"z\":1}");
	cr_expect_str_eq(value_of("{k=1,j=2,i=3,h=4,g=5,f=6,e=7,d=8,c=9,b=10,a=11}"),
			 "{\"a\":11,\"b\":10,\"c\":9,\"d\":8,\"e\":7,\"f\":6,\"g\":5,\"h\":4,"
			 "\"i\":3,\"j\":2,\"k\":1}");
}

Test(values, items_with_the_same_names_keep_their_own_values)
{
	cr_expect_str_eq(value_of("{{to = 1, from = 2}, {to = 3, from = 4}, {['to'] = 'to'}}"),
			 "[{\"from\":2,\"to\":1},{\"from\":4,\"to\":3},{\"to\":\"to\"}]");
}

Test(values, no_result_is_null)
{
	struct answer a = run_script("function f() end", NULL);
	cr_expect_eq(a.err, 0);
	cr_expect_str_eq(text_of(a.value), "null");
}

Test(values, a_new_version_replaces_the_old_one)
{
	struct bb_script script = {"acme", "test", "1", "function f() return 1 end", 25};
	struct answer a = {0};
	script_call(host, &script, "f", NULL, 100, keep_answer, &a);
	cr_expect_str_eq(text_of(a.value), "1");
	script.text = "function f() return 2 end";
	script_call(host, &script, "f", NULL, 100, keep_answer, &a);
	cr_expect_str_eq(text_of(a.value), "1", "the same version is the same script");
	script.version = "2";
	script_call(host, &script, "f", NULL, 100, keep_answer, &a);
	cr_expect_str_eq(text_of(a.value), "2");
}

Test(values, a_function_that_is_not_there_is_told_as_such)
{
	struct answer a = run_script("g = 1", NULL);
	cr_expect_eq(a.err, -ENOENT);
	a = run_script("f = 1", NULL);
	cr_expect_eq(a.err, -ENOENT);
}

Test(values, without_a_function_the_names_of_those_defined_are_told)
{
	struct bb_script script = {"acme", "test", "1", "function f() end g = 1", 22};
	struct answer a = {0};
	script_call(host, &script, NULL, NULL, 100, keep_answer, &a);
	cr_expect_str_eq(text_of(a.value), "[\"f\"]");
	script = (struct bb_script){"acme", "none", "1", "", 0};
	script_call(host, &script, NULL, NULL, 100, keep_answer, &a);
	cr_expect_str_eq(text_of(a.value), "[]");
	script = (struct bb_script){"acme", "bad", "1", "\nerror('no')", 12};
	script_call(host, &script, NULL, NULL, 100, keep_answer, &a);
	cr_expect_eq(a.err, -EPERM);
	cr_expect_eq(bb_json_get_int(a.value, "line", 0), 2);
}

Test(values, a_check_names_script_and_line)
{
	const char *error = NULL;
	struct bb_script script = {"acme", "tariffs/7", "1", "x = 1\ny = = 2", 13};
	cr_assert_eq(script_check(host, &script, arena, &error), -EPERM);
	cr_expect_str_eq(error, "tariffs/7:2: unexpected symbol near '='");
	script.len = 5;
	cr_expect_eq(script_check(host, &script, arena, &error), 0);
}

Test(values, a_runtime_error_names_script_and_line)
{
	expect_error("function f()\n local t\n return t.x\nend", -EPERM,
		     "attempt to index a nil value (local 't')", 3);
	expect_error("function f()\n error('no price')\nend", -EPERM, "no price", 2);
	expect_error("x = = 1", -EPERM, "unexpected symbol near '='", 1);
}

Test(values, protected_calls_work_as_in_lua)
{
	cr_expect_str_eq(value_of("{pcall(function(a, b) return a + b, 'x' end, 1, 2)}"),
			 "[true,3,\"x\"]");
	cr_expect_str_eq(value_of("{pcall(error, 'x')}"), "[false,\"x\"]");
	cr_expect_str_eq(value_of("{pcall(error, {code = 7})}"), "[false,{\"code\":7}]");
	cr_expect_str_eq(value_of("{xpcall(function(...) return ... end, print, 1, 2)}"),
			 "[true,1,2]");
	cr_expect_str_eq(value_of("{xpcall(error, function(e) return '<' .. e .. '>' end, 'x')}"),
			 "[false,\"<x>\"]");
	cr_expect_str_eq(value_of("{xpcall(error, error, 'x')}"), "[false,\"x\"]");
}

Test(values, the_library_that_is_left_works)
{
	cr_expect_str_eq(value_of("string.format('%05.2f|%s|%d|%q', 3.14159, 'a', 7, 'b')"),
			 "\"03.14|a|7|\\\"b\\\"\"");
	cr_expect_str_eq(value_of("select('#', table.unpack({1, 2, 3}))"), "3");
	cr_expect_str_eq(value_of("table.concat({1, 'b', 3}, '-')"), "\"1-b-3\"");
	cr_expect_str_eq(value_of("utf8.len('\xc3\xa4')"), "1");
	cr_expect_str_eq(value_of("tonumber('0x10') + tonumber('11', 2)"), "19");
	cr_expect_str_eq(value_of("(function() local t = {3, 1, 2} table.sort(t) return t end)()"),
			 "[1,2,3]");
	cr_expect_str_eq(value_of("(function() local t = {'b', 'a'} table.sort(t, function(x, y) "
				  "return x > y end) return t end)()"),
			 "[\"b\",\"a\"]");
	cr_expect_str_eq(
	    value_of("(function() local n = 0 for k, v in pairs({a = 1, b = 2}) do n = n + "
		     "v end for i, v in ipairs({5}) do n = n + v end return n end)()"),
	    "8");
	cr_expect_str_eq(value_of("math.floor(2.7) + math.max(1, 5)"), "7");
}

Test(values, currencies_have_their_decimals)
{
	cr_expect_str_eq(value_of("busbar.money.decimals('KWD')"), "3");
	expect_error("function f() return busbar.money.decimals('XXX') end", -EPERM,
		     "'XXX' is not a currency of ISO 4217", 1);
}

Test(values, times_are_told_in_any_zone)
{
	clock_set_ms(1795251600000);
	cr_expect_str_eq(value_of("busbar.time.now()"), "1795251600");
	cr_expect_str_eq(value_of("busbar.time.parse('2026-03-29T01:00:00Z')"), "1774746000");
	cr_expect_str_eq(value_of("busbar.time.parse('tomorrow')"), "null");
	cr_expect_str_eq(value_of("busbar.time.format(1774746000)"), "\"2026-03-29T01:00:00Z\"");
	cr_expect_str_eq(
	    value_of("busbar.time.at(1774746000, 'Europe/Berlin')"),
	    "{\"day\":29,\"dst\":true,\"hour\":3,\"minute\":0,\"month\":3,\"offset_s\":7200,"
	    "\"second\":0,\"weekday\":7,\"year\":2026}");
	cr_expect_str_eq(value_of("busbar.time.seconds({year = 2026, month = 3, day = 30}, "
				  "'Europe/Berlin')"),
			 "1774821600");
	expect_error("function f() return busbar.time.at(0, 'Mars/Olympus') end", -EPERM,
		     "unknown time zone 'Mars/Olympus'", 1);
	expect_error("function f() return busbar.time.seconds({year = 2026, month = 1}) end",
		     -EPERM, "the time has no day", 1);
	clock_set_ms(-1);
}
