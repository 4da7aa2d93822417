#include "tax.h"

#include <criterion/criterion.h>

#include "base/arena.h"
#include "json/json.h"

static struct bb_arena *arena;
static struct taxes taxes;

static void setup(void)
{
	arena = arena_new(0);
	taxes = (struct taxes){.arena = arena};
}

static void teardown(void)
{
	arena = arena_free(arena);
}

TestSuite(tax, .init = setup, .fini = teardown);

static void add(const char *lines)
{
	const struct bb_json *v;
	cr_assert_eq(json_parse(arena, lines, strlen(lines), &v, NULL), 0, "%s", lines);
	tax_add_lines(&taxes, v);
}

static void expect(const struct taxes *t, uint32_t i, double percent, int64_t net, int64_t tax)
{
	cr_assert_lt(i, t->count);
	cr_expect_float_eq(t->rates[i].percent, percent, 1e-9);
	cr_expect_eq(t->rates[i].net, net, "net %lld", (long long)t->rates[i].net);
	cr_expect_eq(t->rates[i].tax, tax, "tax %lld", (long long)t->rates[i].tax);
}

Test(tax, a_line_of_tax_is_on_top_of_what_it_says)
{
	add("[{\"kind\":\"energy\",\"amount_minor\":562},{\"kind\":\"flat\",\"amount_minor\":100},"
	    "{\"kind\":\"tax\",\"quantity\":19,\"unit\":\"%\",\"unit_price_minor\":6.62,"
	    "\"amount_minor\":126}]");
	cr_assert_eq(taxes.count, 1);
	expect(&taxes, 0, 19, 662, 126);
}

Test(tax, two_rates_on_top_and_a_rest_without_tax)
{
	add("[{\"kind\":\"energy\",\"amount_minor\":1000},{\"kind\":\"idle\",\"amount_minor\":500},"
	    "{\"kind\":\"flat\",\"amount_minor\":70},"
	    "{\"kind\":\"tax\",\"quantity\":19,\"unit\":\"%\",\"unit_price_minor\":10,"
	    "\"amount_minor\":190},{\"kind\":\"tax\",\"quantity\":7,\"unit\":\"%\","
	    "\"unit_price_minor\":5,\"amount_minor\":35}]");
	cr_assert_eq(taxes.count, 3);
	expect(&taxes, 0, 19, 1000, 190);
	expect(&taxes, 1, 7, 500, 35);
	expect(&taxes, 2, 0, 70, 0);
}

Test(tax, a_tax_in_the_prices_is_taken_out_of_their_sum)
{
	add("[{\"kind\":\"energy\",\"amount_minor\":1190,\"included_tax_percent\":19},"
	    "{\"kind\":\"flat\",\"amount_minor\":100,\"included_tax_percent\":19},"
	    "{\"kind\":\"cap\",\"amount_minor\":-100,\"included_tax_percent\":19}]");
	cr_assert_eq(taxes.count, 1);
	expect(&taxes, 0, 19, 1000, 190);
}

Test(tax, prices_that_say_nothing_of_tax_are_at_nothing)
{
	add("[{\"kind\":\"energy\",\"amount_minor\":500}]");
	cr_assert_eq(taxes.count, 1);
	expect(&taxes, 0, 0, 500, 0);
}

Test(tax, a_line_without_a_percentage_is_on_top_of_all_the_rest)
{
	add("[{\"kind\":\"energy\",\"amount_minor\":500},{\"kind\":\"tax\",\"amount_minor\":50}]");
	cr_assert_eq(taxes.count, 1);
	expect(&taxes, 0, TAX_UNKNOWN, 500, 50);
}

Test(tax, sessions_are_added_up_rate_by_rate)
{
	for (int i = 0; i < 3; i++)
		add("[{\"kind\":\"energy\",\"amount_minor\":333,\"included_tax_percent\":7.7}]");
	/* 24 of 333, three times: the sum of what the sessions have, not 71 of 999. */
	expect(&taxes, 0, 7.7, 927, 72);
	cr_expect_eq(tax_net(&taxes) + tax_tax(&taxes), 999);
}

Test(tax, all_of_it_is_all_of_each_rate)
{
	tax_add(&taxes, 19, 662, 126);
	tax_add(&taxes, 0, -50, 0);
	struct taxes share = tax_share(arena, &taxes, 738);
	cr_assert_eq(share.count, 2);
	expect(&share, 0, 19, 662, 126);
	expect(&share, 1, 0, -50, 0);
}

Test(tax, parts_add_up_to_what_is_divided)
{
	tax_add(&taxes, 19, 1000, 190);
	tax_add(&taxes, 7, 500, 35);
	tax_add(&taxes, 0, 1, 0);
	for (int64_t gross = 1; gross <= 1726; gross++) {
		struct taxes share = tax_share(arena, &taxes, gross);
		int64_t sum = 0;
		for (uint32_t i = 0; i < share.count; i++) {
			int64_t part = share.rates[i].net + share.rates[i].tax;
			cr_assert_geq(part, 0);
			cr_assert_leq(part, taxes.rates[i].net + taxes.rates[i].tax);
			sum += part;
		}
		cr_assert_eq(sum, gross, "%lld of %lld", (long long)sum, (long long)gross);
	}
}

Test(tax, goes_through_json)
{
	tax_add(&taxes, 19, 662, 126);
	tax_add(&taxes, TAX_UNKNOWN, 1, 2);
	const struct bb_json *list = tax_json(&taxes);
	cr_expect_eq(bb_json_get_int(bb_json_at(list, 0), "gross_minor", 0), 788);
	struct taxes back = {.arena = arena};
	tax_add_json(&back, list);
	tax_add_json(&back, list);
	expect(&back, 0, 19, 1324, 252);
	expect(&back, 1, TAX_UNKNOWN, 2, 4);
}
