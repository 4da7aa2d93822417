/* POST /api/admin/transactions/{id}/price: for one that was over before there was a tariff, or
 * whose tariff has failed. The tariff counts as it is now. */
#include "tariffs.h"

static void enqueued(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	r->api->set_status(r->call, 202);
	bb_rest_done(r, bb_json_one(r->arena, "price_state", bb_json_make_str("none")));
}

static void wanted(struct bb_rest *r, const struct bb_rows *rows)
{
	if (strcmp(bb_cell_text(rows, 0, 1), "completed") != 0) {
		bb_rest_fail(r, "409", "the transaction is not over");
		return;
	}
	if (!strcmp(bb_cell_text(rows, 0, 2), "priced")) {
		bb_rest_fail(r, "409", "the transaction has its price");
		return;
	}
	struct bb_builder task = bb_build(r->arena);
	bb_put(&task, "transaction_id", bb_cell_json(r->arena, bb_cell(rows, 0, 0)));
	bb_put_str(&task, "tariff_at", r->api->time_format(r->arena, r->api->now_ms()));
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->enqueue(r->me, unit, "price_transaction", bb_build_object(&task));
	bb_rest_commit(r, unit, enqueued);
}

int price_again(struct bb_call *call, void *self)
{
	struct tariffs *p = self;
	return bb_rest_find(p->api, p->me, call, p, "transaction", p->q[Q_PRICE_WANTED], wanted,
			    NULL);
}
