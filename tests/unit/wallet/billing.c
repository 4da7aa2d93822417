#include "billing.h"

#include <criterion/criterion.h>
#include <string.h>

/* A session of 11.90 with a tax of 1.90, whose user has a wallet. */
static struct bill_facts priced(void)
{
	return (struct bill_facts){.over = true,
				   .price_state = "priced",
				   .price_minor = 1190,
				   .tax_minor = 190,
				   .currency = "EUR",
				   .priced_at = "1",
				   .user_id = "anna",
				   .wallet_id = 7,
				   .wallet_currency = "EUR",
				   .room_minor = 5000};
}

static struct bill_facts billed(void)
{
	struct bill_facts f = priced();
	f.state = "billed";
	f.bill_currency = "EUR";
	f.bill_priced_at = "1";
	f.billed_minor = 1190;
	f.billed_tax_minor = 190;
	return f;
}

static void expect_reason(struct bill_facts f, const char *reason)
{
	struct bill_verdict v = bill_verdict_of(&f);
	cr_expect(v.step == BILL_NOTE);
	cr_expect_str_eq(v.reason, reason);
	f.state = "unbilled";
	f.reason = reason;
	cr_expect(bill_verdict_of(&f).step == BILL_NOTHING, "the same reason is noted once");
}

Test(billing, a_price_is_posted_with_its_tax)
{
	struct bill_facts f = priced();
	struct bill_verdict v = bill_verdict_of(&f);
	cr_expect(v.step == BILL_POST && !v.correction);
	cr_expect(v.change_minor == 1190 && v.tax_change_minor == 190);
}

Test(billing, what_does_not_fit_into_the_wallet_is_owed)
{
	struct bill_facts f = priced();
	f.room_minor = 595;
	struct bill_verdict v = bill_verdict_of(&f);
	cr_expect(v.step == BILL_POST && v.amount_minor == 595 && v.owed_minor == 595);
	cr_expect(v.change_minor == 595 && v.tax_change_minor == 95);
	cr_expect_str_eq(v.reason, "insufficient_balance");
	f.state = "unbilled";
	f.reason = "insufficient_balance";
	f.bill_currency = "EUR";
	f.bill_priced_at = "1";
	f.billed_minor = f.owed_minor = 595;
	f.billed_tax_minor = 95;
	f.room_minor = 0;
	cr_expect(bill_verdict_of(&f).step == BILL_NOTHING);
	f.room_minor = 600;
	v = bill_verdict_of(&f);
	cr_expect(v.step == BILL_POST && v.correction && v.amount_minor == 1190 && !v.owed_minor);
	cr_expect(v.change_minor == 595 && v.tax_change_minor == 95 && !v.reason);
}

Test(billing, from_an_empty_wallet_nothing_is_taken)
{
	struct bill_facts f = priced();
	f.room_minor = -20;
	struct bill_verdict v = bill_verdict_of(&f);
	cr_expect(v.step == BILL_NOTE && v.owed_minor == 1190 && !v.amount_minor && !v.tax_minor);
}

Test(billing, a_session_that_runs_is_none_of_its_business)
{
	struct bill_facts f = priced();
	f.over = false;
	cr_expect(bill_verdict_of(&f).step == BILL_NOTHING);
}

Test(billing, what_stands_in_the_way_is_named)
{
	struct bill_facts f = priced();
	f.user_id = NULL;
	f.wallet_id = 0;
	expect_reason(f, "no_user");
	f.user_id = "anna";
	expect_reason(f, "no_wallet");
	f = priced();
	f.wallet_currency = "SEK";
	expect_reason(f, "currency");
	f.price_state = "failed";
	expect_reason(f, "price_failed");
	f.price_state = "none";
	expect_reason(f, "no_price");
}

Test(billing, a_session_that_costs_nothing_is_billed_without_a_posting)
{
	struct bill_facts f = priced();
	f.price_minor = f.tax_minor = 0;
	cr_expect(bill_verdict_of(&f).step == BILL_SET);
}

Test(billing, what_is_billed_is_not_billed_again)
{
	struct bill_facts f = billed();
	cr_expect(bill_verdict_of(&f).step == BILL_NOTHING);
	f.state = "refunded";
	f.refunded_minor = 1190;
	cr_expect(bill_verdict_of(&f).step == BILL_NOTHING);
}

Test(billing, another_price_is_a_correction_by_the_difference)
{
	struct bill_facts f = billed();
	f.price_minor = 595;
	f.tax_minor = 95;
	f.priced_at = "2";
	struct bill_verdict v = bill_verdict_of(&f);
	cr_expect(v.step == BILL_POST && v.correction);
	cr_expect(v.change_minor == -595 && v.tax_change_minor == -95);
}

Test(billing, a_correction_takes_nothing_that_was_given_back)
{
	struct bill_facts f = billed();
	f.refunded_minor = 800;
	f.price_minor = 595;
	f.tax_minor = 95;
	f.priced_at = "2";
	struct bill_verdict v = bill_verdict_of(&f);
	cr_expect(v.amount_minor == 800 && v.change_minor == -390);
	cr_expect(v.tax_minor == 128 && v.tax_change_minor == -62);
}

Test(billing, a_bill_waits_while_its_price_is_looked_for_again)
{
	struct bill_facts f = billed();
	f.price_state = "none";
	cr_expect(bill_verdict_of(&f).step == BILL_NOTHING);
	f.price_state = "failed";
	cr_expect(bill_verdict_of(&f).step == BILL_NOTHING);
}

Test(billing, a_price_in_another_currency_corrects_nothing)
{
	struct bill_facts f = billed();
	f.currency = "SEK";
	struct bill_verdict v = bill_verdict_of(&f);
	cr_expect(v.step == BILL_NOTE);
	cr_expect_str_eq(v.reason, "currency");
}

Test(billing, another_tax_of_the_same_total_stays_as_it_was_posted)
{
	struct bill_facts f = billed();
	f.tax_minor = 100;
	f.priced_at = "2";
	struct bill_verdict v = bill_verdict_of(&f);
	cr_expect(v.step == BILL_SET && v.tax_minor == 190);
}

Test(billing, parts_of_a_tax_add_up)
{
	int64_t before = 0, sum = 0;
	for (int64_t part = 0; part <= 1190; part += 7) {
		int64_t tax = bill_tax_part(190, 1190, part);
		cr_assert(tax >= before);
		sum += tax - before;
		before = tax;
	}
	cr_expect(sum == 190);
	cr_expect(bill_tax_part(999999999999, 1000000000000, 1000000000000) == 999999999999);
	cr_expect(bill_tax_part(0, 0, 0) == 0);
}
