/* What a hostile script may try. After each, the state still works. */
#include "base/clock.h"
#include "sandbox.h"

static void teardown(void)
{
	expect_alive();
	sandbox_teardown();
}

TestSuite(attacks, .init = sandbox_setup, .fini = teardown);

#define TOO_LONG "runs for more than 2000000 instructions"
#define TOO_BIG "needs more than 4194304 bytes of memory"
#define TOO_WIDE "makes a text of more than 262144 bytes"

Test(attacks, an_infinite_loop_is_stopped)
{
	expect_error("function f()\n while true do end\nend", -ETIMEDOUT, TOO_LONG, 2);
}

Test(attacks, an_infinite_loop_in_the_definitions_is_stopped)
{
	expect_error("while true do end", -ETIMEDOUT, TOO_LONG, 1);
}

Test(attacks, pcall_does_not_swallow_a_broken_limit)
{
	expect_error(
	    "function f()\n while true do pcall(function() while true do end end) end\nend",
	    -ETIMEDOUT, TOO_LONG, 2);
	expect_error("function f() pcall(function() while true do end end) return 'free' end",
		     -ETIMEDOUT, TOO_LONG, 1);
}

/* No instruction follows in which the limit could show again. */
Test(attacks, pcall_called_from_a_library_does_not_swallow_it_either)
{
	const char *loops = "local function loop() while true do end end local t = {loop, loop}";
	expect_error(arena_printf(arena, "%s function f() return table.sort(t, pcall) end", loops),
		     -ETIMEDOUT, TOO_LONG, 0);
	expect_error(arena_printf(arena,
				  "%s function f() return table.sort({print, loop}, function(a, b) "
				  "return xpcall(loop, type) end) end",
				  loops),
		     -ETIMEDOUT, TOO_LONG, 0);
}

Test(attacks, the_handler_of_xpcall_does_not_escape_the_limit)
{
	expect_error("function f() xpcall(function() while true do end end, "
		     "function() while true do end end) end",
		     -ETIMEDOUT, TOO_LONG, 1);
	expect_error("function f() xpcall(error, function() while true do end end) end", -ETIMEDOUT,
		     TOO_LONG, 1);
}

Test(attacks, endless_goto_and_tail_calls_are_stopped)
{
	expect_error("function f() ::a:: goto a end", -ETIMEDOUT, TOO_LONG, 1);
	expect_error("function f() return f() end", -ETIMEDOUT, TOO_LONG, 1);
}

Test(attacks, a_memory_bomb_of_tables_is_stopped)
{
	expect_error("function f()\n local t = {}\n while true do t = {t, {}, {}} end\nend",
		     -ENOMEM, TOO_BIG, 3);
}

Test(attacks, a_memory_bomb_of_strings_is_stopped)
{
	expect_error("function f()\n local s = 'x'\n while true do s = s .. s end\nend", -ENOMEM,
		     TOO_WIDE, 3);
}

Test(attacks, pcall_does_not_swallow_a_memory_bomb)
{
	expect_error(
	    "function f() pcall(function() local s = 'x' while true do s = s .. s end end) "
	    "return 'free' end",
	    -ENOMEM, TOO_WIDE, 1);
}

Test(attacks, a_huge_string_rep_is_refused_before_it_runs)
{
	expect_error("function f() return #('x'):rep(1 << 40) end", -ETIMEDOUT, TOO_LONG, 1);
	expect_error("function f() return #('x'):rep(1000):rep(5000) end", -ENOMEM, TOO_BIG, 1);
}

Test(attacks, a_string_rep_of_nothing_does_not_loop)
{
	expect_error("function f() return (''):rep(1 << 62) end", -ETIMEDOUT, TOO_LONG, 1);
	expect_error("function f() return (''):rep(1 << 62, '') end", -ETIMEDOUT, TOO_LONG, 1);
}

Test(attacks, patterns_that_backtrack_are_stopped)
{
	expect_error("function f() return ('a'):rep(60):find(('a-'):rep(30) .. 'b') end",
		     -ETIMEDOUT, TOO_LONG, 1);
	expect_error("function f() return ('a'):rep(200):match(('a*'):rep(20) .. 'b') end",
		     -ETIMEDOUT, TOO_LONG, 1);
	expect_error("function f() return ('a'):rep(50):gsub(('a?'):rep(50) .. 'b', '') end",
		     -ETIMEDOUT, TOO_LONG, 1);
	expect_error("function f() for x in ('a'):rep(99):gmatch(('.-'):rep(20) .. 'b') do end end",
		     -ETIMEDOUT, TOO_LONG, 1);
	expect_error("function f() return ('('):rep(100000):find('%b()%b()%b()') end", -ETIMEDOUT,
		     TOO_LONG, 1);
}

Test(attacks, a_pattern_bomb_takes_little_time)
{
	int64_t start = clock_mono_us();
	expect_error("function f() while true do pcall(string.find, ('a'):rep(99), "
		     "('a-'):rep(50) .. 'b') end end",
		     -ETIMEDOUT, TOO_LONG, 1);
	cr_expect_lt(clock_mono_us() - start, 10000000);
}

Test(attacks, long_work_of_the_table_library_is_charged)
{
	expect_error("function f() table.move({}, 1, 1 << 62, 2) end", -ETIMEDOUT, TOO_LONG, 1);
	expect_error("function f() local t = {} for i = 1, 9999 do table.insert(t, 1, i) end end",
		     -ETIMEDOUT, TOO_LONG, 1);
	expect_error(
	    "function f() local a, t = ('a'):rep(200000), {} for i = 1, 3000 do t[i] = a .. "
	    "(i % 2) end table.sort(t) end",
	    -ENOMEM, TOO_BIG, 1);
	expect_error(
	    "function f() local a, t = ('a'):rep(200000), {} local b, c = a .. 1, a .. 2 for i "
	    "= 1, 3000 do t[i] = i % 2 == 0 and b or c end table.sort(t) end",
	    -ETIMEDOUT, TOO_LONG, 1);
}

Test(attacks, deep_recursion_is_an_error)
{
	struct answer a = run_script("function f() return 1 + f() end", NULL);
	cr_expect(a.err == -ENOMEM || a.err == -EPERM, "%d", a.err);
	a = run_script("local function g() return pcall(g) end function f() return g() end", NULL);
	cr_expect_eq(a.err, 0, "%s", text_of(a.value));
}

Test(attacks, deeply_nested_source_is_an_error)
{
	const char *open = value_of("('('):rep(100000)");
	expect_error(arena_printf(arena, "x = %.*s", 100000, open + 1), -EPERM, "C stack overflow",
		     0);
}

Test(attacks, compiled_chunks_are_refused)
{
	expect_error("\033LuaT\001", -EPERM, "attempt to load a binary chunk (mode is 't')", 0);
}

Test(attacks, nothing_dangerous_can_be_reached)
{
	const char *names[] = {"load",
			       "loadstring",
			       "dofile",
			       "loadfile",
			       "package",
			       "io",
			       "os",
			       "debug",
			       "coroutine",
			       "collectgarbage",
			       "getmetatable",
			       "setmetatable",
			       "rawset",
			       "rawget",
			       "rawequal",
			       "rawlen",
			       "string.dump",
			       "string.pack",
			       "math.random",
			       "math.randomseed",
			       "_G",
			       "warn",
			       "string.format.x or nil"};
	for (size_t i = 0; i < sizeof names / sizeof *names - 1; i++)
		cr_expect_str_eq(value_of(names[i]), "null", "%s", names[i]);
}

Test(attacks, the_metatable_of_strings_cannot_be_had_nor_changed)
{
	expect_error("function f() (''):x() end", -EPERM, NULL, 1);
	expect_error("function f() ('').upper = 1 end", -EPERM, NULL, 1);
	expect_error("function f() string.upper = nil end", -EPERM, "this table is read-only", 1);
}

Test(attacks, library_tables_cannot_be_written_to)
{
	const char *writes[] = {"string.rep = print",
				"table.insert(string, 1)",
				"math.huge = 1",
				"busbar.time.now = 1",
				"busbar.array(string)",
				"table.move({1}, 1, 1, 1, math)",
				"table.sort(busbar) busbar.x = 1"};
	for (size_t i = 0; i < sizeof writes / sizeof *writes; i++)
		expect_error(arena_printf(arena, "function f() %s end", writes[i]), -EPERM, NULL,
			     1);
	cr_expect_str_eq(value_of("math.huge > 1 and string.x == nil and busbar.x == nil"), "true");
}

Test(attacks, globals_do_not_live_on)
{
	struct answer a = run_script("count = (count or 0) + 1\npairs = nil\nstring = {}\n"
				     "function f() count = count + 1 return count end",
				     NULL);
	cr_assert_eq(a.err, 0, "%s", text_of(a.value));
	cr_expect_str_eq(text_of(a.value), "2");
	cr_expect_str_eq(value_of("count == nil and type(pairs) == 'function'"), "true");
}

Test(attacks, addresses_are_not_told)
{
	cr_expect_str_eq(value_of("tostring({}) .. tostring(print) .. string.format('%s', {})"),
			 "\"tablefunctiontable\"");
	expect_error("function f() return string.format('%5p', {}) end", -EPERM, NULL, 1);
}

Test(attacks, close_and_gc_methods_cannot_be_made)
{
	expect_error("function f() local x <close> = {} end", -EPERM, NULL, 1);
	expect_error("function f() local x <close> = string end", -EPERM, NULL, 1);
}

Test(attacks, errors_may_be_anything)
{
	expect_error("function f() error({}) end", -EPERM, "the error is a table without a message",
		     0);
	expect_error("function f()\n error({message = 'no', code = 7}) end", -EPERM, "no", 0);
	expect_error("function f() error() end", -EPERM, "the error is a nil without a message", 0);
	expect_error("function f() error(42) end", -EPERM, "42", 0);
	expect_error("function f() error('\\xff\\xfe!', 0) end", -EPERM,
		     "?"
		     "?!",
		     0);
	expect_error("function f() error(string) end", -EPERM, NULL, 0);
	expect_error("function f() error(('x'):rep(100000)) end", -EPERM, NULL, 1);
	expect_error("function f() error(print) end", -EPERM,
		     "the error is a function without a message", 0);
}

Test(attacks, results_that_are_no_json_are_refused)
{
	expect_error("function f() local t = {} t.me = t return t end", -EPERM, NULL, 0);
	expect_error("function f() return {lines = {1, print}} end", -EPERM,
		     "the result.lines[2] is a function", 0);
	expect_error("function f() return {x = 0/0} end", -EPERM,
		     "the result.x is not a finite number", 0);
	expect_error("function f() return '\\xff' end", -EPERM,
		     "the result is a text that is not UTF-8 or has a zero byte", 0);
	expect_error("function f() return {a = 'x\\0y'} end", -EPERM,
		     "the result.a is a text that is not UTF-8 or has a zero byte", 0);
	expect_error("function f() return 'eight.and\\0more' end", -EPERM,
		     "the result is a text that is not UTF-8 or has a zero byte", 0);
	expect_error("function f() return 'eight.and\\255.' end", -EPERM,
		     "the result is a text that is not UTF-8 or has a zero byte", 0);
	expect_error("function f() return {1, nil, 3, n = 1} end", -EPERM,
		     "the result mixes named members with list items or has holes", 0);
}

Test(attacks, a_result_that_doubles_at_every_level_is_refused)
{
	expect_error("function f() local t = {1} for i = 1, 30 do t = {t, t} end return t end",
		     -EPERM, NULL, 0);
}

Test(attacks, a_script_that_is_too_long_is_refused)
{
	char *text = bb_alloc(arena, 300001);
	memset(text, ' ', 300000);
	text[300000] = '\0';
	expect_error(text, -EPERM, "the script is longer than 262144 bytes", 1);
}

Test(attacks, many_scripts_do_not_fill_the_state)
{
	const char *blob = value_of("('x'):rep(200000)");
	for (int i = 0; i < 100; i++) {
		const char *text =
		    arena_printf(arena, "local s = %s function f() return #s end", blob);
		struct bb_script script = {"acme", arena_printf(arena, "s%d", i), "1", text,
					   strlen(text)};
		struct answer a = {0};
		script_call(host, &script, "f", NULL, 100, keep_answer, &a);
		cr_assert(a.err == 0 || a.err == -ENOMEM, "%s", text_of(a.value));
	}
}

Test(attacks, a_state_that_has_no_room_is_an_error_and_no_crash)
{
	const struct script_limits limits = {20000, 1000000, 1000};
	struct bb_script script = {"acme", "test", "1", "function f() end", 16};
	struct script_host *small = script_host_new(loop, &limits);
	struct answer a = {0};
	script_call(small, &script, "f", NULL, 100, keep_answer, &a);
	cr_expect_eq(a.err, -ENOMEM);
	script_host_free(small);
}

Test(attacks, another_operator_is_not_touched)
{
	const char *text = "function f() return 'fine' end";
	struct bb_script script = {"other", "test", "1", text, strlen(text)};
	struct answer a = {0};
	expect_error("function f() local t = {} while true do t = {t} end end", -ENOMEM, TOO_BIG,
		     1);
	script_call(host, &script, "f", NULL, 100, keep_answer, &a);
	cr_expect_str_eq(text_of(a.value), "\"fine\"");
}

Test(bursts, a_run_that_takes_too_long_is_stopped, .init = sandbox_setup_short,
     .fini = sandbox_teardown)
{
	expect_error("function f()\n while true do end\nend", -ETIMEDOUT,
		     "runs for more than 50 ms", 2);
	expect_alive();
}
