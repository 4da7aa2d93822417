/* payments: money that users pay into their wallets through payment gateways. */
#include "payments.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define OWN "admin operator user readonly"
#define PAYMENTS "/api/admin/payments"
#define AT(member) offsetof(struct config, member)
#define DAY_MS INT64_C(86400000)
#define FORGET_EVERY_MS 3600000u

static const struct bb_option options[] = {
    {"gateway", BB_OPT_STR, BB_RELOADABLE, AT(gateway), "stripe",
     "the gateway of payments that name none", 0, 0, NULL},
    {"expires", BB_OPT_MSEC, BB_RELOADABLE, AT(expires_ms), "1h",
     "how long a payment can be paid; gateways have limits of their own", 60000, 30 * DAY_MS, NULL},
    {"look_after", BB_OPT_MSEC, BB_RELOADABLE, AT(look_after_ms), "60s",
     "a gateway is asked again so long after a lost answer, or after a payment's expiry", 100,
     DAY_MS, NULL},
    {"look_every", BB_OPT_MSEC, BB_RELOADABLE, AT(look_every_ms), "1h",
     "and again while that does not bring the payment to its end", 1000, 30 * DAY_MS, NULL},
    {"check_every", BB_OPT_MSEC, 0, AT(check_every_ms), "10s",
     "how often it is seen what is due, and what the ledger lacks", 100, DAY_MS, NULL},
    {"keep_events", BB_OPT_MSEC, BB_RELOADABLE, AT(keep_events_ms), "90d",
     "how long gateways' events are kept; those that were refused stay", DAY_MS, 3650 * DAY_MS,
     NULL},
    {"late", BB_OPT_MSEC, BB_RELOADABLE, AT(late_ms), "1h",
     "what has had no end for so long is listed among the mismatches", 1000, 30 * DAY_MS, NULL},
};

static const struct bb_route routes[] = {
    {"POST", "/api/admin/users/{id}/wallet/checkout", CHANGE, checkout,
     "Let a user pay into their wallet: answers with a page of the gateway's",
     "rest/payment_checkout", "rest/payment", NULL, BB_OWNER, 0},
    {"POST", "/users/{id}/wallet/checkout", "admin operator user", checkout,
     "Pay into a wallet; a driver into their own", "rest/payment_checkout", "rest/payment", NULL,
     BB_OWNER, 0},
    {"GET", "/users/{id}/payments", OWN, payments_of_user,
     "A user's payments, newest first; a driver sees their own", NULL, "rest/payment_list",
     "limit cursor state gateway from to", BB_OWNER, 0},
    {"GET", "/users/{id}/payments/{payment_id}", OWN, payment_of_user,
     "One of them; a driver sees their own", NULL, "rest/payment", NULL, BB_OWNER, 0},
    {"GET", PAYMENTS, SEE, payment_list, "Payments, newest first", NULL, "rest/payment_list",
     "limit cursor state user gateway from to", BB_OWNER, 0},
    {"GET", PAYMENTS "/mismatches", SEE, mismatch_list,
     "Where payments and the ledger are not as one", NULL, "rest/payment_mismatch_list",
     "limit cursor", BB_OWNER, 0},
    {"GET", PAYMENTS "/events", SEE, event_list, "What gateways have told", NULL,
     "rest/payment_event_list", "limit cursor outcome payment", BB_OWNER, 0},
    {"GET", PAYMENTS "/{id}", SEE, payment_get, "A payment with its changes and refunds", NULL,
     "rest/payment", NULL, BB_OWNER, 0},
    {"POST", PAYMENTS "/{id}/refund", CHANGE, refund,
     "Give a payment back, or a part of it, from the wallet", "rest/payment_refund", "rest/payment",
     NULL, BB_OWNER, 0},
};

/* A refund is repeated for less than the 24 hours that gateways remember a request. */
static const struct bb_task tasks[] = {
    {"payments_look", 8, 5000, look_task},
    {"payments_refund", 12, 10000, refund_task},
};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_INSERT] = "insert",
    [Q_LOOK] = "look",
    [Q_CHANGE] = "change",
    [Q_UPDATE] = "update",
    [Q_EVENT] = "event",
    [Q_EVENT_MATCHED] = "event_matched",
    [Q_POSTING] = "posting",
    [Q_POSTED] = "posted",
    [Q_REFUND] = "refund",
    [Q_REFUND_END] = "refund_end",
    [Q_REFUND_OF] = "refund_of",
    [Q_DISPUTE] = "dispute",
    [Q_DISPUTE_NAMED] = "dispute_named",
    [Q_DUE] = "due",
    [Q_CLAIM] = "claim",
    [Q_PUT_OFF] = "put_off",
    [Q_NOW_MATCHED] = "now_matched",
    [Q_MATCHED_BY] = "matched_by",
    [Q_NOT_POSTED] = "not_posted",
    [Q_SWEEP] = "sweep",
    [Q_LIST] = "list",
    [Q_GET] = "get",
    [Q_CHANGES] = "changes",
    [Q_REFUNDS] = "refunds",
    [Q_DISPUTES] = "disputes",
    [Q_EVENTS] = "events",
    [Q_MISMATCHES] = "mismatches",
};

static const char *const needs[] = {"wallet/1", NULL};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct payments filled = {.me = me, .api = api, .cfg = cfg};
	filled.wallets = api->service(me, "wallet/1", sizeof *filled.wallets);
	int err =
	    filled.wallets ? bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q) : -ENOENT;
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		service_open(*self);
	return err;
}

static int start(void *self)
{
	struct payments *p = self;
	p->check = p->api->timer(p->me, (uint64_t)p->cfg->check_every_ms, true, again_check, p);
	p->forget = p->api->timer(p->me, FORGET_EVERY_MS, true, again_forget, p);
	again_match_since(p, 0);
	again_check(p);
	return 0;
}

static int reload(void *self, const void *cfg)
{
	struct payments *p = self;
	p->cfg = cfg;
	return 0;
}

static void stop(void *self)
{
	struct payments *p = self;
	p->api->release(p->check);
	p->api->release(p->forget);
}

BB_PLUGIN(payments, .version = "1.0", .needs = needs, .gives = "payments/1",
	  .service = &payments_service, .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .routes = BB_TABLE(route, routes),
	  .tasks = BB_TABLE(task, tasks), .init = init, .start = start, .reload = reload,
	  .stop = stop, .fini = free);
