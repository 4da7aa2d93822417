/* What is decided for all chargers of a station. */
#include "local_auth.h"

static const struct bb_json *station(struct bb_arena *a, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(a);
	bb_put_row(&b, rows, 0, 0);
	return bb_build_object(&b);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_done(r, station(r->arena, rows));
}

int local_list_station_get(struct bb_call *call, void *self)
{
	struct local_auth *p = self;
	return bb_rest_find(p->api, p->me, call, p, "station", p->q[Q_STATION], show, NULL);
}

static void changed(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct local_auth *p = r->self;
	const struct bb_val v[] = {*(const struct bb_val *)r->arg, bb_null()};
	(void)rows;
	look_soon(r->self);
	bb_rest_one(r, "station", p->q[Q_STATION], 2, v, show);
}

static void put(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct local_auth *p = r->self;
	struct bb_val *id = bb_alloc(r->arena, sizeof *id);
	const struct bb_val now = bb_now(p->api, r->arena);
	*id = bb_i64(bb_cell_int(rows, 0, 0, 0));
	r->arg = id;
	bb_set_before(r->api, r->call, station(r->arena, rows));
	const struct bb_val set[] = {*id, bb_member_val(r->api->payload(r->call), "mode"), now},
			    due[] = {*id, now};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_STATION_SET], 3, set, NULL, NULL);
	r->api->add(unit, p->q[Q_STATION_DUE], 2, due, NULL, NULL);
	bb_rest_commit(r, unit, changed);
}

int local_list_station_put(struct bb_call *call, void *self)
{
	struct local_auth *p = self;
	return bb_rest_find(p->api, p->me, call, p, "station", p->q[Q_STATION], put, NULL);
}
