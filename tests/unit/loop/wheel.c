#include <criterion/criterion.h>

#include "loop/loop.h"

static int fired;
static struct loop_deadline a, b;

static void count(void *arg)
{
	fired++;
	if (arg)
		*(bool *)arg = true;
}

static void clear_other(void *arg)
{
	loop_deadline_clear(arg);
	fired++;
}

Test(wheel, fires_after_its_time_and_not_before)
{
	struct loop *l = loop_new();
	bool done = false;
	uint64_t began = uv_now(loop_uv(l));
	loop_deadline_set(l, &a, 120, count, &done);
	cr_assert(loop_run_until(l, &done, 5000));
	uint64_t took = uv_now(loop_uv(l)) - began;
	cr_assert_geq(took, 120);
	cr_assert_eq(fired, 1);
	loop_free(l);
}

Test(wheel, forgets_what_is_cleared_even_by_another_deadline_of_the_same_tick)
{
	struct loop *l = loop_new();
	bool never = false;
	loop_deadline_set(l, &a, 10, clear_other, &b);
	loop_deadline_set(l, &b, 10, clear_other, &a);
	loop_run_until(l, &never, 200);
	cr_assert_eq(fired, 1);
	loop_deadline_clear(&a);
	loop_free(l);
}

Test(wheel, keeps_what_is_more_than_a_turn_away)
{
	struct loop *l = loop_new();
	bool never = false;
	loop_deadline_set(l, &a, 512 * 50 + 10, count, NULL);
	loop_run_until(l, &never, 200);
	cr_assert_eq(fired, 0);
	loop_deadline_clear(&a);
	loop_free(l);
}
