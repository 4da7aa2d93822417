/* Byte repairs, each alone and all together. */
#include "ocppj/repairs.h"

#include <string.h>

#include <criterion/criterion.h>

static const struct {
	const char *name, *text, *mended; /* NULL: nothing to do */
	size_t len;                       /* 0: the text's */
} cases[] = {
    {"strip_nul", "[\"a\0b\"]", "[\"ab\"]", 7},
    {"strip_nul", "[\"a\\u0000\"]", "[\"a\"]", 0},
    {"strip_nul", "[\"a\\\\u0000\"]", NULL, 0},
    {"strip_nul", "[\"a\\\\\\u0000\"]", "[\"a\\\\\"]", 0},
    {"strip_nul", "[\"\\u000", NULL, 0},
    {"escape_controls", "[\"a\nb\tc\rd\be\f\x01\"]", "[\"a\\nb\\tc\\rd\\be\\f\\u0001\"]", 0},
    {"escape_controls", "[\r\n\t\"a\"\n]", NULL, 0},
    {"escape_controls", "[\"\\\"\n\"]", "[\"\\\"\\n\"]", 0},
    {"escape_controls", "[\"a\\", NULL, 0},
    {"strip_bom", "\xef\xbb\xbf[]", "[]", 0},
    {"strip_bom", "\xef\xbb", NULL, 0},
    {"strip_bom", "", NULL, 0},
    {"cut_trailing", "[2,\"]\"]]x", "[2,\"]\"]", 0},
    {"cut_trailing", "[2,{\"a\":[\"\\\"]\"]}][2", "[2,{\"a\":[\"\\\"]\"]}]", 0},
    {"cut_trailing", "[2,{\"a\":1}", NULL, 0},
    {"cut_trailing", "pong", NULL, 0},
};

Test(repairs, each_mends_what_it_is_for_and_nothing_else)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf out = {0};
		size_t len = cases[i].len ? cases[i].len : strlen(cases[i].text);
		uint32_t bit = repair_find(cases[i].name);
		const char *wanted = cases[i].mended ? cases[i].mended : cases[i].text;
		cr_assert_neq(bit, 0);
		cr_expect_eq(repairs_apply(bit, cases[i].text, len, &out),
			     cases[i].mended ? bit : 0, "%zu: %s", i, cases[i].name);
		cr_expect_str_eq(out.data ? out.data : "", wanted, "%zu: %s", i, cases[i].name);
		buf_free(&out);
	}
}

Test(repairs, all_together_say_which_found_something)
{
	static const char text[] = "\xef\xbb\xbf[\"a\nb\"]\0\0junk";
	const uint32_t all = repair_find("strip_bom") | repair_find("strip_nul") |
			     repair_find("escape_controls") | repair_find("cut_trailing");
	struct buf out = {0};
	cr_assert_eq(repairs_apply(all, text, sizeof text - 1, &out), all);
	cr_assert_str_eq(out.data, "[\"a\\nb\"]");
	buf_free(&out);
}

Test(repairs, names_and_bits_belong_together)
{
	for (uint32_t i = 0; repair_name(i); i++)
		cr_expect_eq(repair_find(repair_name(i)), 1u << i);
	cr_assert_eq(repair_find("unit_names"), 0);
}

Test(repairs, a_pong_is_one_in_any_dress_of_whom_it_is_known)
{
	static const char *const pongs[] = {"pong", "PONG", "\"pong\"", " pong\r\n"};
	static const char *const others[] = {"", "\"\"", "ping", "pongs", "[\"pong\"]", "po ng"};
	const uint32_t mask = repair_find("text_pong");
	for (size_t i = 0; i < sizeof pongs / sizeof *pongs; i++) {
		cr_expect(repairs_is_pong(mask, pongs[i], strlen(pongs[i])), "%s", pongs[i]);
		cr_expect_not(repairs_is_pong(~mask, pongs[i], strlen(pongs[i])), "%s", pongs[i]);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		cr_expect_not(repairs_is_pong(mask, others[i], strlen(others[i])), "%s", others[i]);
}
