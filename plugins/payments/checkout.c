/* POST .../wallet/checkout: a payment is stored, then its gateway is asked for a page where it is
 * paid. A lost answer is asked for again by the task payments_look. */
#include <busbar/money.h>

#include "payments.h"

struct opening {
	struct bb_rest *rest;
	const char *id, *operator_id, *user_id, *gateway, *asked_by;
	const struct bb_gateway *with;
	struct payment payment;
};

static void refuse(struct bb_rest *r, const char *path, const char *rule)
{
	bb_rest_fault(r->api, r->call, path, rule);
	bb_rest_fail(r, "422", bb_printf(r->arena, "%s %s", path, rule));
}

static void on_step(const struct step_end *end, void *arg)
{
	struct opening *o = arg;
	struct bb_rest *r = o->rest;
	if (end->err) {
		bb_rest_storage_failed(r, end->err);
		return;
	}
	if (!strcmp(end->after->state, "failed")) {
		bb_rest_fail(r, "502",
			     bb_printf(r->arena, "the gateway has refused payment %s: %s", o->id,
				       end->after->reason));
		return;
	}
	r->api->set_status(r->call, 201);
	payment_answer(r, o->id);
}

enum { STATE = 6 }; /* column of the query get */

/* It may have been told, or asked for again, meanwhile. */
static void show_lost(struct bb_rest *r, const struct bb_rows *rows)
{
	bool waits = !strcmp(bb_cell_text(rows, 0, STATE), "created");
	r->api->set_status(r->call, waits ? 202 : 201);
	payment_show(r, rows);
}

/* An answer that nobody knows leaves the payment as it is. */
static void on_gateway(int err, const struct bb_payment_fact *fact, const char *error, void *arg)
{
	struct opening *o = arg;
	struct payments *p = o->rest->self;
	struct step step = {.gateway = o->gateway, .what = WHAT_FACT};
	if (err && err != -EREMOTEIO) {
		p->api->log(p->me, BB_WARN, "payment %s: gateway %s has not answered: %s", o->id,
			    o->gateway, error ? error : "?");
		const struct bb_val v[] = {bb_text(o->id), bb_null()};
		bb_rest_one(o->rest, "payment", p->q[Q_GET], 2, v, show_lost);
		return;
	}
	if (err)
		step.fact = (struct bb_payment_fact){
		    .kind = BB_PAYMENT_FAILED, .type = "checkout refused", .reason = error};
	else
		step.fact = *fact;
	step.fact.payment_id = o->id;
	step_begin(p, &step, on_step, o);
}

static void stored(struct bb_rest *r, const struct bb_rows *rows)
{
	struct opening *o = r->arg;
	const struct bb_payment shown = payment_shown(r->self, &o->payment);
	(void)rows;
	o->with->checkout(&shown, on_gateway, o);
}

static void store(struct opening *o)
{
	struct bb_rest *r = o->rest;
	const struct payments *p = r->self;
	int64_t now = r->api->now_ms();
	o->id = r->api->new_id(r->arena);
	o->payment.id = o->id;
	o->payment.operator_id = o->operator_id;
	o->payment.user_id = o->user_id;
	o->payment.expires_at = r->api->time_format(r->arena, now + p->cfg->expires_ms);
	const struct bb_val v[] = {
	    bb_text(o->id),
	    bb_text(o->operator_id),
	    bb_text(o->user_id),
	    bb_i64(o->payment.wallet_id),
	    bb_text(o->gateway),
	    bb_text(o->payment.currency),
	    bb_i64(o->payment.amount_minor),
	    bb_text(o->asked_by),
	    bb_time(r->api, r->arena, now + p->cfg->look_after_ms),
	    bb_text(o->payment.expires_at),
	    bb_time(r->api, r->arena, now),
	};
	r->arg = o;
	bb_rest_write(r, p->q[Q_INSERT], sizeof v / sizeof *v, v, stored);
}

static void on_wallet(int err, const struct bb_wallet *wallet, void *arg)
{
	struct opening *o = arg;
	struct bb_rest *r = o->rest;
	const struct bb_json *body = r->api->payload(r->call);
	const char *path = "gateway";
	if (err == -ENOENT) {
		bb_rest_fail(r, "404", "the user has no wallet");
		return;
	}
	if (err) {
		bb_rest_storage_failed(r, err);
		return;
	}
	o->payment.wallet_id = wallet->id;
	o->payment.currency = bb_strdup(r->arena, wallet->currency);
	o->payment.amount_minor = bb_json_get_int(body, "amount_minor", 0);
	if (strcmp(bb_json_get_str(body, "currency", wallet->currency), wallet->currency) != 0) {
		refuse(r, "currency",
		       bb_printf(r->arena, "is not the wallet's, %s", o->payment.currency));
		return;
	}
	o->with = gateway_find(r->self, o->gateway);
	const char *rule =
	    o->with ? o->with->refuses(o->payment.currency, o->payment.amount_minor, &path)
		    : "is not one that is loaded";
	if (rule)
		refuse(r, path, rule);
	else
		store(o);
}

int checkout(struct bb_call *call, void *self)
{
	struct payments *p = self;
	const struct bb_json *body = p->api->payload(call);
	const char *name = p->api->attr(call, "key_name");
	if (is_of_others(p->api, call))
		return BB_DONE;
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct opening *o = bb_zalloc(r->arena, sizeof *o);
	*o = (struct opening){
	    .rest = r,
	    .operator_id = bb_strdup(r->arena, operator_id),
	    .user_id = bb_strdup(r->arena, p->api->attr(call, "id")),
	    .gateway = bb_strdup(r->arena, bb_json_get_str(body, "gateway", p->cfg->gateway)),
	    .asked_by = bb_strdup(r->arena, name ? name : "rest"),
	};
	p->wallets->find(o->operator_id, o->user_id, on_wallet, o);
	return BB_LATER;
}
