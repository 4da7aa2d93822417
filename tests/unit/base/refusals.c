#include <busbar/refusals.h>

#include <criterion/criterion.h>

Test(refusals, are_told_once_a_minute_with_how_many_there_were)
{
	struct bb_refusals r = {0};
	int64_t at = 1793552400000;
	cr_assert_eq(bb_refusals_note(&r, at), 1, "the first at once");
	for (int64_t ms = 1; ms <= 59999; ms += 1000)
		cr_assert_eq(bb_refusals_note(&r, at + ms), 0);
	cr_assert_eq(bb_refusals_note(&r, at + 60000), 61);
	cr_assert_eq(bb_refusals_note(&r, at + 60001), 0);
	cr_assert_eq(bb_refusals_note(&r, at - 5), 2, "a clock that was put back");
}
