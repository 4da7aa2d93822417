/* An environment that comes out of a call as it went in serves the next call; nobody can tell. */
#include "base/clock.h"
#include "sandbox.h"

static void teardown(void)
{
	expect_alive();
	sandbox_teardown();
}

TestSuite(environments, .init = sandbox_setup, .fini = teardown);

static const struct bb_module no_modules[1];

/* Calls it five times as one version; the answers, one after the other. */
static const char *five(const char *text, const struct bb_module *modules, size_t count)
{
	static int versions;
	struct bb_script script = {.operator_id = "acme",
				   .name = "main",
				   .version = arena_printf(arena, "%d", ++versions),
				   .text = text,
				   .len = strlen(text),
				   .modules = modules,
				   .module_count = count};
	const char *all = "";
	for (int i = 1; i <= 5; i++) {
		struct bb_json q = bb_json_make_int(i);
		struct answer a = {0};
		script_call(host, &script, "f", &q, 1000, keep_answer, &a);
		cr_assert(a.done);
		all = arena_printf(arena, "%s%s%s", all, i > 1 ? " " : "", text_of(a.value));
	}
	return all;
}

static void expect_five(const char *text, const char *answers)
{
	const char *got = five(text, no_modules, 0);
	cr_expect_str_eq(got, answers, "%s: %s", text, got);
}

Test(environments, what_a_call_changes_is_gone_in_the_next)
{
	static const char *const changing[] = {
	    "n = 0 function f() n = n + 1 return n end",
	    "local n = 0 function f() n = n + 1 return n end",
	    "local n = 0 local function g() n = n + 1 return n end function f() return g() end",
	    "local t = {n = 0} function f() t.n = t.n + 1 return t.n end",
	    "local t = {} function f() t[#t + 1] = 1 return #t end",
	    "local t = {a = {b = {{}}}} function f() local x = t.a.b[1] x[#x + 1] = 1 return #x "
	    "end",
	    "local t = {} function f() t[{}] = 1 local n = 0 for _ in pairs(t) do n = n + 1 end "
	    "return n end",
	    "local k = {n = 0} local t = {[k] = 1} function f() k.n = k.n + 1 return k.n end",
	    "function f() if g then return 2 end function g() end return 1 end",
	    "local function one() return 1 end function f() local was = one "
	    "one = function() return 2 end return was() end",
	    "function f() local was = f f = function() return 2 end return was and 1 end",
	    "local t = {1} function f() local v = t[1] t[1] = nil return v end",
	    "local t = {1} function f() local s = math.type(t[1]) t[1] = 1.0 return s == 'integer' "
	    "and 1 "
	    "or 2 end",
	    "local t = {0.0} function f() local s = 1 / t[1] t[1] = -0.0 return s > 0 and 1 or 2 "
	    "end",
	    "local t = {} function f() local s = t.x t.x = 'y' return s and 2 or 1 end",
	    "local e = {} local function g() return e end function f() local r = #g() g()[1] = 1 "
	    "return "
	    "r + 1 end",
	    "local it = ('a'):gmatch('a') function f() return it() and 1 or 2 end",
	    "local co = 1 function f() local _ENV = _ENV or {} x = (x or 0) + 1 return x end",
	    "local function g() return n end function f() _ENV.n = (n or 0) + 1 return g() end",
	    "function f() local old = _ENV _ENV = {n = 2} return old.n or 1 end",
	    "function f() local r = n or 1 _ENV = {f = f, n = 2} return r end",
	};
	for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
		expect_five(changing[i], "1 1 1 1 1");
}

Test(environments, an_array_mark_does_not_stay)
{
	expect_five(
	    "local t = {} function f(i) if i > 1 then return t end return busbar.array(t) end",
	    "[] {} {} {} {}");
}

Test(environments, the_globals_cannot_be_marked)
{
	expect_five("function f() return pcall(busbar.array, _ENV) and 2 or type and 1 end",
		    "1 1 1 1 1");
}

Test(environments, what_modules_keep_is_gone_as_well)
{
	static const char text[] =
	    "local M = {n = 0} function M.up() M.n = M.n + 1 return M.n end return M";
	const struct bb_module modules[] = {{"m", text, sizeof text - 1}};
	cr_expect_str_eq(five("local m = require 'm' function f() return m.up() end", modules, 1),
			 "1 1 1 1 1");
	cr_expect_str_eq(five("function f() return require 'm'.up() end", modules, 1), "1 1 1 1 1");
	cr_expect_str_eq(
	    five("function f(i) if i == 3 then secret = 3 require 'm' secret = nil end "
		 "return require 'm'.up() end",
		 modules, 1),
	    "1 1 1 1 1");
}

Test(environments, constants_and_functions_stay)
{
	expect_five("local t = {1, 2, x = {y = 'z'}} local function g(i) return t[1] + i end "
		    "function f(i) return g(i) .. t.x.y end",
		    "\"2z\" \"3z\" \"4z\" \"5z\" \"6z\"");
	expect_five("local t = {0/0} function f(i) return t[1] == t[1] end",
		    "false false false false false");
}

/* The top level costs 100,000 instructions: it has run once, not two hundred times. */
Test(environments, the_top_level_does_not_run_again_where_nobody_could_tell)
{
	struct bb_script script = {
	    "acme", "once", "1",
	    "local n = 0 for i = 1, 400000 do n = n + i end\n"
	    "function f() local s = 0 for i = 1, 20 do s = s + i end return n end",
	    0};
	script.len = strlen(script.text);
	struct bb_script_stats first, all;
	for (int i = 0; i < 200; i++) {
		struct answer a = {0};
		script_call(host, &script, "f", NULL, 1000, keep_answer, &a);
		cr_assert_str_eq(text_of(a.value), "80000200000");
		if (!i)
			cr_assert(script_stats(host, 0, &first));
	}
	cr_assert(script_stats(host, 0, &all));
	cr_expect_lt(all.time_us, 20 * first.time_us);
}

Test(environments, the_time_at_the_top_is_the_calls)
{
	const char *text = "local now = busbar.time.now() function f() return now end";
	struct bb_script script = {"acme", "now", "1", text, strlen(text)};
	struct answer a = {0}, b = {0};
	clock_set_ms(1000000);
	script_call(host, &script, "f", NULL, 1000, keep_answer, &a);
	clock_set_ms(2000000);
	script_call(host, &script, "f", NULL, 1000, keep_answer, &b);
	clock_set_ms(0);
	cr_expect_str_eq(text_of(a.value), "1000");
	cr_expect_str_eq(text_of(b.value), "2000");
}

Test(environments, more_than_can_be_looked_at_is_made_again)
{
	expect_five("local t = {} for i = 1, 5000 do t[i] = {i} end\n"
		    "function f() t[4000][1] = t[4000][1] + 1 return t[4000][1] end",
		    "4001 4001 4001 4001 4001");
}

Test(environments, one_of_a_call_that_failed_is_not_used_again)
{
	expect_five(
	    "local n = 0 function f(i) n = n + 1 if i < 3 then error('no', 0) end return n end",
	    "{\"detail\":\"no\",\"script\":\"main\",\"line\":1} "
	    "{\"detail\":\"no\",\"script\":\"main\",\"line\":1} 1 1 1");
}
