/* Users' wallets: the service "wallet/1", given by the plugin wallet. See docs/wallet.md.
 *
 * Everything here is for the loop thread. A plugin that uses it says "wallet/1" in its `needs`, and
 * asks for it in init() or later:
 *
 *     const struct bb_wallets *wallets = api->service(me, "wallet/1", sizeof *wallets);
 *
 * Amounts are integers of the currency's minor unit. */
#ifndef BUSBAR_WALLET_H
#define BUSBAR_WALLET_H
#include <stdint.h>

#include <busbar/plugin.h>

#define BB_WALLET_MOST INT64_C(1000000000000) /* of any amount, either way */
#define BB_WALLET_UNLIMITED INT64_MAX

/* A wallet as stored. */
struct bb_wallet {
	int64_t id;
	const char *operator_id, *user_id, *currency;
	bool prepaid;
	int64_t balance_minor;
	int64_t credit_limit_minor; /* BB_WALLET_UNLIMITED: there is none */
	int64_t available_minor;    /* balance and credit, less what is held and owed; likewise */
};

/* err: 0; -ENOENT no such wallet; -EAGAIN storage is away; -ECANCELED the server stops; -EIO.
 * `wallet` lives until the callback returns. */
typedef void bb_wallet_fn(int err, const struct bb_wallet *wallet, void *arg);

/* A posting: the wallet gets `amount_minor` (less than 0: gives it), and the account gives it. */
struct bb_wallet_entry {
	int64_t wallet_id;
	const char *kind;      /* "top_up"; with `reference` what makes it the only one */
	const char *reference; /* the maker's own: "stripe/evt_1"; unique per operator and kind */
	const char *account;   /* cash, revenue, tax, adjustments */
	int64_t amount_minor;  /* not 0, at most BB_WALLET_MOST either way */
	const char *currency;  /* must be the wallet's */
	const char *reason;    /* a text for people, or NULL */
	const char *made_by;   /* a plugin's or a key's name */
};

enum bb_wallet_outcome {
	BB_WALLET_POSTED,
	BB_WALLET_REPEATED, /* this kind and reference had been posted before; nothing changed */
	BB_WALLET_REFUSED,  /* no such wallet, another currency, or beyond the credit limit */
};
/* Told when the unit has ended, before its own callback. err: as of bb_api.commit; then the outcome
 * means nothing. A posting that is refused does not fail the unit. */
typedef void bb_wallet_posted_fn(int err, enum bb_wallet_outcome, int64_t balance_minor, void *arg);

struct bb_wallets {
	uint32_t size;

	/* Adds the posting to the caller's unit: both entries, or nothing. The arena must live
	 * until the unit has ended; what `entry` points to is copied. fn may be NULL. -EINVAL: the
	 * entry is malformed, and nothing was added. */
	int (*post)(struct bb_unit *, struct bb_arena *, const struct bb_wallet_entry *entry,
		    bb_wallet_posted_fn *fn, void *arg);

	/* A user's wallet. fn runs once, never before this returns. */
	void (*find)(const char *operator_id, const char *user_id, bb_wallet_fn *fn, void *arg);
};
#endif
