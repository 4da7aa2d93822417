#include "cookie.h"

#include <criterion/criterion.h>

#include "base/arena.h"

static struct bb_arena *a;

static void begin(void)
{
	a = arena_new(0);
}

static void end(void)
{
	arena_free(a);
}

TestSuite(cookie, .init = begin, .fini = end);

Test(cookie, is_found_by_its_whole_name)
{
	cr_expect_str_eq(cookie_find(a, "s=1", "s"), "1");
	cr_expect_str_eq(cookie_find(a, "a=0; s=1; b=2", "s"), "1");
	cr_expect_str_eq(cookie_find(a, "a=0;s=1 ;b=2", "s"), "1");
	cr_expect_str_eq(cookie_find(a, "ss=0; s=1", "s"), "1");
	cr_expect_str_eq(cookie_find(a, "xs=0; s=1", "s"), "1");
	cr_expect_str_eq(cookie_find(a, "__Host-s=x=y", "__Host-s"), "x=y");
	cr_expect_str_eq(cookie_find(a, "s=", "s"), "");
}

Test(cookie, that_is_not_there_is_not_found)
{
	static const char *const headers[] = {"",    "s",    "S=1", "a=s=1", "a; s",
					      ";;;", "a=1;", " ",   "=s"};
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		cr_expect_null(cookie_find(a, headers[i], "s"), "%s", headers[i]);
	cr_expect_null(cookie_find(a, NULL, "s"));
}

Test(cookie, that_comes_twice_counts_the_first_time)
{
	cr_expect_str_eq(cookie_find(a, "s=1; s=2", "s"), "1");
}
