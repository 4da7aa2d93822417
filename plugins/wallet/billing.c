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

struct bill_verdict bill_verdict_of(const struct bill_facts *f)
{
	struct bill_verdict v = {.step = BILL_NOTHING};
	bool billed = f->state && strcmp(f->state, "unbilled") != 0;
	if (!f->over || (billed && !is(f->price_state, "priced")))
		return v;
	v.reason = objection(f, billed);
	if (v.reason) {
		v.step = is(v.reason, f->reason) && !f->owed_minor ? BILL_NOTHING : BILL_NOTE;
		return v;
	}
	v.amount_minor = f->price_minor > f->refunded_minor ? f->price_minor : f->refunded_minor;
	v.tax_minor = v.amount_minor == f->price_minor
			  ? f->tax_minor
			  : bill_tax_part(f->billed_tax_minor, f->billed_minor, v.amount_minor);
	v.change_minor = v.amount_minor - f->billed_minor;
	if (billed && !v.change_minor) /* no entry could carry another tax */
		v.tax_minor = f->billed_tax_minor;
	v.tax_change_minor = v.tax_minor - f->billed_tax_minor;
	v.correction = billed;
	if (v.change_minor)
		v.step = BILL_POST;
	else if (!billed || f->reason || f->owed_minor || !is(f->priced_at, f->bill_priced_at))
		v.step = BILL_SET;
	return v;
}
