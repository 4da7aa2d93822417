/* wallet: users' money, in a ledger; what sessions cost is taken from it. */
#include "wallet.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define OWN "admin operator user readonly"
#define WALLETS "/api/admin/wallets"
#define TRANSACTION "/api/admin/transactions/{id}"
#define ENTRY_FILTERS "limit cursor account kind transaction from to"

#define AT(member) offsetof(struct config, member)
#define MINUTE INT64_C(60000)
#define DAY INT64_C(86400000)

static const struct bb_option options[] = {
    {"start_minimum_minor", BB_OPT_INT, BB_RELOADABLE, AT(start_minimum_minor), "100",
     "what a prepaid wallet must have for a session to start; minor units of its currency", 0,
     BB_WALLET_MOST, NULL},
    {"hold_minor", BB_OPT_INT, BB_RELOADABLE, AT(hold_minor), "2000",
     "how much of it is held for the session, if there is as much; likewise", 0, BB_WALLET_MOST,
     NULL},
    {"hold_for", BB_OPT_MSEC, BB_RELOADABLE, AT(hold_for_ms), "10m",
     "how long a hold waits for its session to be stored", 1000, DAY, NULL},
    {"hold_at_most", BB_OPT_MSEC, BB_RELOADABLE, AT(hold_at_most_ms), "7d",
     "how long a session that never ends holds money", MINUTE, 365 * DAY, NULL},
    {"cut_off_ahead", BB_OPT_MSEC, BB_RELOADABLE, AT(cut_off_ahead_ms), "0s",
     "how long before its money is used up a session is cut off; whole seconds", 0, 60 * MINUTE,
     NULL},
};

static const struct bb_route routes[] = {
    {"GET", WALLETS, SEE, wallet_list, "Wallets", NULL, "rest/wallet_list",
     "limit cursor user mode currency", BB_OWNER, 0},
    {"POST", WALLETS, CHANGE, wallet_create, "Give a user a wallet", "rest/wallet_new",
     "rest/wallet", NULL, BB_OWNER, 0},
    {"GET", WALLETS "/reconciliation", SEE, reconciliation,
     "Is the ledger right in itself, and does it say what the sessions say?", NULL,
     "rest/wallet_reconciliation", NULL, BB_OWNER, 0},
    {"GET", WALLETS "/{id}", SEE, wallet_get, "A wallet with its balance", NULL, "rest/wallet",
     NULL, BB_OWNER, 0},
    {"PUT", WALLETS "/{id}", CHANGE, wallet_put,
     "Change a wallet's settings; members left out stay as they are", "rest/wallet_put",
     "rest/wallet", NULL, BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", WALLETS "/{id}", CHANGE, wallet_delete,
     "Remove a wallet to which nothing has happened", NULL, NULL, NULL, BB_OWNER, 0},
    {"GET", WALLETS "/{id}/entries", SEE, wallet_entries,
     "What has been posted to a wallet, both sides of it, newest first", NULL,
     "rest/wallet_entry_list", ENTRY_FILTERS, BB_OWNER, 0},
    {"POST", WALLETS "/{id}/top-ups", CHANGE, top_up, "Put money on a wallet", "rest/wallet_top_up",
     "rest/wallet_posting", NULL, BB_OWNER, 0},
    {"POST", WALLETS "/{id}/debits", CHANGE, debit,
     "Take from a wallet what something else than a session costs", "rest/wallet_debit",
     "rest/wallet_posting", NULL, BB_OWNER, 0},
    {"POST", WALLETS "/{id}/adjustments", CHANGE, adjust,
     "Correct a wallet's balance, up or down, with a reason", "rest/wallet_adjustment",
     "rest/wallet_posting", NULL, BB_OWNER, 0},
    {"POST", WALLETS "/{id}/refunds", CHANGE, refund,
     "Give back what a session was billed at, or a part of it", "rest/wallet_refund",
     "rest/wallet_posting", NULL, BB_OWNER, 0},
    {"GET", "/api/admin/bills", SEE, bill_list, "What became of sessions' prices, newest first",
     NULL, "rest/bill_list", "limit cursor state reason user wallet from to", BB_OWNER, 0},
    {"GET", TRANSACTION "/bill", SEE, bill_get, "What became of a session's price", NULL,
     "rest/bill_of_transaction", NULL, BB_OWNER, 0},
    {"POST", TRANSACTION "/bill", CHANGE, bill_again, "Bill a session that is unbilled, soon",
     "rest/bill_again", "rest/bill_again_answer", NULL, BB_OWNER, 0},
    {"GET", "/api/admin/users/{id}/wallet", SEE, wallet_of_user, "A user's wallet", NULL,
     "rest/wallet", "operator_id", BB_OWNER, 0},
    {"POST", "/api/admin/users/{id}/wallet", CHANGE, wallet_create, "Give the user a wallet",
     "rest/user_wallet_new", "rest/wallet", NULL, BB_OWNER, 0},
    {"PUT", "/api/admin/users/{id}/wallet", CHANGE, wallet_put_of_user,
     "Change its settings; members left out stay as they are", "rest/wallet_put", "rest/wallet",
     "operator_id", BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", "/api/admin/users/{id}/wallet", CHANGE, wallet_delete_of_user,
     "Remove it, if nothing has happened to it", NULL, NULL, "operator_id", BB_OWNER, 0},
    {"GET", "/api/admin/users/{id}/wallet/entries", SEE, entries_of_user,
     "What has been posted to it, newest first", NULL, "rest/wallet_entry_list",
     ENTRY_FILTERS " operator_id", BB_OWNER, 0},
    {"GET", "/users/{id}/wallet", OWN, wallet_of_user, "A user's wallet; a driver sees their own",
     NULL, "rest/wallet", "operator_id", BB_OWNER, 0},
    {"GET", "/users/{id}/wallet/entries", OWN, entries_of_user,
     "What has been posted to it; a driver sees their own", NULL, "rest/wallet_entry_list",
     ENTRY_FILTERS " operator_id", BB_OWNER, 0},
};

static const struct bb_task tasks[] = {
    {"bill_transaction", 10, 5000, bill_transaction},
    {"bill_owed", 10, 5000, bill_owed},
};

static const struct bb_luafn functions[] = {
    {"balance", "(user_id)", "what is on the user's wallet, nil if there is none", lua_balance},
};
static const struct bb_hook hooks[] = {{"authorize", 900, authorize_hold}, {"tick", 900, tick}};
static const struct bb_topic topics[] = {{"transaction.started", link_hold}};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_LOCK] = "lock",
    [Q_JOURNAL] = "journal",
    [Q_MOVE] = "move",
    [Q_PAIR] = "pair",
    [Q_OUTCOME] = "outcome",
    [Q_FIND] = "find",
    [Q_GET] = "get",
    [Q_OF_USER] = "of_user",
    [Q_LIST] = "list",
    [Q_INSERT] = "insert",
    [Q_UPDATE] = "update",
    [Q_DELETE] = "delete",
    [Q_ENTRIES] = "entries",
    [Q_JOURNAL_ENTRIES] = "journal_entries",
    [Q_JOURNAL_BY_REFERENCE] = "journal_by_reference",
    [Q_BILL_FACTS] = "bill_facts",
    [Q_BILL_NOTE] = "bill_note",
    [Q_BILL_SET] = "bill_set",
    [Q_BILL_USER] = "bill_user",
    [Q_BILL_REFUND] = "bill_refund",
    [Q_HOLD_RELEASE] = "hold_release",
    [Q_OWED] = "owed",
    [Q_BILL_LIST] = "bill_list",
    [Q_BILL_GET] = "bill_get",
    [Q_BILL_WANTED] = "bill_wanted",
    [Q_HOLDER] = "holder",
    [Q_HOLDS_EXPIRE_OF] = "holds_expire_of",
    [Q_HOLD] = "hold",
    [Q_HOLD_LINK] = "hold_link",
    [Q_HOLD_DROP] = "hold_drop",
    [Q_HOLDS_LINK] = "holds_link",
    [Q_HOLDS_EXPIRE] = "holds_expire",
    [Q_HOLD_RAISE] = "hold_raise",
    [Q_LEFT_FOR] = "left_for",
    [Q_LEDGERS] = "ledgers",
    [Q_DIFFERENCES] = "differences",
};

static const char *const needs[] = {"chargers/1", "transactions/1", "authorization/1", NULL};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct wallet filled = {.me = me, .api = api, .cfg = cfg};
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		service_open(*self);
	return err;
}

static int start(void *self)
{
	struct wallet *p = self;
	sweep_holds(p);
	return p->api->timer(p->me, MINUTE, true, sweep_holds, p) ? 0 : -ENOMEM;
}

static int reload(void *self, const void *cfg)
{
	struct wallet *p = self;
	p->cfg = cfg;
	return 0;
}

BB_PLUGIN(wallet, .version = "1.0", .needs = needs, .gives = "wallet/1", .service = &wallet_service,
	  .config_size = sizeof(struct config), .options = BB_TABLE(option, options),
	  .routes = BB_TABLE(route, routes), .hooks = BB_TABLE(hook, hooks),
	  .topics = BB_TABLE(topic, topics), .tasks = BB_TABLE(task, tasks),
	  .lua = BB_TABLE(luafn, functions), .init = init, .start = start, .reload = reload,
	  .fini = free);
