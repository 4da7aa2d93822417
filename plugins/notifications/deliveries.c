/* /api/admin/deliveries: what became of each notification. */
#include "notifications.h"

int delivery_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"subscription_id", BB_BY_INT},
						   {"state", BB_BY_TEXT},
						   {"event", BB_BY_TEXT},
						   {"cursor", BB_BY_INT}};
	struct notify *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_DELIVERY_LIST], filters, 4, row_item);
}

/* The delivery is in r->arg, the attempts follow. */
static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *delivery = r->arg;
	struct bb_builder b = bb_build(r->arena), attempts = bb_build(r->arena);
	for (uint32_t i = 0; i < delivery->len; i++)
		bb_put(&b, delivery->members[i].key, delivery->members[i].value);
	for (uint32_t i = 0; i < rows->rows; i++) {
		struct bb_builder one = bb_build(r->arena);
		bb_put_row(&one, rows, i, 0);
		bb_push(&attempts, *bb_build_object(&one));
	}
	bb_put_json(&b, "attempts", bb_build_array(&attempts));
	bb_rest_done(r, bb_build_object(&b));
}

static void found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct notify *p = r->self;
	struct bb_val id = *bb_cell(rows, 0, 0);
	r->arg = (void *)row_json(p, r->arena, rows, 0);
	bb_rest_read(r, p->q[Q_ATTEMPT_LIST], 1, &id, show);
}

int delivery_get(struct bb_call *call, void *self)
{
	struct notify *p = self;
	return bb_rest_find(p->api, p->me, call, p, "delivery", p->q[Q_DELIVERY_GET], found, NULL);
}

static void again(struct bb_rest *r, const struct bb_rows *rows)
{
	struct notify *p = r->self;
	if (!rows->rows) {
		bb_rest_fail(r, "409", "the delivery waits already");
		return;
	}
	const struct bb_val v[] = {*bb_cell(rows, 0, 0), bb_null()};
	deliver_soon(p);
	r->api->set_status(r->call, 202);
	bb_rest_one(r, "delivery", p->q[Q_DELIVERY_GET], 2, v, found);
}

static void again_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct notify *p = r->self;
	const struct bb_val v[] = {*bb_cell(rows, 0, 0), bb_now(r->api, r->arena)};
	bb_rest_write(r, p->q[Q_DELIVERY_AGAIN], 2, v, again);
}

int delivery_again(struct bb_call *call, void *self)
{
	struct notify *p = self;
	return bb_rest_find(p->api, p->me, call, p, "delivery", p->q[Q_DELIVERY_GET], again_found,
			    NULL);
}
