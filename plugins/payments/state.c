#include "state.h"

#include <string.h>

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static bool is(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* What the gateway has given back, as far as it is known. A refund that came to nothing was among
 * what it told. */
static int64_t given_back(const struct payment *p)
{
	return most(p->refunded_minor - p->returned_minor, p->done_minor);
}

/* What is to be taken back from the wallet in all. */
static int64_t debit_of(const struct payment *p)
{
	if (!p->paid_at)
		return 0;
	int64_t back = most(p->refunded_minor - p->returned_minor, p->done_minor + p->asked_minor);
	back += p->disputed_minor;
	return back < p->amount_minor ? back : p->amount_minor;
}

int64_t payment_left(const struct payment *p)
{
	return p->paid_at ? p->amount_minor - debit_of(p) : 0;
}

static const char *state_of(const struct payment *p)
{
	if (!p->paid_at)
		return p->expired_at     ? "expired"
		       : p->failed_at    ? "failed"
		       : p->checkout_ref ? "open"
					 : "created";
	if (is(p->dispute, "open") || is(p->dispute, "lost"))
		return "disputed";
	return given_back(p) >= p->amount_minor ? "refunded" : "paid";
}

static const char *wrong_money(const struct payment *p, const struct bb_payment_fact *f)
{
	if (!is(f->currency, p->currency))
		return "the currency is another one";
	if (f->amount_minor < 0 || f->amount_minor > p->amount_minor)
		return "the amount is more than was to be paid";
	return NULL;
}

static const char *on_paid(struct payment *p, const struct payment_news *n)
{
	if (!is(n->fact->currency, p->currency))
		return "the currency is another one";
	if (n->fact->amount_minor != p->amount_minor)
		return "the amount is another one";
	if (!p->paid_at)
		p->paid_at = n->now;
	p->reason = NULL;
	return NULL;
}

static const char *on_failed(struct payment *p, const struct payment_news *n)
{
	if (p->paid_at)
		return NULL;
	if (!p->failed_at)
		p->failed_at = n->now;
	if (!p->reason)
		p->reason = n->fact->reason;
	return NULL;
}

static const char *on_expired(struct payment *p, const struct payment_news *n)
{
	if (!p->paid_at && !p->expired_at)
		p->expired_at = n->now;
	return NULL;
}

static const char *on_refunded(struct payment *p, const struct payment_news *n)
{
	const char *wrong = wrong_money(p, n->fact);
	if (!wrong)
		p->refunded_minor = most(p->refunded_minor, n->fact->amount_minor);
	return wrong;
}

static const char *on_refund_failed(struct payment *p, const struct payment_news *n)
{
	if (!n->refund_state)
		return "it names no refund of this payment";
	if (is(n->refund_state, "requested"))
		p->asked_minor -= n->refund_minor;
	else if (is(n->refund_state, "done"))
		p->done_minor -= n->refund_minor;
	else
		return NULL;
	p->returned_minor += n->refund_minor;
	return NULL;
}

static const char *on_disputed(struct payment *p, const struct payment_news *n)
{
	if (!is(n->fact->currency, p->currency) || n->fact->amount_minor < 0)
		return "the currency is another one";
	if (!p->about.amount_minor)
		p->about.amount_minor = n->fact->amount_minor;
	if (!p->about.state)
		p->about.state = "open";
	return NULL;
}

static const char *on_dispute_end(struct payment *p, const struct payment_news *n)
{
	const char *wrong = on_disputed(p, n);
	if (!wrong && is(p->about.state, "open"))
		p->about.state = n->fact->kind == BB_PAYMENT_DISPUTE_WON ? "won" : "lost";
	return wrong;
}

typedef const char *apply_fn(struct payment *, const struct payment_news *);

static apply_fn *const appliers[BB_PAYMENT_KINDS] = {
    [BB_PAYMENT_PAID] = on_paid,
    [BB_PAYMENT_FAILED] = on_failed,
    [BB_PAYMENT_EXPIRED] = on_expired,
    [BB_PAYMENT_REFUNDED] = on_refunded,
    [BB_PAYMENT_REFUND_FAILED] = on_refund_failed,
    [BB_PAYMENT_DISPUTED] = on_disputed,
    [BB_PAYMENT_DISPUTE_WON] = on_dispute_end,
    [BB_PAYMENT_DISPUTE_LOST] = on_dispute_end,
};

static const char *apply_fact(struct payment *p, const struct payment_news *n)
{
	const struct bb_payment_fact *f = n->fact;
	if (f->checkout_ref && p->checkout_ref && !is(f->checkout_ref, p->checkout_ref))
		return "it is of another checkout";
	if (f->payment_ref && p->payment_ref && !is(f->payment_ref, p->payment_ref))
		return "it is of another payment at the gateway";
	const char *wrong = appliers[f->kind] ? appliers[f->kind](p, n) : NULL;
	if (wrong)
		return wrong;
	if (!p->checkout_ref)
		p->checkout_ref = f->checkout_ref;
	if (!p->payment_ref)
		p->payment_ref = f->payment_ref;
	if (!p->url)
		p->url = f->url;
	return NULL;
}

/* An answer to a refund counts once. */
static void apply_refund(struct payment *p, const struct payment_news *n)
{
	if (n->what == WHAT_REFUND_ASKED) {
		p->asked_minor += n->refund_minor;
		return;
	}
	if (!is(n->refund_state, "requested"))
		return;
	p->asked_minor -= n->refund_minor;
	if (n->what == WHAT_REFUND_DONE)
		p->done_minor += n->refund_minor;
}

static int64_t kept_by(const struct payment_dispute *d)
{
	return is(d->state, "open") || is(d->state, "lost") ? d->amount_minor : 0;
}

static void sum_disputes(struct payment *p)
{
	static const char *const first[] = {"open", "lost", "won"};
	p->disputed_minor = kept_by(&p->about) + p->others.amount_minor;
	for (size_t i = 0; i < sizeof first / sizeof *first; i++)
		if (is(p->about.state, first[i]) || is(p->others.state, first[i])) {
			p->dispute = first[i];
			return;
		}
}

const char *payment_apply(struct payment *p, const struct payment_news *n)
{
	const char *wrong = NULL;
	struct payment after = *p;
	if (n->what == WHAT_FACT)
		wrong = apply_fact(&after, n);
	else
		apply_refund(&after, n);
	if (wrong)
		return wrong;
	sum_disputes(&after);
	after.state = state_of(&after);
	after.debited_minor = debit_of(&after);
	*p = after;
	return NULL;
}

static bool same(const char *a, const char *b)
{
	return a == b || is(a, b);
}

bool payment_differs(const struct payment *a, const struct payment *b)
{
	return !same(a->state, b->state) || !same(a->reason, b->reason) ||
	       !same(a->checkout_ref, b->checkout_ref) || !same(a->payment_ref, b->payment_ref) ||
	       !same(a->url, b->url) || !same(a->dispute, b->dispute) ||
	       !same(a->paid_at, b->paid_at) || !same(a->failed_at, b->failed_at) ||
	       !same(a->expired_at, b->expired_at) || a->refunded_minor != b->refunded_minor ||
	       a->disputed_minor != b->disputed_minor || a->debited_minor != b->debited_minor ||
	       a->asked_minor != b->asked_minor || a->done_minor != b->done_minor ||
	       a->returned_minor != b->returned_minor || !same(a->about.state, b->about.state) ||
	       a->about.amount_minor != b->about.amount_minor;
}
