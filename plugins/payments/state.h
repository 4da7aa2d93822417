/* What a payment is after what has been told of it, in whatever order, and what the ledger shall
 * have of it. Pure. */
#ifndef PAYMENTS_STATE_H
#define PAYMENTS_STATE_H
#include <busbar/payments.h>

/* state NULL: there is none. */
struct payment_dispute {
	const char *state;
	int64_t amount_minor;
};

/* A payment as stored. Texts are borrowed. */
struct payment {
	const char *id, *operator_id, *user_id, *gateway, *currency;
	int64_t wallet_id, amount_minor;
	const char *state, *reason, *checkout_ref, *payment_ref, *url;
	const char *paid_at, *failed_at, *expired_at; /* NULL: it has not */
	int64_t refunded_minor;                       /* in all, as the gateway has told */
	int64_t disputed_minor;                       /* what disputes keep from us, in all */
	const char *dispute; /* open, if one is; else lost, if one is; else won; NULL: never */
	int64_t debited_minor, version;
	const char *look_at, *expires_at;
	/* Sums of refunds that were asked for here: not answered, done, done and come to nothing.
	 */
	int64_t asked_minor, done_minor, returned_minor;
	/* The dispute that the news are about, and what all others come to. */
	struct payment_dispute about, others;
};

enum payment_what {
	WHAT_FACT,
	WHAT_REFUND_ASKED,
	WHAT_REFUND_DONE,
	WHAT_REFUND_REFUSED,
};

/* One thing that has happened to a payment. */
struct payment_news {
	enum payment_what what;
	const struct bb_payment_fact *fact; /* of WHAT_FACT */
	/* The refund that it is about: its state so far (NULL: there is none) and amount. */
	const char *refund_state;
	int64_t refund_minor;
	const char *now;
};

/* The payment after the news; returns NULL, or why they do not fit it, and then nothing has
 * changed. Told a second time they change nothing. */
const char *payment_apply(struct payment *, const struct payment_news *);

/* What may still be refunded. */
int64_t payment_left(const struct payment *);
/* Was anything changed that is stored? */
bool payment_differs(const struct payment *, const struct payment *);
#endif
