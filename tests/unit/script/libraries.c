#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox.h"

static char dir[] = "/tmp/busbar-lib-XXXXXX";
static char *error;

static void write_library(const char *name, const char *text)
{
	FILE *f = fopen(arena_printf(arena, "%s/%s", dir, name), "w");
	cr_assert_not_null(f);
	fputs(text, f);
	fclose(f);
}

static void setup(void)
{
	sandbox_setup();
	cr_assert_not_null(mkdtemp(dir));
}

static void teardown(void)
{
	cr_assert_eq(system(arena_printf(arena, "rm -r %s", dir)), 0);
	free(error);
	sandbox_teardown();
}

TestSuite(libraries, .init = setup, .fini = teardown);

Test(libraries, a_library_is_a_read_only_global_of_every_script)
{
	write_library("twice.lua", "local M = {}\nfunction M.of(x) return 2 * x end\nreturn M");
	write_library("notes.txt", "not Lua");
	cr_assert_eq(script_host_library(host, dir, &error), 0, "%s", error);
	cr_expect_str_eq(value_of("twice.of(21)"), "42");
	expect_error("function f() twice.of = nil end", -EPERM, "this table is read-only", 1);
}

Test(libraries, an_error_in_a_library_is_told_at_start)
{
	write_library("bad.lua", "local M = {}\nM. = 1");
	cr_assert_eq(script_host_library(host, dir, &error), -EINVAL);
	cr_expect_str_eq(
	    error, arena_printf(arena, "%s/bad.lua: lib/bad:2: <name> expected near '='", dir));
}

Test(libraries, a_library_that_returns_no_table_is_refused)
{
	write_library("bad.lua", "return 1");
	cr_assert_eq(script_host_library(host, dir, &error), -EINVAL);
	cr_expect_str_eq(error,
			 arena_printf(arena, "%s/bad.lua: bad.lua does not return a table", dir));
}

Test(libraries, a_folder_that_is_missing_is_named)
{
	cr_assert_eq(script_host_library(host, "/nonexistent", &error), -ENOENT);
	cr_expect_str_eq(error, "/nonexistent: No such file or directory");
}

Test(libraries, a_library_can_be_required)
{
	write_library("twice.lua", "return {of = function(x) return 2 * x end}");
	write_library(
	    "apart.lua",
	    "local t = require 'twice' return {of = function(x) return t.of(t.of(x)) end}");
	cr_assert_eq(script_host_library(host, dir, &error), 0, "%s", error);
	cr_expect_str_eq(value_of("require('apart').of(3) + require('twice').of(1)"), "14");
	cr_expect_str_eq(value_of("require('twice') == twice"), "true");
}

Test(libraries, libraries_that_need_each_other_are_refused)
{
	write_library("a.lua", "\nlocal b = b.x\nreturn {}");
	write_library("b.lua", "return {x = require('a')}");
	cr_assert_eq(script_host_library(host, dir, &error), -EINVAL);
	cr_expect_str_eq(
	    error,
	    arena_printf(arena, "%s/b.lua: lib/a:2: the modules \"b\" and \"a\" need each other",
			 dir));
}

Test(libraries, libraries_do_not_see_what_a_script_has)
{
	write_library("seen.lua", "return {x = mine == nil, y = pcall(require, 'main')}");
	cr_assert_eq(script_host_library(host, dir, &error), 0, "%s", error);
	struct answer a =
	    run_script("mine = 1 function f() return {seen.x, seen.y, seen == seen} end", NULL);
	cr_expect_str_eq(text_of(a.value), "[true,false,true]");
}

Test(libraries, the_tables_in_a_library_are_read_only_as_well)
{
	write_library("data.lua",
		      "local M = {list = {3, 4, {5}}, by = {a = 1}, flat = {2, 1}}\nM.self = M\n"
		      "function M.sum() return M.list[1] + M.list[2] + #M.list end\nreturn M");
	cr_assert_eq(script_host_library(host, dir, &error), 0, "%s", error);
	expect_error("function f() data.list[1] = 9 end", -EPERM, "this table is read-only", 1);
	expect_error("function f() data.self.by.a = 9 end", -EPERM, "this table is read-only", 1);
	expect_error("function f() data.list[3][1] = 9 end", -EPERM, "this table is read-only", 1);
	expect_error("function f() table.insert(data.list, 9) end", -EPERM,
		     "this table is read-only", 1);
	expect_error("function f() table.sort(data.flat) end", -EPERM, "this table is read-only",
		     1);
	cr_expect_str_eq(
	    value_of("{data.sum(), #data.list, data.self == data, table.unpack(data.list, 1, 2)}"),
	    "[10,3,true,3,4]");
	cr_expect_str_eq(
	    value_of("(function() local s = '' for k, v in pairs(data.by) do s = s .. k .. v end "
		     "for i, v in ipairs(data.list) do s = s .. i end return s end)()"),
	    "\"a1123\"");
	cr_expect_str_eq(value_of("{data.list, data.by}"), "[[3,4,[5]],{\"a\":1}]");
}
