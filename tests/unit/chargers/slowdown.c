#include "slowdown.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct slowdown s;
static const struct slowdown_rule rule = {2, 1000, 8000, 60000};

static uint64_t wrong(const char *who, int times, int64_t now)
{
	uint64_t key = slowdown_key(&s, who, NULL);
	for (int i = 0; i < times; i++)
		slowdown_wrong(&s, key, now, &rule);
	return key;
}

Test(slowdown, forgives_the_first_ones_then_doubles_up_to_a_limit)
{
	uint64_t key = wrong("a", 2, 1000000);
	cr_expect_eq(slowdown_wait(&s, key, 1000000), 0);
	wrong("a", 1, 1000000);
	cr_expect_eq(slowdown_wait(&s, key, 1000000), 1000);
	wrong("a", 1, 1000000);
	cr_expect_eq(slowdown_wait(&s, key, 1000000), 2000);
	wrong("a", 20, 1000000);
	cr_expect_eq(slowdown_wait(&s, key, 1000000), 8000);
	cr_expect_eq(slowdown_wait(&s, key, 1008000), 0);
	cr_expect_eq(slowdown_wait(&s, slowdown_key(&s, "b", NULL), 1000000), 0);
}

Test(slowdown, forgets_one_wrong_password_a_minute)
{
	uint64_t key = wrong("a", 4, 1000000);
	wrong("a", 1, 1000000 + 3 * 60000);
	cr_expect_eq(slowdown_wait(&s, key, 1000000 + 3 * 60000), 0, "two are held against it");
}

Test(slowdown, forgets_all_at_a_right_one)
{
	uint64_t key = wrong("a", 10, 1000000);
	cr_expect(slowdown_knows(&s, key));
	slowdown_right(&s, key);
	cr_expect_not(slowdown_knows(&s, key));
	cr_expect_eq(slowdown_wait(&s, key, 1000000), 0);
}

Test(slowdown, keeps_two_texts_apart)
{
	cr_expect_neq(slowdown_key(&s, "ab", "c"), slowdown_key(&s, "a", "bc"));
	cr_expect_neq(slowdown_key(&s, "ab", NULL), slowdown_key(&s, "ab", ""));
}

Test(slowdown, has_room_for_so_many_and_drops_the_quietest)
{
	char name[16];
	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof name, "g%d", i);
		wrong(name, 3, 1000000 + i);
	}
	uint64_t last = slowdown_key(&s, "g99999", NULL), first = slowdown_key(&s, "g0", NULL);
	cr_expect_gt(slowdown_wait(&s, last, 1100000), 0);
	cr_expect_not(slowdown_knows(&s, first));
}
