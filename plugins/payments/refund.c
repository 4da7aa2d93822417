/* POST /api/admin/payments/{id}/refund: what is given back is taken from the wallet first, in the
 * unit that stores the refund; then the task asks the gateway until it knows. What the gateway
 * refuses goes back to the wallet. */
#include "payments.h"

struct asking {
	struct bb_rest *rest;
	const char *id;
};

static void on_asked(const struct step_end *end, void *arg)
{
	const struct asking *a = arg;
	struct bb_rest *r = a->rest;
	if (end->err == -ERANGE) {
		bb_rest_fault(r->api, r->call, "amount_minor",
			      "is more than is left of the payment");
		bb_rest_fail(r, "422", "the amount is more than is left of the payment");
	} else if (end->err == -ENOSPC) {
		bb_rest_fail(r, "409", "the wallet does not have so much any more");
	} else if (end->err == -EEXIST) {
		bb_rest_fail(r, "409", "the payment changes all the time; try again");
	} else if (end->err) {
		bb_rest_storage_failed(r, end->err);
	} else {
		r->api->set_status(r->call, 202);
		payment_answer(r, a->id);
	}
}

static int64_t number_of(const struct bb_rows *rows, const char *name)
{
	for (uint32_t c = 0; c < rows->columns; c++)
		if (!strcmp(rows->names[c], name))
			return bb_cell_int(rows, 0, c, 0);
	return 0;
}

static const char *text_of(struct bb_arena *a, const struct bb_rows *rows, const char *name)
{
	for (uint32_t c = 0; c < rows->columns; c++)
		if (!strcmp(rows->names[c], name) && bb_cell_text(rows, 0, c))
			return bb_strdup(a, bb_cell_text(rows, 0, c));
	return NULL;
}

static void found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct payments *p = r->self;
	const struct bb_json *body = r->api->payload(r->call);
	const char *name = r->api->attr(r->call, "key_name");
	struct asking *a = bb_alloc(r->arena, sizeof *a);
	*a = (struct asking){r, text_of(r->arena, rows, "id")};
	if (!text_of(r->arena, rows, "paid_at")) {
		bb_rest_fail(r, "409", "the payment has not been paid");
		return;
	}
	int64_t left = number_of(rows, "amount_minor") - number_of(rows, "debited_minor");
	const struct step step = {
	    .gateway = text_of(r->arena, rows, "gateway"),
	    .what = WHAT_REFUND_ASKED,
	    .fact = {.payment_id = a->id, .refund_id = r->api->new_id(r->arena)},
	    .refund_minor = bb_json_get_int(body, "amount_minor", left),
	    .reason = bb_json_get_str(body, "reason", NULL),
	    .made_by = name ? name : "rest",
	};
	if (step.refund_minor)
		step_begin(p, &step, on_asked, a);
	else
		bb_rest_fail(r, "409", "nothing is left of the payment");
}

int refund(struct bb_call *call, void *self)
{
	struct payments *p = self;
	const struct bb_val v[] = {bb_text(p->api->attr(call, "id")),
				   bb_text(p->api->attr(call, "operator_id"))};
	return bb_rest_one(bb_rest_later(p->api, p->me, call, p), "payment", p->q[Q_GET], 2, v,
			   found);
}

/* The task. */

struct giving {
	struct payments *p;
	struct bb_arena *arena;
	struct bb_reply *reply;
	const char *refund_id, *payment_id, *gateway;
	int64_t amount_minor;
};

static void give_up(const struct giving *g, const char *code, const char *text)
{
	g->p->api->reject(g->reply, code, text);
}

static void on_end(const struct step_end *end, void *arg)
{
	const struct giving *g = arg;
	if (end->err)
		give_up(g, "StorageError", "the refund's end could not be stored");
	else
		g->p->api->resolve(g->reply, bb_json_empty(g->arena));
}

static void on_gateway(int err, const struct bb_payment_fact *fact, const char *error, void *arg)
{
	struct giving *g = arg;
	const struct step step = {
	    .gateway = g->gateway,
	    .what = err ? WHAT_REFUND_REFUSED : WHAT_REFUND_DONE,
	    .fact = {.payment_id = g->payment_id, .refund_id = g->refund_id},
	    .error = error,
	};
	(void)fact;
	if (err && err != -EREMOTEIO)
		give_up(g, "NoAnswer", error ? error : "the gateway has not answered");
	else
		step_begin(g->p, &step, on_end, g);
}

static void on_payment(int err, const struct bb_rows *rows, void *arg)
{
	struct giving *g = arg;
	struct look look;
	if (err) {
		give_up(g, "StorageError", "the payment could not be read");
		return;
	}
	look_read(g->arena, rows, &look);
	const struct bb_gateway *with = gateway_find(g->p, g->gateway);
	const struct bb_payment shown = payment_shown(g->p, &look.payment);
	if (with)
		with->refund(&shown, g->refund_id, g->amount_minor, on_gateway, g);
	else
		give_up(g, "NoGateway", "the payment's gateway is not loaded");
}

static void on_refund(int err, const struct bb_rows *rows, void *arg)
{
	struct giving *g = arg;
	if (err) {
		give_up(g, "StorageError", "the refund could not be read");
		return;
	}
	if (!rows->rows || strcmp(bb_cell_text(rows, 0, 1), "requested") != 0) {
		g->p->api->resolve(g->reply, bb_json_empty(g->arena));
		return;
	}
	g->payment_id = bb_strdup(g->arena, bb_cell_text(rows, 0, 0));
	g->amount_minor = bb_cell_int(rows, 0, 2, 0);
	g->gateway = bb_strdup(g->arena, bb_cell_text(rows, 0, 3));
	look_by_id(g->p, g->gateway, g->payment_id, on_payment, g);
}

int refund_task(struct bb_call *call, void *self)
{
	struct payments *p = self;
	struct bb_arena *arena = p->api->arena(call);
	struct giving *g = bb_zalloc(arena, sizeof *g);
	*g = (struct giving){
	    .p = p,
	    .arena = arena,
	    .refund_id = bb_json_get_str(p->api->payload(call), "refund_id", ""),
	};
	g->reply = p->api->defer(call, 0, NULL, NULL);
	const struct bb_val id = bb_text(g->refund_id);
	bb_read(p->api, p->me, p->q[Q_REFUND_OF], 1, &id, on_refund, g);
	return BB_LATER;
}
