/* The plugin's own: what its files share. */
#ifndef WALLET_WALLET_H
#define WALLET_WALLET_H
#include <busbar/rest.h>
#include <busbar/wallet.h>

struct config {
	int64_t start_minimum_minor, hold_minor, hold_for_ms, hold_at_most_ms, cut_off_ahead_ms;
};

/* In the order of query_names in plugin.c. */
enum query {
	Q_LOCK,
	Q_JOURNAL,
	Q_MOVE,
	Q_PAIR,
	Q_OUTCOME,
	Q_FIND,
	Q_GET,
	Q_OF_USER,
	Q_LIST,
	Q_INSERT,
	Q_UPDATE,
	Q_DELETE,
	Q_ENTRIES,
	Q_JOURNAL_ENTRIES,
	Q_JOURNAL_BY_REFERENCE,
	Q_BILL_FACTS,
	Q_BILL_NOTE,
	Q_BILL_SET,
	Q_BILL_USER,
	Q_BILL_REFUND,
	Q_HOLD_RELEASE,
	Q_OWED,
	Q_BILL_LIST,
	Q_BILL_GET,
	Q_BILL_WANTED,
	Q_HOLDER,
	Q_HOLDS_EXPIRE_OF,
	Q_HOLD,
	Q_HOLD_LINK,
	Q_HOLD_DROP,
	Q_HOLDS_LINK,
	Q_HOLDS_EXPIRE,
	Q_HOLD_RAISE,
	Q_LEFT_FOR,
	Q_LEDGERS,
	Q_DIFFERENCES,
	Q_COUNT_OF
};

struct wallet {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
};

/* service.c: the service wallet/1. */
extern const struct bb_wallets wallet_service;
void service_open(struct wallet *);

/* wallet_read.c. wallet_json(): of a row of the view wallet_rows whose column 0 is a cursor.
 * wallet_show() ends a call with the wallet in the rows. */
bb_call_fn wallet_list, wallet_get, wallet_of_user, wallet_entries, entries_of_user;
const struct bb_json *wallet_json(struct bb_arena *, const struct bb_rows *, uint32_t row,
				  void *arg);
bb_rest_fn wallet_show;
/* Finds the wallet of the path's {id}, then goes on with `step`. */
int wallet_find(struct bb_call *, struct wallet *, bb_rest_fn *step, void *arg);
/* The wallet of the path's user; a driver sees their own. */
int wallet_find_of_user(struct bb_call *, struct wallet *, bb_rest_fn *step, void *arg);

/* posting_show.c: an item of the view wallet_entry_rows. */
const struct bb_json *entry_json(struct bb_arena *, const struct bb_rows *, uint32_t row,
				 void *arg);

/* wallet_write.c */
bb_call_fn wallet_create, wallet_put, wallet_put_of_user, wallet_delete, wallet_delete_of_user;

/* change.c, refund.c: postings by an admin. */
bb_call_fn top_up, debit, adjust, refund;

/* bill.c, owed.c: the tasks. enqueue_owed() adds the latter to a unit that gives a wallet room. */
bb_call_fn bill_transaction, bill_owed;
int enqueue_owed(const struct wallet *, struct bb_unit *, struct bb_arena *, int64_t wallet_id);

/* hold.c, tick.c: the hooks `authorize` and `tick`. */
bb_call_fn authorize_hold, tick;
bb_event_fn link_hold;
bb_fn sweep_holds;

/* reconcile.c */
bb_call_fn reconciliation;

/* lua.c */
bb_call_fn lua_balance;

/* bill_rest.c */
bb_call_fn bill_list, bill_get, bill_again;

/* Who asks: the key's name. */
const char *asked_by(const struct bb_api *, struct bb_call *);
/* 422 with one fault. */
void refuse(struct bb_rest *, const char *path, const char *rule);
#endif
