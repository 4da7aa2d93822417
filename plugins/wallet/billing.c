#include "billing.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

int64_t bill_tax_part(int64_t tax_minor, int64_t amount_minor, int64_t part_minor)
{
	if (!amount_minor)
		return 0;
	return llround((double)tax_minor * (double)part_minor / (double)amount_minor);
}

static bool is(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static const char *objection(const struct bill_facts *f, bool billed)
{
	if (is(f->price_state, "failed"))
		return "price_failed";
	if (!is(f->price_state, "priced"))
		return "no_price";
	if (billed && !is(f->bill_currency, f->currency))
		return "currency";
	if (!f->user_id)
		return "no_user";
	if (!f->wallet_id)
		return "no_wallet";
	return is(f->wallet_currency, f->currency) ? NULL : "currency";
}

/* The whole bill, as if the wallet could give all of it. */
static void charge(const struct bill_facts *f, struct bill_verdict *v)
{
	v->amount_minor = f->price_minor > f->refunded_minor ? f->price_minor : f->refunded_minor;
	v->tax_minor = v->amount_minor == f->price_minor
			   ? f->tax_minor
			   : bill_tax_part(f->billed_tax_minor, f->billed_minor, v->amount_minor);
	if (f->billed_minor &&
	    v->amount_minor == f->billed_minor) /* no entry carries another tax */
		v->tax_minor = f->billed_tax_minor;
}

/* What the wallet can give of it. */
static void fit(const struct bill_facts *f, struct bill_verdict *v)
{
	int64_t room = f->room_minor > 0 ? f->room_minor : 0;
	int64_t wanted = v->amount_minor - f->billed_minor;
	if (wanted <= room)
		return;
	v->owed_minor = wanted - room;
	v->tax_minor =
	    room ? bill_tax_part(v->tax_minor, v->amount_minor, v->amount_minor - v->owed_minor)
		 : f->billed_tax_minor;
	v->amount_minor -= v->owed_minor;
	v->reason = "insufficient_balance";
}

/* Is the bill as the verdict wants it? */
static bool stands(const struct bill_facts *f, const struct bill_verdict *v)
{
	return f->state && f->owed_minor == v->owed_minor &&
	       (v->reason ? is(f->reason, v->reason) : !f->reason);
}

struct bill_verdict bill_verdict_of(const struct bill_facts *f)
{
	struct bill_verdict v = {.step = BILL_NOTHING};
	bool billed = f->billed_minor || (f->state && strcmp(f->state, "unbilled") != 0);
	if (!f->over || (billed && !is(f->price_state, "priced")))
		return v;
	v.reason = objection(f, billed);
	v.amount_minor = f->billed_minor;
	v.tax_minor = f->billed_tax_minor;
	if (!v.reason) {
		charge(f, &v);
		fit(f, &v);
	}
	v.change_minor = v.amount_minor - f->billed_minor;
	v.tax_change_minor = v.tax_minor - f->billed_tax_minor;
	v.correction = billed;
	if (v.change_minor)
		v.step = BILL_POST;
	else if (v.reason)
		v.step = stands(f, &v) ? BILL_NOTHING : BILL_NOTE;
	else if (!stands(f, &v) || !is(f->priced_at, f->bill_priced_at))
		v.step = BILL_SET;
	return v;
}
