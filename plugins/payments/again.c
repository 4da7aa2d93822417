/* What is to be looked at again: payments whose gateway has not answered, or that should have come
 * to an end; events that were told before their payment was known; postings that the wallet did not
 * take. Doing any of it twice, or on two nodes at once, is doing it once. */
#include "payments.h"

/* Events that have waited are looked at as soon as their payment is known. What that has missed (it
 * was stored in the same instant) is looked for among those of the last day; at start, among all.
 */
#define MATCH_MS INT64_C(86400000)
#define LOOKING_MOST 4
#define PUT_OFF_MS 5000

/* The task payments_look. */

struct asking {
	struct payments *p;
	struct bb_arena *arena;
	struct bb_reply *reply;
	const char *id, *gateway;
};

static void give_up(const struct asking *a, const char *code, const char *text)
{
	a->p->looking--;
	a->p->api->reject(a->reply, code, text);
}

static void done(const struct asking *a)
{
	a->p->looking--;
	a->p->api->resolve(a->reply, bb_json_empty(a->arena));
}

static void on_step(const struct step_end *end, void *arg)
{
	const struct asking *a = arg;
	if (end->err)
		give_up(a, "StorageError", "the payment could not be stored");
	else if (end->outcome == BB_PAYMENT_REFUSED)
		give_up(a, "Mismatch", end->reason);
	else
		done(a);
}

static void tell(struct asking *a, const struct bb_payment_fact *fact)
{
	struct step step = {.gateway = a->gateway, .what = WHAT_FACT, .fact = *fact};
	step.fact.payment_id = a->id;
	step_begin(a->p, &step, on_step, a);
}

static void on_answer(int err, const struct bb_payment_fact *fact, const char *error, void *arg)
{
	struct asking *a = arg;
	if (!err)
		tell(a, fact);
	else if (err == -EREMOTEIO)
		tell(a, &(struct bb_payment_fact){.kind = BB_PAYMENT_FAILED,
						  .type = "checkout refused",
						  .reason = error});
	else
		give_up(a, "NoAnswer", error ? error : "the gateway has not answered");
}

/* Of a look at what is at the gateway a refusal proves nothing. */
static void on_looked(int err, const struct bb_payment_fact *fact, const char *error, void *arg)
{
	on_answer(err ? -EAGAIN : 0, fact, error, arg);
}

static void ask(struct asking *a, const struct payment *payment)
{
	const struct bb_gateway *with = gateway_find(a->p, a->gateway);
	const struct bb_payment shown = payment_shown(a->p, payment);
	if (!with)
		give_up(a, "NoGateway", "the payment's gateway is not loaded");
	else if (payment->checkout_ref)
		with->look(&shown, on_looked, a);
	else if (shown.expires_at_ms <= a->p->api->now_ms())
		tell(a, &(struct bb_payment_fact){.kind = BB_PAYMENT_EXPIRED,
						  .type = "never answered"});
	else
		with->checkout(&shown, on_answer, a);
}

static void on_payment(int err, const struct bb_rows *rows, void *arg)
{
	struct asking *a = arg;
	struct look look;
	if (err) {
		give_up(a, "StorageError", "the payment could not be read");
		return;
	}
	bool ended = !look_read(a->arena, rows, &look) ||
		     (strcmp(look.payment.state, "created") && strcmp(look.payment.state, "open"));
	if (ended)
		done(a);
	else
		ask(a, &look.payment);
}

/* A gateway that is slow keeps no other tasks from running: those beyond a few wait their turn. */
static void on_put_off(int err, const struct bb_rows *rows, void *arg)
{
	struct asking *a = arg;
	(void)rows;
	a->p->looking++;
	if (err)
		give_up(a, "StorageError", "the payment could not be stored");
	else
		done(a);
}

static void put_off(struct asking *a)
{
	const struct bb_api *api = a->p->api;
	const struct bb_val v[] = {bb_text(a->id),
				   bb_time(api, a->arena, api->now_ms() + PUT_OFF_MS)};
	struct bb_unit *unit = api->begin(a->p->me);
	api->add(unit, a->p->q[Q_PUT_OFF], 2, v, NULL, NULL);
	bb_commit(api, unit, on_put_off, a);
}

int look_task(struct bb_call *call, void *self)
{
	struct payments *p = self;
	struct bb_arena *arena = p->api->arena(call);
	const struct bb_json *payload = p->api->payload(call);
	struct asking *a = bb_zalloc(arena, sizeof *a);
	*a = (struct asking){
	    .p = p,
	    .arena = arena,
	    .id = bb_json_get_str(payload, "payment_id", ""),
	    .gateway = bb_json_get_str(payload, "gateway", ""),
	};
	a->reply = p->api->defer(call, 0, NULL, NULL);
	if (p->looking == LOOKING_MOST) {
		put_off(a);
		return BB_LATER;
	}
	p->looking++;
	look_by_id(p, a->gateway, a->id, on_payment, a);
	return BB_LATER;
}

/* When one that is due now is due again, if that does not bring it to its end: the longer it is
 * over, the later. */
static int64_t next_look(const struct payments *p, const char *expires_at)
{
	int64_t now = p->api->now_ms(), expires = now;
	p->api->time_parse(expires_at, strlen(expires_at), &expires);
	int64_t over = now - expires;
	return now + (over > p->cfg->look_every_ms ? over : p->cfg->look_every_ms);
}

/* Each becomes a task. */
static void on_due(int err, const struct bb_rows *rows, void *arg)
{
	struct payments *p = arg;
	const struct bb_api *api = p->api;
	for (uint32_t i = 0; !err && i < rows->rows; i++) {
		struct bb_unit *unit = api->begin(p->me);
		struct bb_arena *a = api->arena_new();
		const struct bb_val v[] = {*bb_cell(rows, i, 0),
					   bb_time(api, a, next_look(p, bb_cell_text(rows, i, 4))),
					   *bb_cell(rows, i, 1)};
		struct bb_builder task = bb_build(a);
		bb_put_str(&task, "operator_id", bb_cell_text(rows, i, 2));
		bb_put_str(&task, "payment_id", bb_cell_text(rows, i, 0));
		bb_put_str(&task, "gateway", bb_cell_text(rows, i, 3));
		api->add(unit, p->q[Q_CLAIM], 3, v, NULL, NULL);
		api->enqueue(p->me, unit, "payments_look", bb_build_object(&task));
		api->commit(unit, NULL, NULL);
		api->arena_free(a);
	}
}

/* Columns of now_matched. */
enum { GATEWAY, EVENT, TYPE, KIND, NAMED, CHECKOUT, PAYMENT, REFUND, AMOUNT, CURRENCY, DISPUTE };

static void on_event_end(const struct step_end *end, void *arg)
{
	struct payments *p = arg;
	if (end->err)
		p->api->log(p->me, BB_WARN, "an event that had waited for its payment still waits");
}

static void on_matched(int err, const struct bb_rows *rows, void *arg)
{
	struct payments *p = arg;
	for (uint32_t i = 0; !err && i < rows->rows; i++) {
		const struct step step = {
		    .gateway = bb_cell_text(rows, i, GATEWAY),
		    .what = WHAT_FACT,
		    .kept = true,
		    .fact = {.kind = kind_of(bb_cell_text(rows, i, KIND)),
			     .event_id = bb_cell_text(rows, i, EVENT),
			     .type = bb_cell_text(rows, i, TYPE),
			     .payment_id = bb_cell_text(rows, i, NAMED),
			     .checkout_ref = bb_cell_text(rows, i, CHECKOUT),
			     .payment_ref = bb_cell_text(rows, i, PAYMENT),
			     .refund_id = bb_cell_text(rows, i, REFUND),
			     .amount_minor = bb_cell_int(rows, i, AMOUNT, 0),
			     .currency = bb_cell_text(rows, i, CURRENCY),
			     .dispute_ref = bb_cell_text(rows, i, DISPUTE)},
		};
		step_begin(p, &step, on_event_end, p);
	}
}

/* Columns of not_posted. */
enum { OPERATOR_ID, POSTING_KIND, REFERENCE, POSTING_AMOUNT, WALLET_ID, WALLET_CURRENCY };

struct posting {
	struct payments *p;
	struct bb_arena *arena;
};

static void on_posted(int err, const struct bb_rows *rows, void *arg)
{
	struct posting *o = arg;
	(void)err, (void)rows;
	o->p->api->arena_free(o->arena);
}

static void on_not_posted(int err, const struct bb_rows *rows, void *arg)
{
	struct payments *p = arg;
	for (uint32_t i = 0; !err && i < rows->rows; i++) {
		struct bb_arena *a = p->api->arena_new();
		struct bb_unit *unit = p->api->begin(p->me);
		struct posting *o = bb_alloc(a, sizeof *o);
		*o = (struct posting){p, a};
		const struct payment of = {
		    .operator_id = bb_cell_text(rows, i, OPERATOR_ID),
		    .wallet_id = bb_cell_int(rows, i, WALLET_ID, 0),
		    .currency = bb_cell_text(rows, i, WALLET_CURRENCY),
		};
		ledger_add(p, unit, a, &of, bb_cell_text(rows, i, POSTING_KIND),
			   bb_cell_text(rows, i, REFERENCE),
			   bb_cell_int(rows, i, POSTING_AMOUNT, 0));
		if (p->api->commit(unit, on_posted, o) < 0)
			on_posted(-EAGAIN, NULL, o);
	}
}

void again_match(struct payments *p, const struct payment *of)
{
	const struct bb_val v[] = {bb_text(of->gateway), bb_text(of->checkout_ref),
				   bb_text(of->payment_ref)};
	p->api->read(p->me, p->q[Q_MATCHED_BY], 3, v, on_matched, p);
}

void again_match_since(struct payments *p, int64_t since_ms)
{
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val since = bb_time(p->api, a, since_ms);
	p->api->read(p->me, p->q[Q_NOW_MATCHED], 1, &since, on_matched, p);
	p->api->arena_free(a);
}

void again_check(void *payments)
{
	struct payments *p = payments;
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val now = bb_now(p->api, a);
	again_match_since(p, p->api->now_ms() - MATCH_MS);
	p->api->read(p->me, p->q[Q_DUE], 1, &now, on_due, p);
	p->api->read(p->me, p->q[Q_NOT_POSTED], 0, NULL, on_not_posted, p);
	p->api->arena_free(a);
}

void again_forget(void *payments)
{
	struct payments *p = payments;
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val old = bb_time(p->api, a, p->api->now_ms() - p->cfg->keep_events_ms);
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_SWEEP], 1, &old, NULL, NULL);
	p->api->commit(unit, NULL, NULL);
	p->api->arena_free(a);
}
