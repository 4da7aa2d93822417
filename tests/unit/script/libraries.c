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
	cr_expect_str_eq(error,
			 arena_printf(arena, "%s/bad.lua: bad:2: <name> expected near '='", dir));
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
