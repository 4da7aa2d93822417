/* What the ledger is to have of a payment: stored beside the posting itself, so that one without
 * the other is seen. A posting that the wallet's limit refuses is tried again later. */
#include "payments.h"

void ledger_add(struct payments *p, struct bb_unit *unit, struct bb_arena *a,
		const struct payment *of, const char *kind, const char *reference,
		int64_t amount_minor)
{
	const struct bb_val v[] = {bb_text(of->operator_id), bb_text(kind),
				   bb_text(reference),       bb_text(of->id),
				   bb_i64(amount_minor),     bb_now(p->api, a)};
	const struct bb_wallet_entry entry = {
	    .wallet_id = of->wallet_id,
	    .kind = kind,
	    .reference = reference,
	    .account = "cash",
	    .amount_minor = amount_minor,
	    .currency = of->currency,
	    .made_by = "payments",
	};
	if (of->id)
		p->api->add(unit, p->q[Q_POSTING], sizeof v / sizeof *v, v, NULL, NULL);
	p->wallets->post(unit, a, &entry, NULL, NULL);
	p->api->add(unit, p->q[Q_POSTED], 3, v, NULL, NULL);
}
