/* What a session's price means for the ledger. Pure. */
#ifndef WALLET_BILLING_H
#define WALLET_BILLING_H
#include <stdbool.h>
#include <stdint.h>

struct bill_facts {
	bool over;               /* the session is */
	const char *price_state; /* none, priced, failed */
	int64_t price_minor, tax_minor;
	const char *currency, *priced_at;
	const char *user_id; /* who pays; NULL: nobody */
	int64_t wallet_id;   /* 0: they have none */
	const char *wallet_currency;
	int64_t room_minor; /* what the wallet can give */
	/* As billed so far. */
	const char *state; /* NULL: not looked at before */
	const char *reason, *bill_currency, *bill_priced_at;
	int64_t billed_minor, billed_tax_minor, refunded_minor, owed_minor;
};

enum bill_step {
	BILL_NOTHING, /* it is as it should be, or not to be decided yet */
	BILL_NOTE,    /* nothing of it can be billed: `reason` */
	BILL_SET,     /* it is billed; nothing is to be posted */
	BILL_POST,    /* `change_minor` is to be posted */
};

struct bill_verdict {
	enum bill_step step;
	const char *reason;
	int64_t amount_minor, tax_minor; /* what the ledger shall have of it in all */
	int64_t owed_minor;              /* what does not fit into the wallet */
	int64_t change_minor, tax_change_minor;
	bool correction; /* it was billed before, at another price */
};

/* A bill is never below what was refunded of it. */
struct bill_verdict bill_verdict_of(const struct bill_facts *);
/* The tax in a part of an amount, so that the parts' taxes add up to all of it. */
int64_t bill_tax_part(int64_t tax_minor, int64_t amount_minor, int64_t part_minor);
#endif
