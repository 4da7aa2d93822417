#include "bill.h"

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

TestSuite(bill, .init = setup, .fini = teardown);

static const char *fault(const char *text)
{
	const struct bb_json *v;
	cr_assert_eq(json_parse(arena, text, strlen(text), &v, NULL), 0, "%s", text);
	const char *found = bill_fault(arena, v);
	return found ? found : "none";
}

Test(bill, lines_that_add_up_are_fine)
{
	cr_expect_str_eq(fault("{\"currency\":\"EUR\",\"lines\":[],\"total_minor\":0}"), "none");
	cr_expect_str_eq(
	    fault("{\"currency\":\"EUR\",\"lines\":[{\"amount_minor\":484,\"quantity\":12.4,"
		  "\"unit_price_minor\":39},{\"amount_minor\":-84}],\"total_minor\":400}"),
	    "none");
	cr_expect_str_eq(
	    fault("{\"currency\":\"JPY\",\"lines\":[{\"amount_minor\":5,\"quantity\":null,"
		  "\"unit_price_minor\":7}],\"total_minor\":5}"),
	    "none");
}

Test(bill, a_total_that_is_not_the_sum_is_told)
{
	cr_expect_str_eq(
	    fault("{\"currency\":\"EUR\",\"lines\":[{\"amount_minor\":1},{\"amount_minor\":2}],"
		  "\"total_minor\":4}"),
	    "the lines add up to 3, but total_minor is 4");
}

Test(bill, a_line_that_does_not_multiply_is_told)
{
	cr_expect_str_eq(
	    fault("{\"currency\":\"EUR\",\"lines\":[{\"amount_minor\":1},{\"amount_minor\":485,"
		  "\"quantity\":12.4,\"unit_price_minor\":39}],\"total_minor\":486}"),
	    "line 2: 12.4 times 39 is not its amount of 485");
}

Test(bill, amounts_cannot_overflow)
{
	cr_expect_str_eq(
	    fault("{\"currency\":\"EUR\",\"lines\":[{\"amount_minor\":9223372036854775807},"
		  "{\"amount_minor\":9223372036854775807}],\"total_minor\":0}"),
	    "line 1: its amount of 9223372036854775807 is out of range");
}

Test(bill, a_currency_is_one_of_iso_4217)
{
	cr_expect_str_eq(fault("{\"currency\":\"BTC\",\"lines\":[],\"total_minor\":0}"),
			 "the currency \"BTC\" is not one of ISO 4217");
}

Test(bill, a_total_is_never_more_than_a_wallet_can_post)
{
	static const char two[] =
	    "{\"currency\":\"EUR\",\"total_minor\":1000000000001,\"lines\":["
	    "{\"kind\":\"energy\",\"description\":\"x\",\"amount_minor\":1000000000000},"
	    "{\"kind\":\"energy\",\"description\":\"y\",\"amount_minor\":1}]}";
	cr_expect_str_eq(fault(two), "the total of 1000000000001 is out of range");
}
