/* Any time is covered by few rows, each slot of it once. */
#include "cover.h"

#include <criterion/criterion.h>

/* Rows that are read if there is one for each stretch of time. */
static int64_t rows_of(bool few, int64_t slot, int64_t behind)
{
	struct piece pieces[PIECES_MOST + 1];
	uint32_t n = cover(few, slot, behind, pieces);
	int64_t at = slot, rows = 0;
	cr_assert_leq(n, PIECES_MOST);
	for (uint32_t i = 0; i < n; i++) {
		const struct piece *p = &pieces[i];
		cr_assert_eq(p->slot, at, "a gap before slot %lld", (long long)p->slot);
		cr_assert_gt(p->behind, p->slot);
		cr_assert_eq(p->slot % p->grain, 0);
		cr_assert_eq(p->behind % p->grain, 0);
		rows += (p->behind - p->slot) / p->grain;
		at = p->behind;
	}
	cr_assert_eq(at, behind > slot ? behind : slot);
	return rows;
}

Test(cover, has_each_slot_once)
{
	uint32_t seed = 4711;
	for (int i = 0; i < 20000; i++) {
		seed = seed * 1103515245 + 12345;
		int64_t slot = 1900000 + seed % 100000, behind = slot + (seed >> 16) % 40000;
		for (int few = 0; few < 2; few++)
			cr_assert_lt(rows_of(few, slot, behind), 2 * (96 + 32) + 13);
	}
}

Test(cover, of_nothing_is_nothing)
{
	cr_assert_eq(rows_of(true, 96, 96), 0);
	cr_assert_eq(rows_of(false, 97, 5), 0);
}

Test(cover, of_a_day_is_hours_of_an_operator)
{
	int64_t midnight = 96 * 20000;
	cr_assert_eq(rows_of(false, midnight, midnight + 96), 1);
	cr_assert_eq(rows_of(false, midnight - 8, midnight + 88), 24);
	cr_assert_eq(rows_of(false, midnight - 23, midnight + 73), 27, "45 minutes off");
	cr_assert_eq(rows_of(true, midnight - 8, midnight + 88), 96);
}
