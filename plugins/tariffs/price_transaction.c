/* The task price_transaction: reads what happened, asks `price`, checks the answer, stores it.
 * Doing it twice is doing it once. */
#include "bill.h"
#include "pricing.h"

void pricing_give_up(struct pricing *t, const char *code, const char *text)
{
	t->plugin->api->reject(t->reply, code, text);
}

void pricing_done(struct pricing *t)
{
	t->plugin->api->resolve(t->reply, bb_json_empty(t->arena));
}

void pricing_answered(int err, const struct bb_json *v, void *arg)
{
	struct pricing *t = arg;
	if (err == -ENOENT) {
		t->plugin->api->log(t->plugin->me, BB_INFO,
				    "transaction %lld has no price: no tariff is assigned",
				    (long long)t->id);
		pricing_none(t);
		return;
	}
	if (err) {
		const char *detail = bb_json_get_str(v, "detail", strerror(-err));
		pricing_fail(t, bb_strdup(t->arena, detail));
		return;
	}
	const char *fault = bill_fault(t->arena, v);
	if (fault)
		pricing_fail(t, fault);
	else
		pricing_store(t, v);
}

int price_transaction(struct bb_call *call, void *self)
{
	struct tariffs *p = self;
	struct pricing *t = bb_zalloc(p->api->arena(call), sizeof *t);
	t->plugin = p;
	t->arena = p->api->arena(call);
	t->id = bb_json_get_int(p->api->payload(call), "transaction_id", 0);
	t->tariff_at = bb_json_get_str(p->api->payload(call), "tariff_at", NULL);
	t->reply = p->api->defer(call, 0, NULL, NULL);
	pricing_read(t);
	return BB_LATER;
}
