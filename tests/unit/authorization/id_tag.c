#include "id_tag.h"

#include <criterion/criterion.h>

#include "base/arena.h"

Test(id_tag, is_compared_without_regard_to_the_case_of_ascii_letters)
{
	struct bb_arena *a = arena_new(0);
	cr_expect_str_eq(bb_id_tag_key(a, "04AbZ-19"), "04abz-19");
	cr_expect_str_eq(bb_id_tag_key(a, "\xc3\x84@["), "\xc3\x84@[");
	arena_free(a);
}

Test(id_tag, is_registered_as_printable_ascii_without_blanks_around_it)
{
	cr_expect(id_tag_is_valid("04 AB"));
	cr_expect(id_tag_is_valid("~"));
	cr_expect_not(id_tag_is_valid(""));
	cr_expect_not(id_tag_is_valid(" A"));
	cr_expect_not(id_tag_is_valid("A "));
	cr_expect_not(id_tag_is_valid("A\nB"));
	cr_expect_not(id_tag_is_valid("\xc3\x84"));
}
