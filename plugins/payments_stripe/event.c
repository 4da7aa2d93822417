#include "event.h"

#include "amount.h"

#define LATEST_S INT64_C(4102444800) /* the year 2100 */

/* What an id stands for, whether it is told alone or with the object around it. */
static const char *ref(const struct bb_json *object, const char *key)
{
	const struct bb_json *v = bb_json_get(object, key);
	return bb_json_is(v, BB_JSON_OBJECT) ? bb_json_get_str(v, "id", NULL)
					     : bb_json_str(v, NULL);
}

/* What only this server writes: the payer can set client_reference_id, but no metadata. */
static const char *metadata(const struct bb_json *object, const char *key)
{
	return bb_json_get_str(bb_json_get(object, "metadata"), key, NULL);
}

/* An amount that cannot be read stays one that fits no payment. */
static void put_money(struct bb_arena *a, const struct bb_json *object, const char *key,
		      struct bb_payment_fact *f)
{
	char currency[4];
	const char *told = bb_json_get_str(object, "currency", NULL);
	f->amount_minor = -1;
	f->currency = told;
	if (amount_from_stripe(told, bb_json_get_int(object, key, -1), currency, &f->amount_minor))
		f->currency = bb_strdup(a, currency);
}

static void read_session(struct bb_arena *a, const struct bb_json *s, struct bb_payment_fact *f)
{
	f->payment_id = metadata(s, "payment");
	f->checkout_ref = bb_json_get_str(s, "id", NULL);
	f->payment_ref = ref(s, "payment_intent");
	f->url = bb_json_get_str(s, "url", NULL);
	put_money(a, s, "amount_total", f);
}

static void completed(struct bb_arena *a, const struct bb_json *s, struct bb_payment_fact *f)
{
	bool unpaid = !strcmp(bb_json_get_str(s, "payment_status", "unpaid"), "unpaid");
	read_session(a, s, f);
	f->kind = unpaid ? BB_PAYMENT_OPEN : BB_PAYMENT_PAID;
}

static void paid_later(struct bb_arena *a, const struct bb_json *s, struct bb_payment_fact *f)
{
	read_session(a, s, f);
	f->kind = BB_PAYMENT_PAID;
}

static void failed(struct bb_arena *a, const struct bb_json *s, struct bb_payment_fact *f)
{
	read_session(a, s, f);
	f->kind = BB_PAYMENT_FAILED;
	f->reason = "the payer's bank did not pay";
}

static void expired(struct bb_arena *a, const struct bb_json *s, struct bb_payment_fact *f)
{
	read_session(a, s, f);
	f->kind = BB_PAYMENT_EXPIRED;
}

static void refunded(struct bb_arena *a, const struct bb_json *charge, struct bb_payment_fact *f)
{
	f->kind = BB_PAYMENT_REFUNDED;
	f->payment_id = metadata(charge, "payment");
	f->payment_ref = ref(charge, "payment_intent");
	put_money(a, charge, "amount_refunded", f);
}

static void refund_updated(struct bb_arena *a, const struct bb_json *refund,
			   struct bb_payment_fact *f)
{
	(void)a;
	if (strcmp(bb_json_get_str(refund, "status", ""), "failed") != 0)
		return;
	f->kind = BB_PAYMENT_REFUND_FAILED;
	f->payment_id = metadata(refund, "payment");
	f->payment_ref = ref(refund, "payment_intent");
	f->refund_id = metadata(refund, "refund");
	f->reason = bb_json_get_str(refund, "failure_reason", NULL);
}

/* Inquiries, whose status begins with "warning", take no money. */
static bool takes_money(const struct bb_json *dispute)
{
	return strncmp(bb_json_get_str(dispute, "status", ""), "warning", 7) != 0;
}

static void disputed(struct bb_arena *a, const struct bb_json *dispute, struct bb_payment_fact *f)
{
	if (!takes_money(dispute))
		return;
	f->kind = BB_PAYMENT_DISPUTED;
	f->payment_ref = ref(dispute, "payment_intent");
	f->dispute_ref = bb_json_get_str(dispute, "id", NULL);
	f->reason = bb_json_get_str(dispute, "reason", NULL);
	put_money(a, dispute, "amount", f);
}

static void dispute_over(struct bb_arena *a, const struct bb_json *dispute,
			 struct bb_payment_fact *f)
{
	const char *status = bb_json_get_str(dispute, "status", "");
	disputed(a, dispute, f);
	if (f->kind == BB_PAYMENT_DISPUTED)
		f->kind = !strcmp(status, "won")    ? BB_PAYMENT_DISPUTE_WON
			  : !strcmp(status, "lost") ? BB_PAYMENT_DISPUTE_LOST
						    : BB_PAYMENT_NOTHING;
}

typedef void read_fn(struct bb_arena *, const struct bb_json *object, struct bb_payment_fact *);

static const struct {
	const char *type;
	read_fn *fn;
} readers[] = {
    {"checkout.session.completed", completed},
    {"checkout.session.async_payment_succeeded", paid_later},
    {"checkout.session.async_payment_failed", failed},
    {"checkout.session.expired", expired},
    {"charge.refunded", refunded},
    {"charge.refund.updated", refund_updated},
    {"refund.failed", refund_updated},
    {"charge.dispute.created", disputed},
    {"charge.dispute.funds_withdrawn", disputed}, /* an inquiry that has become a dispute */
    {"charge.dispute.closed", dispute_over},
};

bool event_read(struct bb_arena *a, const struct bb_json *event, struct bb_payment_fact *ret)
{
	const struct bb_json *object = bb_json_get(bb_json_get(event, "data"), "object");
	struct bb_payment_fact f = {
	    .kind = BB_PAYMENT_NOTHING,
	    .event_id = bb_json_get_str(event, "id", NULL),
	    .type = bb_json_get_str(event, "type", NULL),
	};
	int64_t created_s = bb_json_get_int(event, "created", 0);
	if (!f.event_id || !*f.event_id || strlen(f.event_id) > 255 || !f.type ||
	    strlen(f.type) > 255 || !bb_json_is(object, BB_JSON_OBJECT))
		return false;
	if (created_s > 0 && created_s <= LATEST_S)
		f.at_ms = 1000 * created_s;
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
		if (!strcmp(readers[i].type, f.type))
			readers[i].fn(a, object, &f);
	*ret = f;
	return true;
}

bool session_read(struct bb_arena *a, const struct bb_json *s, struct bb_payment_fact *ret)
{
	const char *status = bb_json_get_str(s, "status", "");
	const char *payment = bb_json_get_str(s, "payment_status", "");
	struct bb_payment_fact f = {.kind = BB_PAYMENT_OPEN, .type = "checkout session"};
	read_session(a, s, &f);
	if (!f.checkout_ref || !*status)
		return false;
	if (!strcmp(payment, "paid"))
		f.kind = BB_PAYMENT_PAID;
	else if (!strcmp(status, "expired"))
		f.kind = BB_PAYMENT_EXPIRED;
	*ret = f;
	return true;
}
