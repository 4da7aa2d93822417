#include "breaker.h"

#include <criterion/criterion.h>

#define MOST 3
#define NOW 1000

static struct breaker opened(void)
{
	struct breaker b = {0};
	for (int i = 0; i < MOST; i++) {
		cr_expect(breaker_lets(&b, MOST, NOW));
		breaker_failed(&b, NOW + 100);
	}
	return b;
}

Test(breaker, lets_all_through_until_so_many_have_failed_in_a_row)
{
	struct breaker b = {0};
	for (int i = 0; i < MOST - 1; i++)
		breaker_failed(&b, NOW + 100);
	cr_expect(breaker_lets(&b, MOST, NOW));
	breaker_worked(&b);
	breaker_failed(&b, NOW + 100);
	cr_expect(breaker_lets(&b, MOST, NOW), "one that works begins the count anew");
	cr_expect_str_eq(breaker_state(&b, MOST, NOW), "closed");
}

Test(breaker, lets_nobody_through_while_it_is_open)
{
	struct breaker b = opened();
	cr_expect_str_eq(breaker_state(&b, MOST, NOW), "open");
	cr_expect_not(breaker_lets(&b, MOST, NOW));
	cr_expect_not(breaker_lets(&b, MOST, NOW + 99));
}

Test(breaker, lets_one_try_after_a_while_and_the_others_if_that_worked)
{
	struct breaker b = opened();
	cr_expect_str_eq(breaker_state(&b, MOST, NOW + 100), "trying");
	cr_expect(breaker_lets(&b, MOST, NOW + 100));
	cr_expect_not(breaker_lets(&b, MOST, NOW + 100), "one is enough");
	breaker_worked(&b);
	cr_expect(breaker_lets(&b, MOST, NOW + 100));
	cr_expect(breaker_lets(&b, MOST, NOW + 100));
}

Test(breaker, stays_open_if_the_one_that_tries_fails)
{
	struct breaker b = opened();
	cr_expect(breaker_lets(&b, MOST, NOW + 100));
	breaker_failed(&b, NOW + 200);
	cr_expect_not(breaker_lets(&b, MOST, NOW + 199));
	cr_expect(breaker_lets(&b, MOST, NOW + 200));
}
