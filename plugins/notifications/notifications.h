/* The plugin's own: what its files share. */
#ifndef NOTIFICATIONS_H
#define NOTIFICATIONS_H
#include <busbar/notifications.h>
#include <busbar/rest.h>
#include <busbar/transfer.h>

struct config {
	const char *smtp, *smtp_tls, *smtp_user, *smtp_password, *smtp_ca, *from;
	int64_t offline_ms, tries, backoff_ms, backoff_most_ms, timeout_ms;
	int64_t disable_ms, overlap_ms, retention_ms, at_once;
};

/* In the order of query_names in plugin.c. */
enum query {
	Q_FACTS_STARTED,
	Q_FACTS_CUT_OFF,
	Q_FACTS_STOPPED,
	Q_FACTS_BILLED,
	Q_FACTS_LOW,
	Q_FACTS_FAULTED,
	Q_FACTS_SECURITY,
	Q_FACTS_FIRMWARE,
	Q_FACTS_SIGNED_FIRMWARE,
	Q_FACTS_DEAD,
	Q_LOOKED,
	Q_LOOKED_SET,
	Q_LISTENERS,
	Q_EVENT_ADD,
	Q_DELIVERY_ADD,
	Q_NOTICE_ADD,
	Q_SILENT,
	Q_OUTAGES,
	Q_OUTAGE_ADD,
	Q_OUTAGE_END,
	Q_DUE,
	Q_CLAIM,
	Q_RELEASE,
	Q_RELEASE_ALL,
	Q_DELIVERY_FACTS,
	Q_ATTEMPT_ADD,
	Q_DELIVERY_SET,
	Q_SUBSCRIBER_WELL,
	Q_SUBSCRIBER_FAILING,
	Q_SUBSCRIBER_DISABLE,
	Q_SWEEP_EVENTS,
	Q_SUBSCRIPTION_LIST,
	Q_SUBSCRIPTION_GET,
	Q_SUBSCRIPTION_INSERT,
	Q_SUBSCRIPTION_UPDATE,
	Q_SUBSCRIPTION_SECRET,
	Q_SUBSCRIPTION_DELETE,
	Q_DELIVERY_LIST,
	Q_DELIVERY_GET,
	Q_ATTEMPT_LIST,
	Q_DELIVERY_AGAIN,
	Q_TEMPLATE_LIST,
	Q_TEMPLATE_GET,
	Q_TEMPLATE_PUT,
	Q_TEMPLATE_DELETE,
	Q_GATEWAY_GET,
	Q_GATEWAY_PUT,
	Q_GATEWAY_DELETE,
	Q_COUNT_OF,
};

struct notify {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_query *q[Q_COUNT_OF];
	const struct bb_transfer *transfer;
	struct bb_slot *look_timer, *look_soon, *due_timer, *sweep_timer;
	struct pass *pass;           /* being looked at; NULL: nothing */
	bool look_again;             /* something has happened meanwhile */
	const char *looked_until;    /* malloc'd; NULL: not read yet */
	bool goes_on;                /* a table had more: the next pass begins there */
	uint32_t page;               /* so much of each table is read in a pass */
	int64_t looked_stored_ms;    /* when it was stored last */
	struct delivery *deliveries; /* on their way */
	int64_t delivery_count;
	bool asking_due, due_again, stopped;
};

/* An event to be stored, with a delivery to everybody who wants it. */
struct event {
	const char *name, *key, *operator_id, *user_id, *at;
	const struct bb_json *data;
};

/* look.c: finds what has happened since the last time, in the order of its happening. */
void look_start(struct notify *);
void look_soon(struct notify *);
bb_event_fn on_fact, on_status;

/* listeners.c: who is to be told. */
struct listeners;
struct listeners *listeners_read(const struct bb_api *, struct bb_arena *, const struct bb_rows *);
void event_add(struct notify *, struct bb_unit *, const struct listeners *, const struct event *,
	       struct bb_val now);

/* offline.c: chargers that have gone and come back; then `done`. */
void offline_look(struct notify *, const struct listeners *, bb_fn *done, void *arg);

/* deliver.c: what is due goes out. Looked at so often, and whenever there is something new. */
#define DUE_EVERY_MS 2000u
void deliver_start(struct notify *);
void deliver_soon(void *notify);

/* One delivery on its way, and all that is known of it; in its arena. */
struct delivery {
	struct notify *p;
	struct bb_arena *arena;
	int64_t id, subscription_id, tries, event_id;
	bool test;
	const char *event, *at, *operator_id, *user_id;
	const char *host; /* where it goes, as the query due says */
	bool is_failing;  /* the subscription has been, since it was well last */
	const char *channel, *target, *language;
	const char *secret, *old_secret; /* of a webhook; the old one only while it counts */
	const char *operator_name, *time_zone, *currency, *failing_since;
	const struct bb_json *data;
	const char *version, *source; /* of the operator's own template, or NULL */
	const char *method, *url, *body, *body_type, *gateway_secret;
	const struct bb_json *headers;
	const char *subject, *text, *html; /* once rendered */
	struct delivery *next;
};

/* turn.c: a row of the query due; lives as long as that. */
struct turn {
	int64_t delivery_id, subscription_id;
	const char *operator_id, *host;
	bool is_failing;
};
/* The one that is to go next; false: none may go now. */
bool turn_next(const struct notify *, const struct bb_rows *due, struct turn *ret);

/* Commits the unit; after that the delivery is over, and the next one may begin. */
void delivery_write(struct delivery *, struct bb_unit *);
/* Over as well, as if it had not been tried. */
void delivery_let_go(struct delivery *);

/* outcome.c: how an attempt has ended. */
enum outcome { DELIVERED, SUPPRESSED, FAILED, HOPELESS, CANCELLED };
void deliver_end(struct delivery *, enum outcome, int status, const char *error, uint32_t took_ms);
/* The same of what a transfer was answered. */
void deliver_answered(struct delivery *, int err, const struct bb_transfer_answer *);

/* render.c: the operator's and the bundled templates, and the hook `notify`; then deliver_send().
 */
void render(struct delivery *);
void deliver_send(struct delivery *);
/* What scripts and receivers are told of the event. */
const struct bb_json *event_json(const struct delivery *);

/* webhook.c, email.c, gateway.c */
void webhook_send(struct delivery *);
void email_send(struct delivery *);
void gateway_send(struct delivery *);

/* email.c */
extern const struct bb_notifications notifications_service;
void email_open(const struct notify *);

/* rows.c: without the cursor; the second one for lists, with the plugin as its arg. */
const struct bb_json *row_json(const struct notify *, struct bb_arena *, const struct bb_rows *,
			       uint32_t row);
const struct bb_json *row_item(struct bb_arena *, const struct bb_rows *, uint32_t row, void *arg);

/* members.c */
/* user_id, name, target, events, filter, language, active, as the body says, else as
 * they were before (NULL: a new subscription). False: one is not good, and the call has been
 * failed. */
#define MEMBERS 7
bool members_read(struct bb_rest *, const char *channel, const struct bb_json *before,
		  struct bb_val ret[MEMBERS]);

/* subscriptions.c: those of all channels, or, below this path, webhooks. */
#define WEBHOOKS "/api/admin/webhooks"
bb_call_fn subscription_list, subscription_get, subscription_new, subscription_put,
    subscription_delete, subscription_rotate, subscription_test, webhook_deliveries;
/* Answers 422. */
void refuse(struct bb_rest *, const char *path, const char *rule);

/* deliveries.c */
bb_call_fn delivery_list, delivery_get, delivery_again;

/* templates.c. A language is like "de" or "de-AT". */
bool is_language(const char *);
bb_call_fn template_list, template_get, template_put, template_delete;

/* gateways.c */
bb_call_fn gateway_get, gateway_put, gateway_delete;
#endif
