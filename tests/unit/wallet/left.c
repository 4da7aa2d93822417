#include "left.h"

#include <criterion/criterion.h>

Test(left, a_session_is_over_when_its_price_reaches_what_there_is)
{
	cr_expect(!left_is_used_up(500, 499, 100, 0));
	cr_expect(left_is_used_up(500, 500, 100, 0));
	cr_expect(left_is_used_up(0, 0, 0, 0), "there is nothing");
	cr_expect(left_is_used_up(-20, 0, 0, 0));
}

Test(left, a_margin_counts_as_the_session_costs_so_far)
{
	/* 1 a second, 10 seconds ahead */
	cr_expect(!left_is_used_up(500, 489, 489, 10));
	cr_expect(left_is_used_up(500, 490, 490, 10));
	cr_expect(!left_is_used_up(500, 0, 100, 10), "what costs nothing goes on");
}

Test(left, the_next_look_is_when_it_will_be_used_up)
{
	cr_expect(left_for_s(500, 400, 400, 3600) == 100);
	cr_expect(left_for_s(500, 499, 4, 3600) == 1, "not within the same second");
	cr_expect(left_for_s(500, 0, 400, 3600) == 3600);
	cr_expect(left_for_s(500, 10, 0, 3600) == 3600, "no rate is known yet");
	cr_expect(left_for_s(1000000000000, 1, 1, 3600) == 3600);
}
