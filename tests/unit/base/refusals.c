#include <busbar/refusals.h>

#include <criterion/criterion.h>

static const int64_t at = 1793552400000;

Test(refusals, of_an_address_are_told_once_in_ten_seconds_with_how_many_there_were)
{
	struct bb_refusals r = {0};
	cr_assert_eq(bb_refusals_note(&r, "192.0.2.1", 401, at), 1, "the first at once");
	for (int64_t ms = 1; ms <= 9999; ms += 100)
		cr_assert_eq(bb_refusals_note(&r, "192.0.2.1", 401, at + ms), 0);
	cr_assert_eq(bb_refusals_note(&r, "192.0.2.1", 401, at + 10000), 101);
	cr_assert_eq(bb_refusals_note(&r, "192.0.2.1", 401, at + 10001), 0);
	cr_assert_eq(bb_refusals_note(&r, "192.0.2.1", 401, at - 5), 2,
		     "a clock that was put back");
}

Test(refusals, of_one_do_not_hide_the_first_of_another)
{
	struct bb_refusals r = {0};
	cr_assert_eq(bb_refusals_note(&r, "192.0.2.1", 401, at), 1);
	cr_assert_eq(bb_refusals_note(&r, "192.0.2.1", 401, at), 0);
	cr_assert_eq(bb_refusals_note(&r, "192.0.2.2", 401, at), 2, "another address");
	cr_assert_eq(bb_refusals_note(&r, "192.0.2.1", 404, at), 1, "another reason");
	cr_assert_eq(bb_refusals_note(&r, "2001:db8::1", 401, at), 1);
	cr_assert_eq(bb_refusals_note(&r, "2001:db8::2", 401, at), 0, "the same customer");
	cr_assert_eq(bb_refusals_note(&r, "2001:db8:0:1::1", 401, at), 2, "another");
}

Test(refusals, of_many_addresses_have_no_more_lines_than_there_are_places)
{
	struct bb_refusals r = {0};
	int lines = 0;
	for (int i = 0; i < 1000; i++) {
		char address[24];
		snprintf(address, sizeof address, "10.0.%d.%d", i / 250, i % 250);
		lines += bb_refusals_note(&r, address, 0, at + i) > 0;
	}
	cr_assert_eq(lines, BB_REFUSALS_LINES);
	cr_assert_eq(bb_refusals_note(&r, "10.9.9.9", 0, at + 10000), 1000 - BB_REFUSALS_LINES + 1);
}
