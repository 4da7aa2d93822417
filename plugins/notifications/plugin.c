/* Notifications: what has happened is told by e-mail, webhook, text message and push. */
#include "notifications.h"

#define SEE "admin operator readonly"
#define CHANGE "admin operator"
#define SUBSCRIPTIONS "/api/admin/subscriptions"
#define DELIVERIES "/api/admin/deliveries"
#define TEMPLATES "/api/admin/notification-templates"
#define GATEWAYS "/api/admin/notification-gateways"
#define SWEEP_EVERY_MS 600000u
#define AT(member) offsetof(struct config, member)

static const struct bb_option options[] = {
    {"smtp", BB_OPT_STR, BB_RELOADABLE, AT(smtp), "",
     "the mail server: smtp://host:587 or smtps://host:465; \"\": no e-mail", 0, 0, NULL},
    {"smtp_tls", BB_OPT_ENUM, BB_RELOADABLE, AT(smtp_tls), "required",
     "STARTTLS with smtp://: required, used if offered, or none", 0, 0, "required|offered|none"},
    {"smtp_user", BB_OPT_STR, BB_RELOADABLE, AT(smtp_user), "", "login; \"\": without", 0, 0, NULL},
    {"smtp_password", BB_OPT_STR, BB_RELOADABLE | BB_SECRET, AT(smtp_password), "", "its password",
     0, 0, NULL},
    {"smtp_ca", BB_OPT_STR, BB_RELOADABLE, AT(smtp_ca), "",
     "PEM file of who vouches for the mail server; \"\": as transfer.ca", 0, 0, NULL},
    {"from", BB_OPT_STR, BB_RELOADABLE, AT(from), "",
     "the sender's address; its name is the operator's", 0, 0, NULL},
    {"offline_after", BB_OPT_MSEC, BB_RELOADABLE, AT(offline_ms), "5m",
     "how long a charger is away before it is told", 1000, 864000000, NULL},
    {"tries", BB_OPT_INT, BB_RELOADABLE, AT(tries), "12", "attempts before a delivery is given up",
     1, 100, NULL},
    {"backoff", BB_OPT_MSEC, BB_RELOADABLE, AT(backoff_ms), "10s",
     "the pause after the first failure; each further one is twice as long", 100, 86400000, NULL},
    {"longest_backoff", BB_OPT_MSEC, BB_RELOADABLE, AT(backoff_most_ms), "6h", "but not longer",
     100, 86400000, NULL},
    {"timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(timeout_ms), "20s", "for one attempt", 100, 120000,
     NULL},
    {"disable_after", BB_OPT_MSEC, BB_RELOADABLE, AT(disable_ms), "5d",
     "a subscription that has done nothing but fail for so long is switched off; 0: never", 0, 0,
     NULL},
    {"overlap", BB_OPT_MSEC, BB_RELOADABLE, AT(overlap_ms), "60s",
     "how far each look for what has happened goes back behind the last one", 1000, 3600000, NULL},
    {"retention", BB_OPT_MSEC, BB_RELOADABLE, AT(retention_ms), "30d",
     "age at which events and their deliveries are deleted; 0: never", 0, 0, NULL},
    {"at_once", BB_OPT_INT, BB_RELOADABLE, AT(at_once), "32", "most deliveries on their way", 1,
     1000, NULL},
};

static const struct bb_route routes[] = {
    {"GET", SUBSCRIPTIONS, SEE, subscription_list, "Who is told of what", NULL,
     "rest/subscription_list", "limit cursor channel user", BB_OWNER, 0},
    {"POST", SUBSCRIPTIONS, CHANGE, subscription_new, "Have somebody told", "rest/subscription_new",
     "rest/subscription_made", NULL, BB_OWNER, 0},
    {"GET", SUBSCRIPTIONS "/{id}", SEE, subscription_get, "One subscription", NULL,
     "rest/subscription", NULL, BB_OWNER, 0},
    {"PUT", SUBSCRIPTIONS "/{id}", CHANGE, subscription_put, "Change it", "rest/subscription_put",
     "rest/subscription", NULL, BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", SUBSCRIPTIONS "/{id}", CHANGE, subscription_delete,
     "End it, with what waits to be delivered", NULL, NULL, NULL, BB_OWNER, 0},
    {"POST", SUBSCRIPTIONS "/{id}/rotate-secret", CHANGE, subscription_rotate,
     "A new secret; the old one signs as well for a while", "rest/subscription_rotate",
     "rest/subscription_made", NULL, BB_OWNER, 0},
    {"POST", SUBSCRIPTIONS "/{id}/test", CHANGE, subscription_test, "Deliver a test", NULL,
     "rest/subscription_test", NULL, BB_OWNER, 0},
    {"GET", WEBHOOKS, SEE, subscription_list, "Subscriptions of the channel webhook", NULL,
     "rest/subscription_list", "limit cursor user", BB_OWNER, 0},
    {"POST", WEBHOOKS, CHANGE, subscription_new, "Have a URL told", "rest/webhook_new",
     "rest/subscription_made", NULL, BB_OWNER, 0},
    {"GET", WEBHOOKS "/{id}", SEE, subscription_get, "One webhook", NULL, "rest/subscription", NULL,
     BB_OWNER, 0},
    {"PUT", WEBHOOKS "/{id}", CHANGE, subscription_put, "Change it", "rest/subscription_put",
     "rest/subscription", NULL, BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", WEBHOOKS "/{id}", CHANGE, subscription_delete,
     "End it, with what waits to be delivered", NULL, NULL, NULL, BB_OWNER, 0},
    {"POST", WEBHOOKS "/{id}/rotate-secret", CHANGE, subscription_rotate,
     "A new secret; the old one signs as well for a while", "rest/subscription_rotate",
     "rest/subscription_made", NULL, BB_OWNER, 0},
    {"POST", WEBHOOKS "/{id}/test", CHANGE, subscription_test, "Deliver a test", NULL,
     "rest/subscription_test", NULL, BB_OWNER, 0},
    {"GET", WEBHOOKS "/{id}/deliveries", SEE, webhook_deliveries,
     "What it was sent, the newest first", NULL, "rest/delivery_list", "limit cursor state event",
     BB_OWNER, 0},
    {"GET", DELIVERIES, SEE, delivery_list, "Notifications, the newest first", NULL,
     "rest/delivery_list", "limit cursor subscription_id state event", BB_OWNER, 0},
    {"GET", DELIVERIES "/{id}", SEE, delivery_get, "One, with its attempts", NULL, "rest/delivery",
     NULL, BB_OWNER, 0},
    {"POST", DELIVERIES "/{id}/redeliver", CHANGE, delivery_again, "Deliver it once more", NULL,
     "rest/delivery", NULL, BB_OWNER, 0},
    {"GET", TEMPLATES, SEE, template_list, "Own texts, by language", NULL,
     "rest/notification_template_list", "limit cursor operator_id", BB_OWNER, 0},
    {"GET", TEMPLATES "/{language}", SEE, template_get, "Those of one language", NULL,
     "rest/notification_template", "operator_id", BB_OWNER, 0},
    {"PUT", TEMPLATES "/{language}", CHANGE, template_put, "Write them",
     "rest/notification_template_put", "rest/notification_template", "operator_id", BB_OWNER, 0,
     BB_HEEDS_IF_MATCH},
    {"DELETE", TEMPLATES "/{language}", CHANGE, template_delete, "Back to the bundled ones", NULL,
     NULL, "operator_id", BB_OWNER, 0},
    {"GET", GATEWAYS "/{channel}", SEE, gateway_get, "How text messages or pushes are sent", NULL,
     "rest/notification_gateway", "operator_id", BB_OWNER, 0},
    {"PUT", GATEWAYS "/{channel}", CHANGE, gateway_put, "Say how", "rest/notification_gateway_put",
     "rest/notification_gateway", "operator_id", BB_OWNER, 0, BB_HEEDS_IF_MATCH},
    {"DELETE", GATEWAYS "/{channel}", CHANGE, gateway_delete, "Send them no more", NULL, NULL,
     "operator_id", BB_OWNER, 0},
};

static const struct bb_question questions[] = {
    {"notify", "open", "hooks/notify", "shall this be told, and in which words?"},
};

/* They say when to look; what has happened is in the tables. */
static const struct bb_topic topics[] = {
    {"transaction.started", on_fact}, {"transaction.ended", on_fact},
    {"transaction.billed", on_fact},  {"wallet.low", on_fact},
    {"session.cut_off", on_fact},     {"security.event", on_fact},
    {"firmware.ended", on_fact},      {"task.dead", on_fact},
    {"connector.status", on_status},
};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_FACTS_STARTED] = "facts_started",
    [Q_FACTS_CUT_OFF] = "facts_cut_off",
    [Q_FACTS_STOPPED] = "facts_stopped",
    [Q_FACTS_BILLED] = "facts_billed",
    [Q_FACTS_LOW] = "facts_low",
    [Q_FACTS_FAULTED] = "facts_faulted",
    [Q_FACTS_SECURITY] = "facts_security",
    [Q_FACTS_FIRMWARE] = "facts_firmware",
    [Q_FACTS_SIGNED_FIRMWARE] = "facts_signed_firmware",
    [Q_FACTS_DEAD] = "facts_dead",
    [Q_LOOKED] = "looked",
    [Q_LOOKED_SET] = "looked_set",
    [Q_LISTENERS] = "listeners",
    [Q_EVENT_ADD] = "event_add",
    [Q_DELIVERY_ADD] = "delivery_add",
    [Q_NOTICE_ADD] = "notice_add",
    [Q_SILENT] = "silent",
    [Q_OUTAGES] = "outages",
    [Q_OUTAGE_ADD] = "outage_add",
    [Q_OUTAGE_END] = "outage_end",
    [Q_DUE] = "due",
    [Q_CLAIM] = "claim",
    [Q_RELEASE] = "release",
    [Q_RELEASE_ALL] = "release_all",
    [Q_DELIVERY_FACTS] = "delivery_facts",
    [Q_ATTEMPT_ADD] = "attempt_add",
    [Q_DELIVERY_SET] = "delivery_set",
    [Q_SUBSCRIBER_WELL] = "subscriber_well",
    [Q_SUBSCRIBER_FAILING] = "subscriber_failing",
    [Q_SUBSCRIBER_DISABLE] = "subscriber_disable",
    [Q_SWEEP_EVENTS] = "sweep_events",
    [Q_SUBSCRIPTION_LIST] = "subscription_list",
    [Q_SUBSCRIPTION_GET] = "subscription_get",
    [Q_SUBSCRIPTION_INSERT] = "subscription_insert",
    [Q_SUBSCRIPTION_UPDATE] = "subscription_update",
    [Q_SUBSCRIPTION_SECRET] = "subscription_secret",
    [Q_SUBSCRIPTION_DELETE] = "subscription_delete",
    [Q_DELIVERY_LIST] = "delivery_list",
    [Q_DELIVERY_GET] = "delivery_get",
    [Q_ATTEMPT_LIST] = "attempt_list",
    [Q_DELIVERY_AGAIN] = "delivery_again",
    [Q_TEMPLATE_LIST] = "template_list",
    [Q_TEMPLATE_GET] = "template_get",
    [Q_TEMPLATE_PUT] = "template_put",
    [Q_TEMPLATE_DELETE] = "template_delete",
    [Q_GATEWAY_GET] = "gateway_get",
    [Q_GATEWAY_PUT] = "gateway_put",
    [Q_GATEWAY_DELETE] = "gateway_delete",
};

static const char *const needs[] = {"transfer/1", "chargers/1", "transactions/1", "wallet/1", NULL};

/* Facts may be those of a plugin that is not loaded. */
static int find_queries(struct notify *p)
{
	for (uint32_t i = 0; i < Q_COUNT_OF; i++) {
		p->q[i] = p->api->query(p->me, query_names[i]);
		if (!p->q[i] && i > Q_FACTS_DEAD)
			return -ENOENT;
	}
	return 0;
}

/* "": no e-mail. */
static bool is_mail_server(const char *url)
{
	const char *host = !strncmp(url, "smtp://", 7)    ? url + 7
			   : !strncmp(url, "smtps://", 8) ? url + 8
							  : "";
	return !*url ||
	       (*host && *host != '/' && !strpbrk(host, " \"<>") && !bb_has_controls(host));
}

static bool is_sender(const char *address)
{
	const char *at = strchr(address, '@');
	return !*address || (at && at > address && at[1] && !strpbrk(address, " \"<>,;") &&
			     !bb_has_controls(address));
}

static bool is_usable(struct bb *me, const struct bb_api *api, const struct config *cfg)
{
	if (!is_mail_server(cfg->smtp)) {
		struct bb_arena *a = api->arena_new();
		api->log(me, BB_ERROR,
			 "notifications.smtp is \"%s\"; it must be like "
			 "\"smtp://mail.example:587\" or \"smtps://mail.example:465\"",
			 bb_url_shown(a, cfg->smtp));
		api->arena_free(a);
		return false;
	}
	if (!is_sender(cfg->from)) {
		api->log(me, BB_ERROR,
			 "notifications.from is \"%s\"; it must be an address like "
			 "\"charging@example.com\"",
			 cfg->from);
		return false;
	}
	return true;
}

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct notify filled = {.me = me, .api = api, .cfg = cfg};
	if (!is_usable(me, api, cfg))
		return -EINVAL;
	filled.transfer = api->service(me, "transfer/1", sizeof *filled.transfer);
	int err = filled.transfer ? find_queries(&filled) : -ENOENT;
	if (!err)
		err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		email_open(*self);
	return err;
}

static void on_sweep(void *arg)
{
	struct notify *p = arg;
	if (!p->cfg->retention_ms)
		return;
	struct bb_arena *a = p->api->arena_new();
	struct bb_val before = bb_time(p->api, a, p->api->now_ms() - p->cfg->retention_ms);
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_SWEEP_EVENTS], 1, &before, NULL, NULL);
	p->api->commit(unit, NULL, NULL);
	p->api->arena_free(a);
}

static int start(void *self)
{
	struct notify *p = self;
	look_start(p);
	deliver_start(p);
	p->sweep_timer = p->api->timer(p->me, SWEEP_EVERY_MS, true, on_sweep, p);
	on_sweep(p);
	return 0;
}

static int reload(void *self, const void *cfg)
{
	struct notify *p = self;
	if (!is_usable(p->me, p->api, cfg))
		return -EINVAL;
	p->cfg = cfg;
	return 0;
}

static void stop(void *self)
{
	struct notify *p = self;
	p->stopped = true;
	p->api->release(p->look_timer);
	p->api->release(p->look_soon);
	p->api->release(p->due_timer);
	p->api->release(p->sweep_timer);
}

static void fini(void *self)
{
	struct notify *p = self;
	free((char *)p->looked_until);
	free(p);
}

BB_PLUGIN(notifications, .version = "1.0", .needs = needs, .gives = "notifications/1",
	  .service = &notifications_service, .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .routes = BB_TABLE(route, routes),
	  .questions = BB_TABLE(question, questions), .topics = BB_TABLE(topic, topics),
	  .init = init, .start = start, .reload = reload, .stop = stop, .fini = fini);
