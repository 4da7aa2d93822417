/* GET and PUT of /api/admin/stations/{id}/authorization. */
#include "authorization.h"

static const struct bb_json *station_json(struct bb_arena *a, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(a);
	bb_put_row(&b, rows, 0, 0);
	return bb_build_object(&b);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = station_json(r->arena, rows);
	if (bb_json_get_str(v, "updated_at", NULL))
		bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, v);
}

int station_get(struct bb_call *call, void *self)
{
	struct authorization *p = self;
	return bb_rest_find(p->api, p->me, call, p, "station", p->q[Q_STATION], show, NULL);
}

static void stored(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct authorization *p = r->self;
	if (!rows->rows) {
		bb_rest_stale(r, "it has changed since the version in If-Match");
		return;
	}
	const struct bb_val v[] = {*bb_cell(rows, 0, 0), bb_null()};
	bb_rest_one(r, "station", p->q[Q_STATION], 2, v, show);
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct authorization *p = r->self;
	const struct bb_json *before = station_json(r->arena, rows);
	bb_rest_changing(r, before);
	const struct bb_val v[] = {
	    *bb_cell(rows, 0, 0),
	    member_or(r, before, "access"),
	    member_or(r, before, "unknown"),
	    bb_changed_at(r->api, r->arena, before),
	    r->if_match,
	    bb_rest_first(r),
	};
	struct bb_unit *unit = r->api->begin(r->me);
	places_changed(p, unit, r->arena, bb_json_get_str(before, "operator_id", ""));
	r->api->add(unit, p->q[Q_STATION_PUT], sizeof v / sizeof *v, v, NULL, NULL);
	bb_rest_commit(r, unit, stored);
}

int station_put(struct bb_call *call, void *self)
{
	struct authorization *p = self;
	return bb_rest_find(p->api, p->me, call, p, "station", p->q[Q_STATION], put_over, NULL);
}
