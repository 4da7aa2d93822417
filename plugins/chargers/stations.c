/* /api/admin/stations: the places where chargers stand. */
#include "chargers.h"

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, 0);
	const struct bb_json *v = bb_build_object(&b);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, v);
}

static int get_then(struct bb_call *call, struct chargers *p, bb_rest_fn *step)
{
	return bb_rest_find(p->api, p->me, call, p, "station", p->q[Q_STATION_GET], step, NULL);
}

int station_get(struct bb_call *call, void *self)
{
	return get_then(call, self, show);
}

int station_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"name", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct chargers *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_STATION_LIST], filters,
			    sizeof filters / sizeof *filters, NULL);
}

static void read_again(struct bb_rest *r, int64_t id)
{
	struct chargers *p = r->self;
	struct bb_val v[] = {bb_i64(id), bb_null()};
	bb_rest_one(r, "station", p->q[Q_STATION_GET], 2, v, show);
}

static void created(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		bb_rest_fault(r->api, r->call, "operator_id", "names no operator");
		bb_rest_fail(r, "422", "there is no such operator");
		return;
	}
	int64_t id = bb_cell_int(rows, 0, 0, 0);
	bb_rest_made_no(r, "/api/admin/stations", id);
	read_again(r, id);
}

/* The columns that a body sets; `before` has the values of the members that it leaves out. */
static void columns_of(const struct bb_json *body, const struct bb_json *before, struct bb_val v[5])
{
	static const char *const names[] = {"name", "address", "latitude", "longitude",
					    "time_zone"};
	for (size_t i = 0; i < 5; i++) {
		v[i] = bb_member_val(bb_json_get(body, names[i]) ? body : before, names[i]);
		if (v[i].type == BB_I64)
			v[i] = bb_f64((double)v[i].i);
	}
}

int station_create(struct bb_call *call, void *self)
{
	struct chargers *p = self;
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct bb_val v[7] = {bb_text(operator_id)};
	columns_of(p->api->payload(call), NULL, &v[1]);
	v[6] = bb_now(p->api, r->arena);
	return bb_rest_write(r, p->q[Q_STATION_INSERT], 7, v, created);
}

static void put_done(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		read_again(r, bb_cell_int(rows, 0, 0, 0));
	else
		bb_rest_stale(r, "the station has changed since the version in If-Match");
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	struct chargers *p = r->self;
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, 0);
	const struct bb_json *before = bb_build_object(&b);
	bb_rest_changing(r, before);
	struct bb_val v[8] = {*bb_cell(rows, 0, 0)};
	columns_of(r->api->payload(r->call), before, &v[1]);
	v[6] = bb_changed_at(r->api, r->arena, before);
	v[7] = r->if_match;
	bb_rest_write(r, p->q[Q_STATION_UPDATE], 8, v, put_done);
}

int station_put(struct bb_call *call, void *self)
{
	return get_then(call, self, put_over);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void delete_it(struct bb_rest *r, const struct bb_rows *rows)
{
	struct chargers *p = r->self;
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, 0);
	bb_set_before(r->api, r->call, bb_build_object(&b));
	r->conflict = "the station still has chargers";
	bb_rest_write(r, p->q[Q_STATION_DELETE], 1, bb_cell(rows, 0, 0), deleted);
}

int station_delete(struct bb_call *call, void *self)
{
	return get_then(call, self, delete_it);
}
