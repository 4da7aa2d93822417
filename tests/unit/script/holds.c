/* How long the loop is held, with the limits that operators have. Each of these tries to hold it
 * much longer than its 5 ms: by one instruction or one call of the library that does much, or where
 * nothing looks at the clock. Quiet, and without sanitizers, none does for more than 20 ms. */
#include <stdio.h>

#include "base/clock.h"
#include "sandbox.h"

#define MOST_US 200000 /* with sanitizers, on a busy machine */
#define TIMES 2

static struct script_host *tried;

static void setup(void)
{
	sandbox_setup();
	tried = script_host_new(loop, &(struct script_limits){.memory_bytes = 8 << 20,
							      .instructions = 2000000,
							      .time_ms = 5});
	script_host_export(tried, "x", "echo", sandbox_echo, NULL);
}

static void teardown(void)
{
	script_host_free(tried);
	sandbox_teardown();
}

TestSuite(holds, .init = setup, .fini = teardown);

static int call(const char *version, const char *text, int64_t *ret_us)
{
	struct bb_script script = {"acme", "test", version, text, strlen(text)};
	struct answer a = {0};
	int64_t start_us = clock_cpu_us();
	script_call(tried, &script, "f", NULL, 1000, keep_answer, &a);
	*ret_us = clock_cpu_us() - start_us;
	cr_assert(a.done);
	return a.err;
}

/* What comes of it is not the same on every machine; that a call follows that is answered, is. */
static void expect_short(const char *body)
{
	const char *text = arena_printf(arena, "function f() %s end", body);
	int64_t us;
	for (int i = 0; i < TIMES; i++) {
		int err = call("1", text, &us);
		cr_expect(!err || err == -EPERM || err == -ENOMEM || err == -ETIMEDOUT, "%d", err);
		cr_expect_lt(us, MOST_US, "%lld us", (long long)us);
	}
	cr_expect_eq(call("2", "function f() return 1 end", &us), 0);
}

#define HOLDS(trick, body)          \
	Test(holds, trick)          \
	{                           \
		expect_short(body); \
	}

HOLDS(comparing_texts_of_zero_bytes,
      "local a = ('\\0'):rep(1000):rep(500) local b = a .. 'b' a = a .. "
      "'a' while a < b do end")
HOLDS(comparing_shorter_ones, "local a = ('\\0'):rep(16000) local b = a .. 'b' a = a .. 'a' "
			      "while a < b do end")
HOLDS(comparing_short_ones, "local a = ('\\0'):rep(990) local b = a .. 'b' a = a .. 'a' while "
			    "a < b do end")
HOLDS(comparing_joined_ones, "local a = '\\0\\0\\0\\0' a = a .. a a = a .. a a = a .. a a = a .. "
			     "a a = a .. a a = a .. a a = a .. a a = a .. a a = a .. a a = a "
			     ".. a a = a .. a local b = a .. 'b' a = a .. 'a' while a < b do "
			     "end")
HOLDS(doubling_a_text, "local s = 'x' while true do s = s .. s end")
HOLDS(reading_digits, "local s = ('9'):rep(1000):rep(500) while true do local t = s + "
		      "1 end")
HOLDS(reading_hexadecimal_digits, "local s = '0x' .. ('f'):rep(1000):rep(500) .. 'p1' while true "
				  "do local t = s + 1 end")
HOLDS(reading_an_exponent, "local s = '1e-' .. ('9'):rep(1000):rep(500) while true do "
			   "tonumber(s) end")
HOLDS(changing_case, "local s = ('x'):rep(1000):rep(500) while true do s:upper() end")
HOLDS(reversing, "local s = ('x'):rep(1000):rep(3072) while true do s:reverse() "
		 "end")
HOLDS(repeating_with_a_separator, "while true do ('x'):rep(1<<20, 'yyy') end")
HOLDS(repeating, "while true do ('x'):rep(30) end")
HOLDS(formatting_wide_numbers, "local t = {} for i = 1, 3900 do t[i] = 1e308 end local f = "
			       "('%99.99f'):rep(3900) return #f:format(table.unpack(t))")
HOLDS(formatting_small_numbers, "local t = {} for i = 1, 20000 do t[i] = 5e-324 end local f = "
				"('%.99e'):rep(20000) return #f:format(table.unpack(t))")
HOLDS(quoting_numbers, "local t = {} for i = 1, 30000 do t[i] = 0.1 end local f = "
		       "('%q'):rep(30000) return #f:format(table.unpack(t))")
HOLDS(quoting_a_text, "local s = ('\\1'):rep(1000):rep(100) while true do "
		      "('%q'):format(s) end")
HOLDS(formatting_many, "local t = {} for i = 1, 30000 do t[i] = i end local f = "
		       "('%s'):rep(30000) return #f:format(table.unpack(t))")
HOLDS(moving_nothing_far, "table.move({}, 1, 1900000, 2)")
HOLDS(moving_up, "local t = {} for i = 1, 60000 do t[i] = i end while true do "
		 "table.move(t, 1, 60000, 2) end")
HOLDS(moving_down, "local t = {} for i = 1, 60000 do t[i] = i end while true do "
		   "table.move(t, 2, 60000, 1) end")
HOLDS(inserting_in_front, "local t = {} for i = 1, 60000 do t[i] = i end while true do "
			  "table.insert(t, 1, 1) end")
HOLDS(removing_in_front, "local t = {} for i = 1, 60000 do t[i] = i end while true do "
			 "table.remove(t, 1) end")
HOLDS(unpacking_nothing, "while true do local n = select('#', table.unpack({}, 1, "
			 "100000)) end")
HOLDS(passing_many_values, "local function g(...) return select('#', ...) end local t = {} "
			   "for i = 1, 60000 do t[i] = i end while true do "
			   "g(table.unpack(t)) end")
HOLDS(tables_of_many_values, "local function g(...) while true do local a = {...} end end "
			     "local t = {} for i = 1, 60000 do t[i] = i end g(table.unpack(t))")
HOLDS(passing_ever_more_values, "local function g(...) return g(1, ...) end g()")
HOLDS(packing_and_unpacking, "local t = {} for i = 1, 60000 do t[i] = i end while true do t = "
			     "table.pack(table.unpack(t)) end")
HOLDS(joining_integers, "local t = {} for i = 1, 100000 do t[i] = i end while true do "
			"table.concat(t, ',') end")
HOLDS(joining_numbers, "local t = {} for i = 1, 100000 do t[i] = i + 0.1 end while true "
		       "do table.concat(t, ',') end")
HOLDS(joining_long_texts, "local s = ('x'):rep(1000):rep(1024) local t = {} for i = 1, 7 "
			  "do t[i] = s end while true do table.concat(t) end")
HOLDS(endless_comparators, "table.sort({3,2,1}, function() while true do end end)")
HOLDS(sorting_much, "local t = {} for i = 1, 60000 do t[i] = (i * 7919) % 60013 end "
		    "while true do table.sort(t) end")
HOLDS(sorting_texts_of_zero_bytes,
      "local a = ('\\0'):rep(1000000) local b, c = a .. 1, a .. 2 local "
      "t = {} for i = 1, 3000 do t[i] = i % 2 == 0 and b or c end "
      "table.sort(t)")
HOLDS(walking_emptied_tables, "local t = {} for i = 1, 60000 do t['k' .. i] = i end for i = 1, "
			      "60000 do t['k' .. i] = nil end while true do next(t) end")
HOLDS(walking_emptied_lists, "local t = {} for i = 1, 260000 do t[i] = i end for i = 1, "
			     "260000 do t[i] = nil end while true do next(t) end")
HOLDS(growing_a_table, "local t = {} for i = 1, 1e9 do t['k' .. i] = i end")
HOLDS(making_functions, "local t = {} for i = 1, 1e9 do t[i * 0.5] = function() return t "
			"end end")
HOLDS(making_tables, "local t = {} while true do t = {t, {}, {}} end")
HOLDS(garbage_among_much_that_lives, "local t = {} for i = 1, 70000 do t[i] = {} end while true do "
				     "local s = {1} end")
HOLDS(endless_replacements, "('x'):gsub('.', function() while true do end end)")
HOLDS(replacements_that_grow, "local s = ('x'):rep(1 << 16) return #s:gsub('x', s)")
HOLDS(replacements_that_copy, "local s = ('x'):rep(1000):rep(1024) return #s:gsub('.*', "
			      "('%0'):rep(1000))")
HOLDS(replacing_nothing, "local s = ('x'):rep(1000):rep(1024) while true do s:gsub('', "
			 "'') end")
HOLDS(replacing_by_numbers, "local s = ('x'):rep(1000):rep(1024) while true do s:gsub('.', "
			    "{x = 1.5}) end")
HOLDS(backtracking, "return ('a'):rep(60):find(('a-'):rep(30) .. 'b')")
HOLDS(back_references, "local s = ('x'):rep(1000):rep(1024) return (s .. "
		       "s):find('(.-)%1y')")
HOLDS(balancing, "return ('('):rep(1000000):find('%b()%b()%b()')")
HOLDS(finding_what_nearly_is_there,
      "local h = ('a'):rep(1000):rep(1024) local n = ('a'):rep(120) .. "
      "'b' .. ('a'):rep(120) while true do h:find(n, 1, true) end")
HOLDS(matching_every_byte, "local s = ('x'):rep(1000):rep(1024) while true do for w in "
			   "s:gmatch('.') do end end")
HOLDS(counting_characters, "local s = ('\\u{10ffff}'):rep(1000):rep(120) while true do "
			   "utf8.len(s) end")
HOLDS(characters_that_do_not_end, "local s = 'x' .. ('\\xbf'):rep(1000):rep(500) while true do "
				  "pcall(function() for _ in utf8.codes(s, true) do end end) end")
HOLDS(making_characters, "local t = {} for i = 1, 60000 do t[i] = 0x10ffff end while true "
			 "do utf8.char(table.unpack(t)) end")
HOLDS(bytes_of_a_text, "local s = ('x'):rep(100000) while true do s:byte(1, -1) end")
HOLDS(printing_much, "local t = {} for i = 1, 60000 do t[i] = i end while true do "
		     "print(table.unpack(t)) end")
HOLDS(the_most_of_many, "local t = {} for i = 1, 60000 do t[i] = i end while true do "
			"math.max(table.unpack(t)) end")
HOLDS(selecting_of_many, "local t = {} for i = 1, 60000 do t[i] = i end while true do "
			 "select(-1, table.unpack(t)) end")
HOLDS(large_error_tables, "local t = {} for i = 1, 100000 do t[i] = i end error(t)")
HOLDS(long_error_messages, "error({message = ('\\xff'):rep(1000):rep(500)})")
HOLDS(results_of_many_values, "local t = {} for i = 1, 90000 do t[i] = i end return t")
HOLDS(results_that_repeat_a_text, "local s = ('x'):rep(7000) local t = {} for i = 1, 1000 do t[i] "
				  "= s end return t")
HOLDS(results_that_repeat_a_table, "local s = {} for i = 1, 300 do s[i] = 'x' end local t = {} for "
				   "i = 1, 300 do t[i] = s end return t")
HOLDS(results_of_emptied_tables, "local t = {} for i = 1, 60000 do t['k' .. i] = i end for i = 1, "
				 "60000 do t['k' .. i] = nil end local r = {} for i = 1, 50000 do "
				 "r[i] = t end return r")
HOLDS(many_large_arguments, "local t = {} for i = 1, 90000 do t[i] = i end "
			    "busbar.x.echo(t,t,t,t,t,t,t,t,t,t,t,t,t,t,t,t,t,t,t,t,t,t,t,t,t,"
			    "t,t,t,t,t)")
HOLDS(large_arguments, "local t = {} for i = 1, 90000 do t[i] = i end while true do "
		       "busbar.x.echo(t) end")
HOLDS(very_many_arguments, "local t = {} for i = 1, 100000 do t[i] = i end "
			   "busbar.x.echo(table.unpack(t))")
HOLDS(deep_recursion, "local function g() return 1 + g() end g()")
HOLDS(allocations_in_deep_recursion, "local function g(n) if n == 0 then while true do local s = "
				     "('x'):rep(20000) end end return 1 + g(n - 1) end g(40000)")
HOLDS(errors_in_deep_recursion, "local function g(n) if n == 0 then error('x') end return 1 + "
				"g(n - 1) end while true do pcall(g, 40000) end")
HOLDS(nested_protected_calls, "local function g() return pcall(g) end while true do g() end")
HOLDS(nested_replacements, "local function g(s) return (s:gsub('.', g)) end return g('x')")
HOLDS(nested_sorting, "local t = {3,2,1} local function g() table.sort(t, g) end g()")
HOLDS(unknown_time_zones, "local i = 0 while true do i = i + 1 pcall(busbar.time.at, 0, "
			  "'A/B' .. i) end")
HOLDS(time_zones_by_many_names, "local i = 0 while true do i = i + 1 pcall(busbar.time.at, 0, "
				"'Europe' .. ('/'):rep(i % 50 + 1) .. 'Berlin') end")
HOLDS(a_loop, "while true do end")
HOLDS(a_loop_in_protected_calls, "while true do pcall(function() while true do end end) end")
HOLDS(replacing_with_no_memory_left,
      "local t = {} for i = 1, 82000 do t[i] = {} end for i = 1, 1000 "
      "do ('x'):rep(20000):gsub('(.)', '%1%1%1') end")
HOLDS(making_texts_with_no_memory_left,
      "local t = {} for i = 1, 100000 do t[i] = {} end for i = 1, 1e9 "
      "do local s = i .. '' end")
