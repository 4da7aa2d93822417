#include "series.h"

#include <criterion/criterion.h>

#include "base/arena.h"
#include "json/json.h"

static struct bb_arena *arena;

static void setup(void)
{
	arena = arena_new(0);
}

static void teardown(void)
{
	arena = arena_free(arena);
}

TestSuite(series, .init = setup, .fini = teardown);

static const struct bb_json *issuer(const char *member, const char *prefix)
{
	return bb_json_one(arena, member, bb_json_make_str(prefix));
}

Test(series, each_kind_has_its_own)
{
	cr_expect_str_eq(series_of(arena, NULL, "invoice", "2026"), "2026-");
	cr_expect_str_eq(series_of(arena, NULL, "credit_note", "2026"), "C2026-");
	cr_expect_str_eq(series_of(arena, NULL, "receipt", "2026"), "R2026-");
}

Test(series, the_year_stands_where_the_prefix_has_it)
{
	cr_expect_str_eq(
	    series_of(arena, issuer("invoice_prefix", "HH/{year}/A-"), "invoice", "2026"),
	    "HH/2026/A-");
	cr_expect_str_eq(series_of(arena, issuer("invoice_prefix", "HH-"), "invoice", "2026"),
			 "HH-");
}

Test(series, prefixes_that_would_confuse_are_refused)
{
	static const char *const bad[] = {"{year}",         "",       "A1",       "A ", "a<",
					  "{year}-{year}-", "{yea}-", "R{year}-", "Ä-"};
	const char *path;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		cr_expect(series_fault(arena, issuer("invoice_prefix", bad[i]), &path), "%s",
			  bad[i]);
	}
	cr_expect_null(series_fault(arena, NULL, &path));
	cr_expect_null(series_fault(arena, issuer("receipt_prefix", "B/{year}."), &path));
	cr_expect(series_fault(arena, issuer("credit_note_prefix", "{year}-"), &path));
	cr_expect_str_eq(path, "credit_note_prefix");
}
