/* More of what a hostile script may try, by the kind of trick; attacks.c has the plain ones. After
 * each, the state still works; nothing takes much longer than the limit allows. */
#include "base/clock.h"
#include "sandbox.h"

#define MOST_US 5000000 /* with sanitizers, on a busy machine */

static int64_t began_us;

static void setup(void)
{
	sandbox_setup();
	script_host_export(host, "x", "echo", sandbox_echo, NULL);
	began_us = clock_cpu_us();
}

static void teardown(void)
{
	cr_expect_lt(clock_cpu_us() - began_us, MOST_US);
	expect_alive();
	sandbox_teardown();
}

TestSuite(tricks, .init = setup, .fini = teardown);

static int outcome(const char *text)
{
	return run_script(text, NULL).err;
}

/* Each is a body of f, and ends with this error. */
static void expect_bodies(const char *const *bodies, int err)
{
	for (; *bodies; bodies++) {
		struct answer a =
		    run_script(arena_printf(arena, "function f() %s end", *bodies), NULL);
		cr_expect_eq(a.err, err, "%s: %d %s", *bodies, a.err, text_of(a.value));
	}
}

/* Any limit may be the first that it breaks, or it is an error. */
static void expect_failures(const char *const *bodies)
{
	for (; *bodies; bodies++) {
		struct answer a =
		    run_script(arena_printf(arena, "function f() %s end", *bodies), NULL);
		cr_expect(a.err == -EPERM || a.err == -ENOMEM || a.err == -ETIMEDOUT, "%s: %d %s",
			  *bodies, a.err, text_of(a.value));
	}
}

Test(tricks, loops_in_callbacks_are_stopped)
{
	static const char *const bodies[] = {
	    "table.sort({3, 2, 1}, function(a, b) while true do end end)",
	    "('x'):gsub('.', function() while true do end end)",
	    "for _ in function() return 1 end do end",
	    "for _ in pairs({}) do end while true do next({}) end",
	    "repeat until false",
	    "for i = 1, math.huge do end",
	    "for i = 1, 2, 1e-300 do end",
	    "for i = math.mininteger, math.maxinteger do end",
	    "pcall(pcall, pcall, function() while true do end end)",
	    "while true do pcall(error) end",
	    "while true do pcall(string.rep, 'x', -1) end",
	    "while true do pcall(require, 'nothing') end",
	    "while true do xpcall(error, print) end",
	    "while true do tostring(1) end",
	    "local function g() return pcall(g) end while true do g() end",
	    "for w in ('x'):rep(1000):gmatch('') do while true do end end",
	    NULL};
	expect_bodies(bodies, -ETIMEDOUT);
}

Test(tricks, memory_bombs_are_stopped)
{
	static const char *const bodies[] = {
	    "local s = ('x'):rep(1 << 20) local t = {} for i = 1, 99 do t[i] = s end "
	    "return #table.concat(t)",
	    "local s = ('x'):rep(1 << 16) return #s:gsub('x', s)",
	    "local s = ('x'):rep(3 << 20) return #(s .. s)",
	    "return #('x'):rep(1 << 20):rep(1 << 10, ('y'):rep(1 << 20))",
	    "local t = {} for i = 1, 1e9 do t[i] = i end",
	    "local t = {} for i = 1, 1e9 do t['k' .. i] = i end",
	    "local t = {} for i = 1, 1e9 do t[i * 0.5] = function() return t end end",
	    "return table.unpack({}, 1, 900000)",
	    "local s = ('x'):rep(900000) return s:byte(1, -1)",
	    "local s = ('x'):rep(900000) return utf8.codepoint(s, 1, -1)",
	    "local t = {} while true do t = table.pack(t, t, t, t) end",
	    "local s = '' while true do s = s .. ('x'):rep(100000) end",
	    "local s = ('%99d'):rep(200) local t = {} for i = 1, 200 do t[i] = i end "
	    "for i = 1, 1e9 do t[#t + 1] = s:format(table.unpack(t, 1, 200)) end",
	    "return utf8.char(table.unpack({}, 1, 1e8))",
	    "busbar.array({table.unpack({}, 1, 900000)})",
	    NULL};
	expect_failures(bodies);
}

Test(tricks, wide_formats_are_refused)
{
	static const char *const bodies[] = {"return ('%1000000d'):format(1)",
					     "return ('%.1000000f'):format(1)",
					     "return ('%99999999999999999999s'):format('x')",
					     "return ('%y'):format(1)",
					     "return ('%'):format(1)",
					     "return ('%5'):format(1)",
					     "return ('%n'):format(1)",
					     "return ('%*d'):format(9, 1)",
					     "return ('%p'):format('x')",
					     "return ('%-10p'):format({})",
					     NULL};
	expect_bodies(bodies, -EPERM);
}

Test(tricks, dear_formats_and_ranges_are_charged_before_they_run)
{
	static const char *const bodies[] = {
	    "local t = {} for i = 1, 9999 do t[i] = 1e308 end "
	    "return #('%99.99f'):rep(9999):format(table.unpack(t))",
	    "return table.unpack({}, math.mininteger, math.maxinteger)",
	    "return table.unpack({}, 0, math.maxinteger)",
	    "return table.concat({}, '', math.mininteger, math.maxinteger)",
	    "return table.move({}, math.mininteger, math.maxinteger, 0)",
	    "table.move({}, 1, math.maxinteger, 2)",
	    NULL};
	expect_bodies(bodies, -ETIMEDOUT);
}

Test(tricks, every_argument_of_the_host_is_charged)
{
	expect_error("local t = {} for i = 1, 30000 do t[i] = i end "
		     "function f() busbar.x.echo(table.unpack(t)) end",
		     -ETIMEDOUT, "runs for more than 2000000 instructions", 1);
}

/* Who needs whom is not looked for through all of the calls, each from the start. */
Test(tricks, requiring_deep_in_recursion_takes_no_longer)
{
	static const char text[] =
	    "local function g(n) if n == 0 then return #require 'm' end return 1 + g(n - 1) end "
	    "function f() return g(20000) end";
	const struct bb_module module = {"m", "return {}", 9};
	const struct bb_script script = {"acme", "deep", "1", text, sizeof text - 1, &module, 1};
	struct answer a = {0};
	int64_t start_us = clock_cpu_us();
	script_call(host, &script, "f", NULL, 1000, keep_answer, &a);
	cr_expect_lt(clock_cpu_us() - start_us, 200000);
	cr_expect_str_eq(text_of(a.value), "20000");
}

Test(tricks, recursion_is_an_error_wherever_it_goes_through)
{
	static const char *const bodies[] = {
	    "local function g(s) return (s:gsub('.', g)) end return g('x')",
	    "local t = {3, 2, 1} local function g() table.sort(t, g) end g()",
	    "local function g() return 1 + g() end g()",
	    "local function g(...) return select('#', g(...)) + 1 end g(1)",
	    "local function g() for _ in g do end end g()",
	    NULL};
	expect_failures(bodies);
	cr_expect_eq(
	    outcome("local function g(n) return pcall(g, n + 1) end function f() g(1) end"), 0);
	cr_expect_eq(outcome("local function g() return xpcall(g, g) end function f() g() end"), 0);
	cr_expect_eq(outcome("local function g(s) return pcall(string.gsub, s, '.', g) end "
			     "function f() g('x') end"),
		     0);
}

Test(tricks, error_objects_of_any_kind_end_the_call_only)
{
	static const char *const bodies[] = {
	    "error({message = {}})",
	    "error({message = print})",
	    "error({message = 7})",
	    "error({message = ('x'):rep(100000)})",
	    "error({__tostring = function() while true do end end})",
	    "local t = {} for i = 1, 1000 do t = {message = t} end error(t)",
	    "error(busbar)",
	    "error(busbar.null)",
	    "error(false)",
	    "error(0/0)",
	    "error(math.mininteger)",
	    "error('\\0\\0')",
	    "error('test:99999999999999999999: x', 0)",
	    "error('test:-1: x', 0)",
	    "error('test:: x', 0)",
	    "error(nil, 0)",
	    "error(error)",
	    "assert(false, {})",
	    "assert(nil)",
	    "assert()",
	    "error('x', 1 << 40)",
	    "error('x', -1)",
	    NULL};
	expect_bodies(bodies, -EPERM);
}

/* They are told as they are, and a plugin's schema refuses what a hook cannot mean. */
Test(tricks, results_of_any_kind_are_json_or_an_error)
{
	cr_expect_str_eq(value_of("-9223372036854775807 - 1"), "-9223372036854775808");
	cr_expect_str_eq(value_of("math.maxinteger"), "9223372036854775807");
	cr_expect_str_eq(value_of("math.maxinteger + 1"), "-9223372036854775808");
	cr_expect_str_eq(value_of("1e308"), "1e+308");
	cr_expect_str_eq(value_of("{price = -1}"), "{\"price\":-1}");
	cr_expect_str_eq(value_of("2^53"), "9007199254740992");
	cr_expect_str_eq(value_of("-0.0"), "0");
	static const char *const bodies[] = {
	    "return 0/0",
	    "return {total_minor = 1/0}",
	    "return {-1/0}",
	    "return print",
	    "return {[print] = 1}",
	    "return {[1.5] = 1}",
	    "return {[true] = 1}",
	    "return {1, x = 1}",
	    "return {[1 << 40] = 1}",
	    "return {[-1] = 1}",
	    "return busbar",
	    "return math",
	    "return _ENV",
	    "return {['\\xff'] = 1}",
	    "return {['a\\0b'] = 1}",
	    "return '\\u{7FFFFFFF}'",
	    "return '\\xed\\xa0\\x80'",
	    "return ('x'):rep(200000):gsub('x', 'yyyyyyyyyyyyyyyyyyyyy')",
	    NULL};
	expect_failures(bodies);
}

Test(tricks, metatables_are_out_of_reach)
{
	static const char *const bodies[] = {"string.rep = function() end",
					     "(''):len().x = 1",
					     "local s = '' s.x = 1",
					     "local s = '' s.__index = {}",
					     "getmetatable('').__index = {}",
					     "setmetatable({}, {__gc = function() end})",
					     "rawset(string, 'rep', print)",
					     "debug.setmetatable('', {})",
					     "string.__index = {}",
					     "local x <close> = {}",
					     "local x <close> = print",
					     "local x <close> = 'x'",
					     "for _ in next, {}, nil, {} do end",
					     "for _ in next, {}, nil, string do end",
					     "return #print",
					     "return {} < {}",
					     "return {} .. ''",
					     "return -{}",
					     "return {}()",
					     "return busbar.null.x",
					     "busbar.null.x = 1",
					     NULL};
	expect_bodies(bodies, -EPERM);
	cr_expect_str_eq(value_of("('').__metatable == nil and (''):rep(2) == ''"), "true");
	cr_expect_str_eq(
	    value_of("(function() local t = {__gc = print, __index = print, __close = print, "
		     "__metatable = 1, __tostring = print, __call = print} "
		     "return t.missing == nil end)()"),
	    "true");
	cr_expect_eq(outcome("function f() local x <close> = nil local y <close> = false end"), 0);
}

Test(tricks, environments_are_tables_like_others)
{
	cr_expect_str_eq(value_of("(function() local _ENV = {} return x end)()"), "null");
	cr_expect_str_eq(value_of("(function(_ENV) return x end)({x = 5})"), "5");
	expect_error("function f() local _ENV = nil x = 1 end", -EPERM, NULL, 1);
	expect_error("function f() local _ENV <const> = nil x = 1 return y end", -EPERM, NULL, 1);
	expect_error(
	    "function f() local _ENV <const> = 1 local function g() return a.b end g() end", -EPERM,
	    NULL, 1);
	expect_error("_ENV = nil function f() end", -EPERM, NULL, 0);
	expect_error("_ENV = {} function f() end x = f y = nil z()", -EPERM, NULL, 1);
	cr_expect_str_eq(value_of("_ENV.string ~= nil and _G == nil"), "true");
	cr_expect_str_eq(value_of("(function() string = nil return (''):rep(1) end)()"), "\"\"");
}

Test(tricks, no_code_can_be_made_at_run_time)
{
	static const char *const bodies[] = {"load('return 1')()",
					     "loadstring('return 1')()",
					     "string.dump(f)",
					     "(''):dump()",
					     "dofile('/etc/passwd')",
					     "require('/etc/passwd')",
					     "require('../quirks')",
					     "require('os')",
					     "require('io')",
					     "require('debug')",
					     "package.loadlib('x', '*')",
					     "io.open('/etc/passwd')",
					     "os.execute('true')",
					     "debug.getregistry()",
					     "collectgarbage('stop')",
					     "coroutine.wrap(f)()",
					     "string.pack('i', 1)",
					     NULL};
	expect_bodies(bodies, -EPERM);
	expect_error("#!/bin/sh\nfunction f() end", -EPERM, NULL, 0);
	expect_error("\033Lua\x54\x00\x19\x93\r\n\x1a\n", -EPERM, NULL, 0);
}

Test(tricks, no_address_is_told)
{
	static const char *const told[] = {
	    "tostring(print)",
	    "tostring({})",
	    "tostring(busbar.null)",
	    "tostring(busbar)",
	    "tostring(function() end)",
	    "string.format('%s', print)",
	    "string.format('%s', busbar.array())",
	    "string.format('%-20s|', {})",
	    "select(2, pcall(string.rep, {}))",
	    "select(2, pcall(function() return {} < {} end))",
	    "select(2, pcall(function() return ({}) .. '' end))",
	    "select(2, pcall(error, 'x' .. tostring({})))",
	    "select(2, pcall(string.format, '%d', {}))",
	    "select(2, pcall(string.format, '%q', {}))",
	    "select(2, pcall(table.concat, {{}}))",
	    "select(2, pcall(ipairs))",
	};
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		cr_expect_null(strstr(value_of(told[i]), "0x"), "%s", told[i]);
}

Test(tricks, numbers_at_their_ends_are_handled)
{
	static const char *const fine[] = {
	    "('abc'):sub(math.mininteger, math.maxinteger) == 'abc'",
	    "('abc'):sub(math.maxinteger) == ''",
	    "('abc'):byte(math.mininteger) == nil",
	    "('abc'):rep(math.mininteger) == ''",
	    "('abc'):find('b', math.mininteger) == 2",
	    "('abc'):find('b', math.maxinteger) == nil",
	    "('abc'):gsub('b', 'x', math.mininteger) == 'abc'",
	    "('abc'):gmatch('b', math.mininteger)() == 'b'",
	    "select(-1, 1, 2) == 2",
	    "math.mininteger // -1 == math.mininteger",
	    "math.mininteger % -1 == 0",
	    "pcall(function() return 1 // 0 end) == false",
	    "pcall(function() return 1 % 0 end) == false",
	    "1 << 64 == 0",
	    "1 >> math.mininteger == 0",
	    "math.abs(math.mininteger) == math.mininteger",
	    "pcall(select, math.mininteger) == false",
	    "pcall(utf8.char, -1) == false",
	    "pcall(utf8.char, 1 << 40) == false",
	    "pcall(utf8.codepoint, 'x', math.mininteger) == false",
	    "pcall(string.char, 256) == false",
	    "pcall(table.insert, {}, math.maxinteger, 1) == false",
	    "pcall(table.remove, {}, math.maxinteger) == false",
	    "pcall(math.tointeger, {}) and tonumber('0x' .. ('f'):rep(1000)) == -1",
	    "tonumber(('9'):rep(300)) == nil",
	    "tonumber('1e999999999') == math.huge",
	    "tonumber('7', 37) == nil or true",
	    "pcall(busbar.time.at, math.maxinteger) == false",
	    "pcall(busbar.time.at, 0/0) == false",
	    "pcall(busbar.time.format, math.mininteger) == false",
	    "pcall(busbar.time.seconds, {year = 1e9, month = 1, day = 1}) == false",
	    "pcall(busbar.time.seconds, {year = math.mininteger, month = 1, day = 1}) == false",
	    "pcall(busbar.time.at, 0, '../../etc/passwd') == false",
	    "pcall(busbar.time.at, 0, ('x'):rep(100000)) == false",
	    "busbar.time.parse(('9'):rep(1000)) == nil",
	};
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
		struct answer a = run_script(
		    arena_printf(
			arena,
			"function f() local ok, r = pcall(function() return (%s) end) return "
			"ok and r end",
			fine[i]),
		    NULL);
		cr_expect(a.err == 0, "%s: %s", fine[i], text_of(a.value));
	}
}

Test(tricks, malformed_patterns_are_errors)
{
	static const char *const bodies[] = {"('x'):find('[')",
					     "('x'):find('[^')",
					     "('x'):find('%')",
					     "('x'):find('(')",
					     "('x'):find(')x*')",
					     "('x'):find('%b')",
					     "('x'):find('%bx')",
					     "('x'):find('%f')",
					     "('x'):find('%1')",
					     "('x'):find('(%1)')",
					     "('x'):find('[%')",
					     "('x'):find('[a-%')",
					     "('x'):gsub('x', '%2')",
					     "('x'):gsub('x', '%')",
					     "('x'):gsub('x', {x = {}})",
					     "('x'):find(('('):rep(40))",
					     "('x'):rep(999):find(('(x'):rep(300))",
					     NULL};
	expect_bodies(bodies, -EPERM);
}

static char *repeated(const char *piece, size_t bytes)
{
	size_t len = strlen(piece), n = bytes / len;
	char *text = bb_alloc(arena, n * len + 1), *end = text;
	for (size_t i = 0; i < n; i++, end += len)
		memcpy(end, piece, len);
	*end = '\0';
	return text;
}

Test(tricks, source_that_nests_without_end_is_an_error)
{
	static const char *const pieces[] = {
	    "{", "(", "-", "not ", "#", "function() return ", "a[", "a(", "'x' .. ", "~", "2^"};
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
		expect_error(arena_printf(arena, "x = %s", repeated(pieces[i], 200000)), -EPERM,
			     NULL, 0);
	static const char *const blocks[] = {"do ",     "if x then ",    "while x do ",
					     "repeat ", "function a() ", "for i = 1, 2 do "};
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
		expect_error(repeated(blocks[i], 200000), -EPERM, NULL, 0);
}

Test(tricks, source_with_too_much_of_something_is_an_error)
{
	const char *locals = "", *names = "";
	for (int i = 0; i < 250; i++) {
		locals = arena_printf(arena, "%s local a%d = %d", locals, i, i);
		names = arena_printf(arena, "%s%sb%d", names, i ? "," : "", i);
	}
	expect_error(locals, -EPERM, NULL, 0);
	expect_error(arena_printf(arena, "local function g(%s) end", names), -EPERM, NULL, 0);
	expect_error("goto nowhere", -EPERM, NULL, 0);
	expect_error("do goto a local x ::a:: print(x) end ::a:: ::a::", -EPERM, NULL, 0);
	expect_error("break", -EPERM, NULL, 0);
	expect_error("local x <nothing> = 1", -EPERM, NULL, 0);
	expect_error("local x <const> = 1 x = 2", -EPERM, NULL, 0);
	expect_error("x = '\\u{FFFFFFFFF}'", -EPERM, NULL, 0);
	expect_error("x = [==[", -EPERM, NULL, 0);
	expect_error("--[==[", -EPERM, NULL, 0);
	expect_error("x = 'abc", -EPERM, NULL, 0);
	expect_error("x = 0x", -EPERM, NULL, 0);
}

static void expect_fine(const char *text)
{
	struct answer a = run_script(text, NULL);
	cr_expect(!a.err || a.err == -ENOENT || a.err == -ENOMEM || a.err == -ETIMEDOUT ||
		      strstr(text_of(a.value), "takes too long to compile"),
		  "%d %s", a.err, text_of(a.value));
}

Test(tricks, long_source_of_any_kind_compiles_or_fails)
{
	expect_fine(repeated("x=1 ", 250000));
	expect_fine(repeated("x={{},{},{}} ", 250000));
	expect_fine(repeated("\n", 260000));
	expect_fine(arena_printf(arena, "x = '%s'", repeated("x", 260000)));
	expect_fine(arena_printf(arena, "x = [=[%s]=]", repeated("]", 250000)));
	expect_fine(arena_printf(arena, "--[=[%s]=]", repeated("]", 250000)));
	expect_fine(arena_printf(arena, "--%s", repeated("x", 260000)));
	expect_fine(arena_printf(arena, "x = {%s}", repeated("1,", 250000)));
	expect_fine(arena_printf(arena, "x = {%s}", repeated("{},", 250000)));
	expect_fine(repeated("function f() end ", 250000));
	expect_fine(repeated("for i = 1, 3 do goto continue ::continue:: end ", 40000));
	expect_fine(arena_printf(arena, "function g() x = y%s end", repeated(" + 1", 250000)));
	expect_fine(arena_printf(arena, "function g() x = y%s end", repeated(".z", 250000)));
}

/* Every name is looked for among 190 functions of 150 locals each: minutes of work in 200 KB. */
Test(tricks, source_that_takes_long_to_compile_is_an_error)
{
	const char *locals = "local a";
	for (int i = 0; i < 150; i++)
		locals = arena_printf(arena, "%s,a%d", locals, i);
	char *open =
	    repeated(arena_printf(arena, "function g() %s ", locals), 180 * (strlen(locals) + 14));
	expect_error(arena_printf(arena, "%s %s", open, repeated("x=y ", 260000 - strlen(open))),
		     -EPERM, "the script takes too long to compile", 0);
}

/* Lua moves each of them past all others when it has read the last word. */
Test(tricks, source_with_very_many_jumps_is_refused)
{
	static const char detail[] = "the script has more than 2000 times goto or break";
	expect_error(arena_printf(arena, "do %s ::a:: end", repeated("goto a ", 200000)), -EPERM,
		     detail, 1);
	expect_error(
	    arena_printf(arena, "while x do %s end", repeated("if y then break end ", 200000)),
	    -EPERM, detail, 1);
	expect_fine(arena_printf(arena, "do %s ::a:: end", repeated("goto a ", 14000)));
}

/* Between two looks at the clock one instruction handles all the memory. */
Test(long_instructions, are_noticed, .init = sandbox_setup_short, .fini = sandbox_teardown)
{
	static const char *const bodies[] = {
	    "local s = ('x'):rep(200000) while true do local t = s .. 'y' end",
	    "local a = ('x'):rep(200000) local b = a .. 'y' a = a .. 'z' while a ~= b do end",
	    "local a = ('x'):rep(200000) local b = a .. 'y' a = a .. 'y' while a == b do end",
	    "local a = ('x'):rep(200000) local b = a .. 'y' a = a .. 'z' while b < a do end",
	    "local t = {} for i = 1, 60000 do t['k' .. i] = i end for i = 1, 60000 do t['k' .. i] "
	    "= "
	    "nil end while true do next(t) end",
	    "local function g(...) return select('#', ...) end local t = {} for i = 1, 30000 do "
	    "t[i] "
	    "= i end while true do g(table.unpack(t)) end",
	    "local function g(...) while true do local a = {...} end end local t = {} for i = 1, "
	    "60000 do t[i] = i end g(table.unpack(t))",
	    "local function g(...) return g(1, ...) end g()",
	    "table.move({}, 1, 30000000, 2)",
	    "local t = {} for i = 1, 20000 do t[i] = {} end while true do local s = "
	    "('x'):rep(100000) end",
	    NULL};
	for (const char *const *body = bodies; *body; body++) {
		int64_t start = clock_cpu_us();
		struct answer a =
		    run_script(arena_printf(arena, "function f() %s end", *body), NULL);
		cr_expect_eq(a.err, -ETIMEDOUT, "%s: %d %s", *body, a.err, text_of(a.value));
		cr_expect_lt(clock_cpu_us() - start, 500000, "%s: %lld us", *body,
			     (long long)(clock_cpu_us() - start));
	}
}
