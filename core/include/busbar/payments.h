/* Payment gateways: the services "payment_gateway.<name>/1", each given by a plugin that speaks
 * with one provider, and "payments/1", given by the plugin payments, which keeps the payments and
 * credits wallets. See docs/payments.md.
 *
 * A gateway knows its provider's protocol and nothing of wallets; it says "payments/1" in its
 * `needs`. The plugin payments asks for a gateway by its name when a payment needs it, so that any
 * number of them can be there. Everything here is for the loop thread.
 *
 * Amounts are integers of the currency's minor unit as ISO 4217 has it, and currencies are its
 * codes: a gateway translates what its provider counts otherwise. */
#ifndef BUSBAR_PAYMENTS_H
#define BUSBAR_PAYMENTS_H
#include <stdint.h>

#include <busbar/plugin.h>

/* A payment as a gateway sees it. Lives until the function returns. */
struct bb_payment {
	const char *id; /* a request with it is repeated under the same one: it makes it one request
			 */
	const char *operator_id, *user_id, *currency;
	int64_t amount_minor;
	const char *checkout_ref, *payment_ref; /* as facts named them; NULL while not known */
	int64_t expires_at_ms;                  /* nobody shall pay after it */
};

/* What a provider can tell of a payment. They may come in any order, and more than once. */
enum bb_payment_kind {
	BB_PAYMENT_NOTHING, /* means nothing here; it is kept for a while */
	BB_PAYMENT_OPEN,    /* it can be paid, or the money is on its way */
	BB_PAYMENT_PAID,    /* `amount_minor` and `currency`: what was paid */
	BB_PAYMENT_FAILED,  /* and it will not be paid any more */
	BB_PAYMENT_EXPIRED,
	BB_PAYMENT_REFUNDED,      /* `amount_minor`: what has been given back in all */
	BB_PAYMENT_REFUND_FAILED, /* `refund_id`: a refund that was accepted has come to nothing */
	BB_PAYMENT_DISPUTED,      /* `amount_minor`: what the provider has taken back meanwhile */
	BB_PAYMENT_DISPUTE_WON,   /* `amount_minor` again */
	BB_PAYMENT_DISPUTE_LOST,
	BB_PAYMENT_KINDS
};

struct bb_payment_fact {
	uint32_t kind;        /* enum bb_payment_kind */
	const char *event_id; /* the provider's own; the same one again changes nothing. NULL in the
				 answer to a request */
	const char *type;     /* the provider's word for it */
	/* What it names, NULL what not. The payment is found by the first that is known. */
	const char *payment_id;   /* only from a place that the payer cannot write to */
	const char *checkout_ref; /* the provider's own names of the checkout */
	const char *payment_ref;  /* and of what was paid by it */
	const char *refund_id;
	const char *url; /* where it is paid */
	int64_t amount_minor;
	const char *currency;
	const char *reason; /* a sentence for people */
	int64_t at_ms;      /* by the provider's clock; 0: unknown */
	/* The provider's own name of a dispute: a payment can have several, one after the other or
	 * at once. NULL: those without a name are one. */
	const char *dispute_ref;
};

/* A gateway's answer. err: 0 done, `fact` is what is known now (of a refund: NULL); -EREMOTEIO: the
 * provider has refused it for good; -EAGAIN: nobody knows whether it was done, or it was not and
 * may be later: it will be asked for again. `error` says why. All lives until the callback returns.
 */
typedef void bb_gateway_fn(int err, const struct bb_payment_fact *fact, const char *error,
			   void *arg);

/* "payment_gateway.<name>/1". Each fn runs once, never before the function returns. */
struct bb_gateway {
	uint32_t size;

	/* Why it cannot take such a payment, with the member that is wrong in `ret_path`
	 * ("gateway" if it is not set up at all); NULL: it can. */
	const char *(*refuses)(const char *currency, int64_t amount_minor, const char **ret_path);

	/* A page where the payment is paid: the answer is BB_PAYMENT_OPEN with checkout_ref and
	 * url. The same payment again gives the same page. */
	void (*checkout)(const struct bb_payment *, bb_gateway_fn *fn, void *arg);
	/* How it stands, by its checkout_ref. */
	void (*look)(const struct bb_payment *, bb_gateway_fn *fn, void *arg);
	/* Gives back a part or all of it, by its payment_ref, once for each `refund_id`. */
	void (*refund)(const struct bb_payment *, const char *refund_id, int64_t amount_minor,
		       bb_gateway_fn *fn, void *arg);
};

enum bb_payment_outcome {
	BB_PAYMENT_APPLIED,
	BB_PAYMENT_REPEATED,  /* it had been told before */
	BB_PAYMENT_UNMATCHED, /* no such payment; kept, and looked at again when there is one */
	BB_PAYMENT_REFUSED,   /* it does not fit the payment; put aside for people to look at */
	BB_PAYMENT_IGNORED,
};
/* err: 0 what was told is in the database, with all that follows from it; -EAGAIN storage is away;
 * -EINVAL the fact is malformed; -ECANCELED the server stops; -EIO. */
typedef void bb_payment_told_fn(int err, enum bb_payment_outcome, void *arg);

/* "payments/1". */
struct bb_payments {
	uint32_t size;

	/* What the provider of the gateway of that name has told of itself (a webhook), verified by
	 * the gateway. The fact is copied. fn runs once, perhaps before this returns. */
	void (*tell)(const char *gateway, const struct bb_payment_fact *, bb_payment_told_fn *fn,
		     void *arg);
};
#endif
