/* Payments, events and mismatches over REST. */
#include "payments.h"

/* The last columns of the view payment_rows: the currency, and amounts in it. */
enum { AMOUNTS = 4, USER_ID = 3 };

/* A driver is not shown who of the operator's people has asked for something. */
static bool is_drivers(const struct bb_api *api, const struct bb_call *call)
{
	return !strcmp(api->attr(call, "role"), "user");
}

static void put_columns(struct bb_builder *b, const struct bb_rows *r, uint32_t row, uint32_t from,
			uint32_t until, bool drivers)
{
	for (uint32_t c = from; c < until; c++)
		if (!drivers || strcmp(r->names[c], "requested_by") != 0)
			bb_put_column(b, r, row, c);
}

static void put_payment(struct bb_builder *b, const struct bb_rows *r, uint32_t row, bool drivers)
{
	static const char *const names[AMOUNTS] = {"amount", "refunded", "disputed", "taken_back"};
	uint32_t currency = r->columns - AMOUNTS - 1;
	put_columns(b, r, row, 1, currency, drivers);
	for (uint32_t i = 0; i < AMOUNTS; i++)
		bb_put(b, names[i],
		       bb_money_json(b->arena, bb_cell(r, row, currency + 1 + i),
				     bb_cell(r, row, currency)));
}

static const struct bb_json *payment_json(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
					  void *arg)
{
	struct bb_builder b = bb_build(a);
	(void)arg;
	put_payment(&b, r, row, false);
	return bb_build_object(&b);
}

static const struct bb_json *drivers_payment_json(struct bb_arena *a, const struct bb_rows *r,
						  uint32_t row, void *arg)
{
	struct bb_builder b = bb_build(a);
	(void)arg;
	put_payment(&b, r, row, true);
	return bb_build_object(&b);
}

static const struct bb_filter payment_filters[] = {
    {"state", BB_BY_TEXT}, {"user", BB_BY_TEXT}, {"gateway", BB_BY_TEXT},
    {"from", BB_BY_TIME},  {"to", BB_BY_TIME},   {"cursor", BB_BY_TEXT, bb_is_id}};
enum { PAYMENT_FILTERS = sizeof payment_filters / sizeof *payment_filters, USER_FILTER = 1 };

int payment_list(struct bb_call *call, void *self)
{
	struct payments *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_LIST], payment_filters, PAYMENT_FILTERS,
			    payment_json);
}

/* The whole of a payment, on its way: its row, then its changes, refunds and disputes. */
struct showing {
	struct bb_builder b;
	const char *id;
};

static const struct bb_json *items(const struct bb_rest *rest, const struct bb_rows *r)
{
	struct bb_arena *a = rest->arena;
	bool drivers = is_drivers(rest->api, rest->call);
	struct bb_builder list = bb_build(a);
	for (uint32_t i = 0; i < r->rows; i++) {
		struct bb_builder b = bb_build(a);
		put_columns(&b, r, i, 0, r->columns, drivers);
		bb_push(&list, *bb_build_object(&b));
	}
	return bb_build_array(&list);
}

static void with_disputes(struct bb_rest *r, const struct bb_rows *rows)
{
	struct showing *s = r->arg;
	bb_put_json(&s->b, "disputes", items(r, rows));
	bb_rest_done(r, bb_build_object(&s->b));
}

static void with_refunds(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct payments *p = r->self;
	struct showing *s = r->arg;
	const struct bb_val id = bb_text(s->id);
	bb_put_json(&s->b, "refunds", items(r, rows));
	bb_rest_read(r, p->q[Q_DISPUTES], 1, &id, with_disputes);
}

static void with_changes(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct payments *p = r->self;
	struct showing *s = r->arg;
	const struct bb_val id = bb_text(s->id);
	bb_put_json(&s->b, "changes", items(r, rows));
	bb_rest_read(r, p->q[Q_REFUNDS], 1, &id, with_refunds);
}

void payment_show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct payments *p = r->self;
	struct showing *s = bb_alloc(r->arena, sizeof *s);
	*s = (struct showing){bb_build(r->arena), bb_strdup(r->arena, bb_cell_text(rows, 0, 1))};
	const struct bb_val id = bb_text(s->id);
	r->arg = s;
	put_payment(&s->b, rows, 0, is_drivers(r->api, r->call));
	bb_rest_read(r, p->q[Q_CHANGES], 1, &id, with_changes);
}

void payment_answer(struct bb_rest *r, const char *id)
{
	const struct payments *p = r->self;
	const struct bb_val v[] = {bb_text(id), bb_null()};
	bb_rest_one(r, "payment", p->q[Q_GET], 2, v, payment_show);
}

bool is_of_others(const struct bb_api *api, struct bb_call *call)
{
	const char *own = api->attr(call, "user_id"), *id = api->attr(call, "id");
	if (!is_drivers(api, call) || (own && !strcmp(own, id)))
		return false;
	api->fail(call, "404", "there is no such user");
	return true;
}

int payments_of_user(struct bb_call *call, void *self)
{
	struct payments *p = self;
	if (is_of_others(p->api, call))
		return BB_DONE;
	struct bb_list *list = bb_list_new(p->api, call, p, 1, payment_filters, PAYMENT_FILTERS);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(p->api->attr(call, "operator_id"));
	list->v[1 + USER_FILTER] = bb_text(p->api->attr(call, "id"));
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_LIST],
			    is_drivers(p->api, call) ? drivers_payment_json : payment_json, NULL);
}

static void show_of_user(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!strcmp(bb_cell_text(rows, 0, USER_ID), r->api->attr(r->call, "id")))
		payment_show(r, rows);
	else
		bb_rest_fail(r, "404", "there is no such payment");
}

static int get(struct bb_call *call, struct payments *p, const char *id, bb_rest_fn *step)
{
	const struct bb_val v[] = {bb_text(id), bb_text(p->api->attr(call, "operator_id"))};
	return bb_rest_one(bb_rest_later(p->api, p->me, call, p), "payment", p->q[Q_GET], 2, v,
			   step);
}

int payment_of_user(struct bb_call *call, void *self)
{
	struct payments *p = self;
	if (is_of_others(p->api, call))
		return BB_DONE;
	return get(call, p, p->api->attr(call, "payment_id"), show_of_user);
}

int payment_get(struct bb_call *call, void *self)
{
	struct payments *p = self;
	return get(call, p, p->api->attr(call, "id"), payment_show);
}

static const struct bb_json *event_json(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
					void *arg)
{
	struct bb_builder b = bb_build(a);
	uint32_t amount = r->columns - 2;
	(void)arg;
	for (uint32_t c = 1; c < amount; c++)
		bb_put_column(&b, r, row, c);
	bb_put(&b, "amount",
	       bb_money_json(a, bb_cell(r, row, amount), bb_cell(r, row, amount + 1)));
	return bb_build_object(&b);
}

int event_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"outcome", BB_BY_TEXT}, {"payment", BB_BY_TEXT}, {"cursor", BB_BY_TEXT, bb_is_name}};
	struct payments *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_EVENTS], filters, 3, event_json);
}

int mismatch_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_TEXT, bb_is_name}};
	struct payments *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 2, filters, 1);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(p->api->attr(call, "operator_id"));
	list->v[1] = bb_time(p->api, p->api->arena(call), p->api->now_ms() - p->cfg->late_ms);
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_MISMATCHES], NULL,
			    NULL);
}
