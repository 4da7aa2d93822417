#include "form.h"

#include <criterion/criterion.h>

#include "amount.h"
#include "base/arena.h"

Test(form, names_and_values_are_percent_encoded)
{
	struct bb_arena *a = arena_new(0);
	struct form f = form_new(a);
	cr_expect_str_eq(f.text, "");
	form_add(&f, "line_items[0][name]", "a b&c=d+%\"\xc3\xa9~-._");
	form_add(&f, "empty", "");
	form_add_int(&f, "n", -12);
	cr_expect_str_eq(f.text, "line_items%5B0%5D%5Bname%5D=a%20b%26c%3Dd%2B%25%22%C3%A9~-._"
				 "&empty=&n=-12");
	cr_expect_eq(f.len, strlen(f.text));
	arena_free(a);
}

Test(form, grows)
{
	struct bb_arena *a = arena_new(0);
	struct form f = form_new(a);
	for (int i = 0; i < 1000; i++)
		form_add(&f, "name", "value");
	cr_expect_eq(f.len, 1000 * strlen("name=value") + 999);
	cr_expect_eq(strlen(f.text), f.len);
	arena_free(a);
}

/* -1: refused. */
static int64_t to_stripe(const char *currency, int64_t minor)
{
	int64_t amount = -1;
	return amount_to_stripe(currency, minor, &amount) ? -1 : amount;
}

static int64_t from_stripe(const char *currency, int64_t amount)
{
	char code[4];
	int64_t minor = -1;
	return amount_from_stripe(currency, amount, code, &minor) ? minor : -1;
}

Test(amount, is_in_the_units_that_the_currency_has_there)
{
	cr_expect_eq(to_stripe("EUR", 1234), 1234);
	cr_expect_eq(to_stripe("JPY", 500), 500);
	cr_expect_eq(to_stripe("ISK", 500), 50000);
	cr_expect_eq(to_stripe("MGA", 500), 5);
	cr_expect_eq(to_stripe("MGA", 550), -1);
	cr_expect_eq(to_stripe("KWD", 5120), 5120);
	cr_expect_eq(to_stripe("KWD", 5124), -1);
	cr_expect_eq(to_stripe("TND", 5125), -1);
	cr_expect_eq(to_stripe("UGX", 500), -1);
	cr_expect_eq(to_stripe("CLF", 500), -1);
	cr_expect_eq(to_stripe("XXX", 500), -1);
	cr_expect_eq(to_stripe("EUR", 0), -1);
	cr_expect_eq(to_stripe("EUR", -1), -1);
	cr_expect_eq(to_stripe("EUR", INT64_MAX), -1);
}

Test(amount, comes_back_as_it_went)
{
	cr_expect_eq(from_stripe("eur", 1234), 1234);
	cr_expect_eq(from_stripe("isk", 50000), 500);
	cr_expect_eq(from_stripe("isk", 50001), -1);
	cr_expect_eq(from_stripe("mga", 5), 500);
	cr_expect_eq(from_stripe("kwd", 5120), 5120);
	cr_expect_eq(from_stripe("eur", -1), -1);
	cr_expect_eq(from_stripe("euro", 1), -1);
	cr_expect_eq(from_stripe("", 1), -1);
	cr_expect_eq(from_stripe(NULL, 1), -1);
	cr_expect_eq(from_stripe("eur", INT64_MAX), -1);
}
