#include <busbar/money.h>

#include <criterion/criterion.h>

#include "base/arena.h"

Test(money, currencies_have_the_decimals_of_iso_4217)
{
	static const struct {
		const char *code;
		int decimals;
	} known[] = {{"AED", 2}, {"EUR", 2}, {"USD", 2}, {"ZWG", 2}, {"JPY", 0}, {"KRW", 0},
		     {"ISK", 0}, {"XOF", 0}, {"BHD", 3}, {"KWD", 3}, {"TND", 3}, {"CLF", 4},
		     {"UYW", 4}, {"CLP", 0}, {"HUF", 2}, {"MGA", 2}};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		cr_expect_eq(bb_currency_decimals(known[i].code), known[i].decimals, "%s",
			     known[i].code);
	static const char *const none[] = {"",    "eur", "EU",  "EURO", "ABC",
					   "D2 ", "ED2", "XXX", "2 A",  "BTC"};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		cr_expect_eq(bb_currency_decimals(none[i]), -1, "%s", none[i]);
}

Test(money, amounts_are_written_with_them)
{
	struct bb_arena *a = arena_new(0);
	cr_expect_str_eq(bb_money_text(a, 1234, "EUR"), "12.34 EUR");
	cr_expect_str_eq(bb_money_text(a, -5, "EUR"), "-0.05 EUR");
	cr_expect_str_eq(bb_money_text(a, 1234, "JPY"), "1234 JPY");
	cr_expect_str_eq(bb_money_text(a, 1234, "KWD"), "1.234 KWD");
	cr_expect_str_eq(bb_money_text(a, 12345, "CLF"), "1.2345 CLF");
	cr_expect_str_eq(bb_money_text(a, INT64_MIN, "JPY"), "-9223372036854775808 JPY");
	cr_expect_str_eq(bb_money_text(a, 7, "XXX"), "0.07 XXX");
	arena_free(a);
}
