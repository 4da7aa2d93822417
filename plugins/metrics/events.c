/* Facts that plugins tell each other, counted. */
#include "private.h"

static const struct bb_metric metric = {
    "busbar_events_total", "What has happened: facts that were told after their commit.",
    BB_COUNTER, .labels = "event"};

#define EVENTS(E)                                     \
	E(charger_booted, "charger.booted")           \
	E(charger_refused, "charger.refused")         \
	E(transaction_started, "transaction.started") \
	E(transaction_ended, "transaction.ended")     \
	E(transaction_priced, "transaction.priced")   \
	E(session_cut_off, "session.cut_off")         \
	E(wallet_low, "wallet.low")                   \
	E(payment_paid, "payment.paid")               \
	E(payment_failed, "payment.failed")           \
	E(payment_expired, "payment.expired")         \
	E(payment_refunded, "payment.refunded")       \
	E(payment_disputed, "payment.disputed")       \
	E(invoice_issued, "invoice.issued")           \
	E(security_event, "security.event")           \
	E(script_failed, "script.failed")             \
	E(task_dead, "task.dead")

#define INDEX(id, name) EVENT_##id,
enum { EVENTS(INDEX) EVENTS_KNOWN };
_Static_assert(EVENTS_KNOWN == EVENT_COUNT, "EVENT_COUNT is in private.h");

#define LISTENER(id, name)                                           \
	static void on_##id(const struct bb_json *event, void *self) \
	{                                                            \
		const struct metrics *p = self;                      \
		(void)event;                                         \
		p->api->count(p->events[EVENT_##id], 1);             \
	}
EVENTS(LISTENER)

#define TOPIC(id, name) {name, on_##id},
const struct bb_topic event_topics[EVENT_COUNT] = {EVENTS(TOPIC)};

void events_begin(struct metrics *p)
{
	for (int i = 0; i < EVENT_COUNT; i++)
		p->events[i] = p->api->series(p->me, &metric, &event_topics[i].name);
}
