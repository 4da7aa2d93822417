#include "state.h"

#include <criterion/criterion.h>
#include <string.h>

static struct payment fresh(void)
{
	return (struct payment){.id = "p",
				.gateway = "stripe",
				.currency = "EUR",
				.amount_minor = 1000,
				.state = "open",
				.checkout_ref = "cs"};
}

static const char *tell(struct payment *p, struct bb_payment_fact fact)
{
	const struct payment_news news = {.what = WHAT_FACT, .fact = &fact, .now = "now"};
	fact.currency = fact.currency ? fact.currency : "EUR";
	return payment_apply(p, &news);
}

static void refund(struct payment *p, enum payment_what what, const char *state, int64_t minor)
{
	const struct payment_news news = {
	    .what = what, .refund_state = state, .refund_minor = minor, .now = "now"};
	payment_apply(p, &news);
}

static const struct bb_payment_fact paid = {.kind = BB_PAYMENT_PAID, .amount_minor = 1000},
				    half = {.kind = BB_PAYMENT_REFUNDED, .amount_minor = 500},
				    expired = {.kind = BB_PAYMENT_EXPIRED},
				    failed = {.kind = BB_PAYMENT_FAILED, .reason = "no"},
				    disputed = {.kind = BB_PAYMENT_DISPUTED, .amount_minor = 1000},
				    won = {.kind = BB_PAYMENT_DISPUTE_WON, .amount_minor = 1000};

Test(state, a_payment_is_credited_only_as_it_was_asked_for)
{
	struct payment p = fresh();
	struct bb_payment_fact other = paid;
	other.amount_minor = 999;
	cr_expect_not_null(tell(&p, other));
	other = paid;
	other.currency = "USD";
	cr_expect_not_null(tell(&p, other));
	other = paid;
	other.checkout_ref = "another";
	cr_expect_not_null(tell(&p, other));
	cr_expect_null(p.paid_at);
	cr_expect_str_eq(p.state, "open");
	cr_expect_null(tell(&p, paid));
	cr_expect_str_eq(p.state, "paid");
}

Test(state, every_order_of_what_is_told_ends_the_same)
{
	const struct bb_payment_fact *facts[] = {&paid, &half, &expired, &disputed, &won};
	int order[] = {0, 1, 2, 3, 4};
	/* All 120 orders, each fact told twice. */
	for (int n = 0; n < 120; n++) {
		struct payment p = fresh();
		int left[5], rest = n;
		memcpy(left, order, sizeof left);
		for (int count = 5; count > 0; count--) {
			int at = rest % count;
			rest /= count;
			cr_assert_null(tell(&p, *facts[left[at]]));
			cr_assert_null(tell(&p, *facts[left[at]]));
			memmove(&left[at], &left[at + 1], (size_t)(4 - at) * sizeof *left);
		}
		cr_expect_str_eq(p.state, "paid");
		cr_expect_str_eq(p.dispute, "won");
		cr_expect_eq(p.debited_minor, 500);
	}
}

Test(state, what_was_told_twice_changes_nothing)
{
	struct payment p = fresh();
	tell(&p, failed);
	struct payment before = p;
	tell(&p, failed);
	cr_expect_not(payment_differs(&before, &p));
	tell(&p, paid);
	cr_expect(payment_differs(&before, &p));
	cr_expect_str_eq(p.state, "paid", "money that came counts, whatever was told before");
	before = p;
	tell(&p, expired);
	cr_expect_not(payment_differs(&before, &p));
}

Test(state, a_refund_before_the_payment_waits_for_it)
{
	struct payment p = fresh();
	cr_expect_null(tell(&p, half));
	cr_expect_eq(p.debited_minor, 0);
	cr_expect_str_eq(p.state, "open");
	tell(&p, paid);
	cr_expect_eq(p.debited_minor, 500);
	cr_expect_eq(payment_left(&p), 500);
}

Test(state, a_refund_of_ours_is_not_taken_twice_when_the_gateway_tells_of_it)
{
	struct payment p = fresh();
	tell(&p, paid);
	refund(&p, WHAT_REFUND_ASKED, NULL, 500);
	cr_expect_eq(p.debited_minor, 500);
	cr_expect_str_eq(p.state, "paid");
	tell(&p, half);
	cr_expect_eq(p.debited_minor, 500);
	refund(&p, WHAT_REFUND_DONE, "requested", 500);
	cr_expect_eq(p.debited_minor, 500);
	refund(&p, WHAT_REFUND_DONE, "done", 500);
	cr_expect_eq(p.debited_minor, 500, "an answer counts once");
	refund(&p, WHAT_REFUND_ASKED, NULL, 500);
	refund(&p, WHAT_REFUND_DONE, "requested", 500);
	cr_expect_eq(p.debited_minor, 1000);
	cr_expect_str_eq(p.state, "refunded");
	cr_expect_eq(payment_left(&p), 0);
}

Test(state, a_refund_that_is_refused_or_comes_to_nothing_is_given_back)
{
	struct payment p = fresh();
	tell(&p, paid);
	refund(&p, WHAT_REFUND_ASKED, NULL, 300);
	refund(&p, WHAT_REFUND_REFUSED, "requested", 300);
	cr_expect_eq(p.debited_minor, 0);
	refund(&p, WHAT_REFUND_ASKED, NULL, 500);
	refund(&p, WHAT_REFUND_DONE, "requested", 500);
	tell(&p, half);
	const struct bb_payment_fact fact = {.kind = BB_PAYMENT_REFUND_FAILED, .currency = "EUR"};
	const struct payment_news news = {
	    .what = WHAT_FACT, .fact = &fact, .refund_state = "done", .refund_minor = 500};
	cr_expect_null(payment_apply(&p, &news));
	cr_expect_eq(p.debited_minor, 0);
	cr_expect_not_null(tell(&p, fact), "a refund that is not known");
}

/* As they are stored: what is told of one of several, and of all others. */
static void tell_of(struct payment *p, struct payment_dispute *all, int which,
		    struct bb_payment_fact fact)
{
	p->about = all[which];
	p->others = all[1 - which];
	if (p->others.state && !strcmp(p->others.state, "won"))
		p->others.amount_minor = 0;
	cr_assert_null(tell(p, fact));
	all[which] = p->about;
}

Test(state, a_payment_can_be_disputed_again)
{
	struct payment p = fresh();
	struct payment_dispute all[2] = {0};
	struct bb_payment_fact first = disputed, lost = won;
	first.amount_minor = 400;
	lost.kind = BB_PAYMENT_DISPUTE_LOST;
	lost.amount_minor = 300;
	struct bb_payment_fact second = first;
	second.amount_minor = 300;
	tell(&p, paid);
	tell_of(&p, all, 0, first);
	tell_of(&p, all, 1, second);
	cr_expect_eq(p.debited_minor, 700);
	struct payment before = p;
	tell_of(&p, all, 1, lost);
	cr_expect(payment_differs(&before, &p), "it is to be stored that one is over");
	cr_expect_str_eq(p.dispute, "open");
	tell_of(&p, all, 0, won);
	cr_expect_eq(p.debited_minor, 300);
	cr_expect_eq(p.disputed_minor, 300);
	cr_expect_str_eq(p.dispute, "lost");
	cr_expect_str_eq(p.state, "disputed");
}

Test(state, never_more_is_taken_back_than_was_paid)
{
	struct payment p = fresh();
	tell(&p, paid);
	tell(&p, half);
	tell(&p, disputed);
	cr_expect_eq(p.debited_minor, 1000);
	cr_expect_str_eq(p.state, "disputed");
	struct bb_payment_fact more = half;
	more.amount_minor = 1001;
	cr_expect_not_null(tell(&p, more));
}
