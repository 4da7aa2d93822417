/* What require() gives. */
#include "sandbox.h"

static void teardown(void)
{
	expect_alive();
	sandbox_teardown();
}

TestSuite(modules, .init = sandbox_setup, .fini = teardown);

#define MODULE(name, text)                   \
	{                                    \
		name, text, sizeof(text) - 1 \
	}

static struct answer run_with(const struct bb_module *modules, size_t count, const char *text)
{
	static int versions;
	struct answer a = {0};
	struct bb_script script = {.operator_id = "acme",
				   .name = "main",
				   .version = arena_printf(arena, "%d", ++versions),
				   .text = text,
				   .len = strlen(text),
				   .modules = modules,
				   .module_count = count};
	script_call(host, &script, "f", NULL, 1000, keep_answer, &a);
	cr_assert(a.done);
	return a;
}
#define RUN(modules, text) run_with(modules, sizeof modules / sizeof *modules, text)

static void expect_value(struct answer a, const char *text)
{
	cr_expect_eq(a.err, 0);
	cr_expect_str_eq(text_of(a.value), text);
}

static void expect_fault(struct answer a, const char *text)
{
	cr_expect_eq(a.err, -EPERM, "%d", a.err);
	cr_expect_str_eq(text_of(a.value), text);
}

Test(modules, a_module_is_what_its_file_returns)
{
	const struct bb_module modules[] = {
	    MODULE("rates", "local M = {}\nfunction M.twice(x) return 2 * x end\nreturn M"),
	    MODULE("side", "answer = 42")};
	expect_value(RUN(modules, "local r = require('rates') function f() return r.twice(21) end"),
		     "42");
	expect_value(RUN(modules, "function f() return require 'rates'.twice(4) end"), "8");
	expect_value(RUN(modules, "function f() return {require 'side', answer} end"), "[true,42]");
}

Test(modules, a_module_runs_once_in_a_call_and_anew_in_the_next)
{
	const struct bb_module modules[] = {
	    MODULE("count", "n = (n or 0) + 1 return {n = n, list = {}}")};
	const char *text = "function f() local a, b = require 'count', require 'count' "
			   "a.list[#a.list + 1] = 1 return {a == b, a.n, #b.list} end";
	expect_value(RUN(modules, text), "[true,1,1]");
	expect_value(RUN(modules, text), "[true,1,1]");
}

Test(modules, modules_may_require_others_and_the_library_yields_to_them)
{
	const struct bb_module modules[] = {MODULE("a", "return {v = require 'b'.v + 1}"),
					    MODULE("b", "return {v = 1}"),
					    MODULE("string", "return {mine = true}")};
	expect_value(RUN(modules, "function f() return require 'a'.v end"), "2");
	expect_value(RUN(modules, "function f() return require 'string'.mine end"), "true");
}

Test(modules, a_cycle_is_an_error_that_names_both)
{
	const struct bb_module modules[] = {MODULE("a", "local b = require 'b'\nreturn {}"),
					    MODULE("b", "\nlocal c = require 'c'\nreturn {}"),
					    MODULE("c", "\n\nlocal a = require 'a'\nreturn {}"),
					    MODULE("self", "require 'self'")};
	expect_fault(RUN(modules, "function f() require 'a' end"),
		     "{\"detail\":\"the modules \\\"a\\\" and \\\"c\\\" need each other\","
		     "\"script\":\"c\",\"line\":3}");
	expect_fault(RUN(modules, "function f() require 'self' end"),
		     "{\"detail\":\"the modules \\\"self\\\" and \\\"self\\\" need each other\","
		     "\"script\":\"self\",\"line\":1}");
}

Test(modules, a_module_that_has_failed_may_be_tried_again)
{
	const struct bb_module modules[] = {
	    MODULE("late", "if not ready then error('not yet', 0) end return {}")};
	expect_value(RUN(modules, "function f() local ok = pcall(require, 'late') ready = true "
				  "return {ok, (pcall(require, 'late'))} end"),
		     "[false,true]");
}

Test(modules, errors_name_the_modules_line)
{
	const struct bb_module modules[] = {
	    MODULE("bad", "\n\nerror('no')"),
	    MODULE("later", "\nreturn function() local x = nil + 1 end"),
	    MODULE("endless", "\n\n\nwhile true do end")};
	expect_fault(RUN(modules, "function f() require 'bad' end"),
		     "{\"detail\":\"no\",\"script\":\"bad\",\"line\":3}");
	expect_fault(RUN(modules, "function f() require 'later'() end"),
		     "{\"detail\":\"attempt to perform arithmetic on a nil value\","
		     "\"script\":\"later\",\"line\":2}");
	expect_fault(
	    RUN(modules, "\nfunction f() require 'none' end"),
	    "{\"detail\":\"there is no module \\\"none\\\"\",\"script\":\"main\",\"line\":2}");
	struct answer a = RUN(modules, "function f() require 'endless' end");
	cr_expect_eq(a.err, -ETIMEDOUT);
	cr_expect_str_eq(bb_json_get_str(a.value, "script", ""), "endless");
	cr_expect_eq(bb_json_get_int(a.value, "line", 0), 4);
}

Test(modules, a_module_that_does_not_compile_is_an_error_of_the_script)
{
	const struct bb_module modules[] = {MODULE("bad", "x = 1\ny = = 2")};
	const char *error = NULL;
	struct bb_script script = {"acme", "main", "check", "function f() end", 16, modules, 1};
	expect_fault(RUN(modules, "function f() end"),
		     "{\"detail\":\"unexpected symbol near '='\",\"script\":\"bad\",\"line\":2}");
	cr_expect_eq(script_check(host, &script, arena, &error), -EPERM);
	cr_expect_str_eq(error, "bad:2: unexpected symbol near '='");
}

Test(modules, compiled_modules_are_refused)
{
	const struct bb_module modules[] = {MODULE("bad", "\033LuaT")};
	expect_fault(
	    RUN(modules, "function f() end"),
	    "{\"detail\":\"attempt to load a binary chunk (mode is 't')\",\"script\":\"main\"}");
}

Test(modules, their_length_counts_with_the_scripts)
{
	char *text = bb_alloc(arena, 200001);
	memset(text, ' ', 200000);
	text[200000] = '\0';
	const struct bb_module modules[] = {{"one", text, 200000}};
	expect_value(RUN(modules, "function f() return 1 end"), "1");
	expect_fault(RUN(modules, text),
		     "{\"detail\":\"the script is longer than 262144 bytes with its modules\","
		     "\"script\":\"main\",\"line\":1}");
}

Test(modules, names_that_are_no_texts_are_refused)
{
	const struct bb_module modules[] = {MODULE("1", "return 1")};
	expect_value(RUN(modules, "function f() return require(1) end"), "1");
	cr_expect_eq(RUN(modules, "function f() return require({}) end").err, -EPERM);
	cr_expect_eq(RUN(modules, "function f() return require() end").err, -EPERM);
	cr_expect_eq(RUN(modules, "function f() return require('1\\0') end").err, -EPERM);
}
