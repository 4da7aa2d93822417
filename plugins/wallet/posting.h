/* Postings to the ledger. */
#ifndef WALLET_POSTING_H
#define WALLET_POSTING_H
#include "wallet.h"

/* What became of one. */
struct posted {
	enum bb_wallet_outcome outcome;
	const char *journal_id;
	int64_t amount_minor, wallet_id; /* as posted; of a repetition, as it was the first time */
	int64_t balance_minor;
	bool fits; /* within the credit limit */
};
/* err: as of bb_api.commit; `p` is NULL then. It lives in the posting's arena. */
typedef void posted_fn(int err, const struct posted *p, void *arg);

/* What it looked like when its bill was looked at. */
struct bill_seen {
	int64_t amount_minor, refunded_minor;
};

struct posting {
	struct bb_wallet_entry entry;
	int64_t tax_minor;            /* the part of the amount that the account `tax` gives */
	int64_t transaction_id;       /* 0: none */
	const struct bill_seen *seen; /* NULL: it has nothing to do with a bill */
	posted_fn *fn;
	void *arg;
};

/* Adds it to the unit; fn is told when that has ended. The arena must live until then. Its
 * journal's id, by which later statements of the unit know whether it was posted; NULL: the entry
 * is malformed, nothing was added. */
const char *posting_add(struct wallet *, struct bb_unit *, struct bb_arena *,
			const struct posting *);

/* posting_show.c: each ends the call. posting_answer(): 201, or 200 for a repetition, with the
 * posting; or what was wrong with it. */
void posting_show(struct bb_rest *, const char *journal_id);
void posting_answer(struct bb_rest *, const struct posting *asked, const struct posted *);
#endif
