#include "ended.h"

static void on_ended(int err, const struct bb_rows *rows, void *arg)
{
	struct ended *e = arg;
	e->changed = !err && rows->changed > 0;
}

void ended_add(struct work *u, struct bb_arena *a, struct ended *e, int64_t now_ms)
{
	const struct bb_api *api = u->core->api;
	const struct ending *end = &e->ending;
	const struct bb_val v[] = {
	    bb_i64(e->transaction->id),
	    bb_i64(end->meter_start_wh),
	    bb_i64(end->meter_stop_wh),
	    bb_i64(end->energy_wh),
	    bb_time(api, a, end->started_ms),
	    bb_time(api, a, end->stopped_ms),
	    bb_time(api, a, now_ms),
	    bb_text(end->reason),
	    bb_text(end->id_tag),
	    bb_text(end->key),
	    bb_text(end->flags),
	    bb_i64(end->estimated),
	    bb_text(end->note),
	};
	e->core = u->core;
	e->changed = false;
	work_add(u, Q_END_TRANSACTION, sizeof v / sizeof *v, v, on_ended, e);
	if (!u->err)
		u->err = api->enqueue(
		    u->core->bb, u->unit, "price_transaction",
		    bb_json_one(a, "transaction_id", bb_json_make_int(e->transaction->id)));
}

void fact_begin(struct bb_builder *b, const struct transaction *t, const char *charge_point_id)
{
	bb_put_int(b, "transaction_id", t->id);
	bb_put_str(b, "protocol_id", t->protocol_id);
	bb_put_str(b, "operator_id", t->operator_id);
	bb_put_int(b, "charger_id", t->charger_id);
	bb_put_str(b, "charge_point_id", charge_point_id);
	bb_put_int(b, "connector_id", t->connector_id);
	bb_put_str(b, "id_tag", t->id_tag);
}

void ended_tell(const struct ended *e, struct bb_arena *a, const char *charge_point_id)
{
	if (!e->changed)
		return;
	const struct bb_api *api = e->core->api;
	struct bb_builder b = bb_build(a);
	fact_begin(&b, e->transaction, charge_point_id);
	bb_put_str(&b, "started_at", api->time_format(a, e->ending.started_ms));
	bb_put_str(&b, "stopped_at", api->time_format(a, e->ending.stopped_ms));
	bb_put_int(&b, "energy_wh", e->ending.energy_wh);
	bb_put_str(&b, "reason", e->ending.reason);
	bb_put_bool(&b, "estimated", e->ending.estimated);
	bb_put_str(&b, "flags", e->ending.flags);
	api->emit(e->core->bb, NULL, "transaction.ended", bb_build_object(&b));
}
