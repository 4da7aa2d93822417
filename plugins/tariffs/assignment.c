/* Where a tariff applies: /api/admin/tariffs/{id}/assignment. */
#include "tariffs.h"

static void read_list(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct tariffs *p = r->self;
	struct bb_list *list = r->arg;
	list->v[0] = *bb_cell(rows, 0, 0);
	bb_list_read(r, list, p->q[Q_ASSIGNMENTS], NULL, NULL);
}

int assignment_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_INT}};
	struct tariffs *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 1, filters, 1);
	return list ? tariff_find(call, p, read_list, list) : BB_DONE;
}

/* A charger, a station, or all of the operator's. */
struct place {
	struct bb_val charger, station, tariff;
	const char *key;
	void (*change)(struct bb_rest *);
};

static struct place *make_place(struct bb_arena *a, struct bb_val charger, struct bb_val station)
{
	struct place *at = bb_alloc(a, sizeof *at);
	*at = (struct place){.charger = charger, .station = station, .key = "operator"};
	if (charger.type == BB_I64)
		at->key = bb_printf(a, "charger/%lld", (long long)charger.i);
	else if (station.type == BB_I64)
		at->key = bb_printf(a, "station/%lld", (long long)station.i);
	return at;
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	if (!rows->rows) {
		const struct place *at = r->arg;
		refuse(r, at->charger.type == BB_I64 ? "charger_id" : "station_id",
		       "names none of the tariff's operator");
		return;
	}
	bb_put_row(&b, rows, 0, 0);
	bb_rest_done(r, bb_build_object(&b));
}

static void change(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct place *at = r->arg;
	bb_set_before_row(r, rows);
	at->change(r);
}

static void look(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct tariffs *p = r->self;
	struct place *at = r->arg;
	at->tariff = *bb_cell(rows, 0, 0);
	const struct bb_val v[] = {at->tariff, bb_text(at->key)};
	bb_rest_read(r, p->q[Q_ASSIGNED], 2, v, change);
}

static int on_place(struct bb_call *call, struct tariffs *p, struct place *at,
		    void (*step)(struct bb_rest *))
{
	at->change = step;
	return tariff_find(call, p, look, at);
}

static void put(struct bb_rest *r)
{
	const struct tariffs *p = r->self;
	const struct place *at = r->arg;
	struct bb_val v[] = {at->tariff, bb_text(at->key), at->station, at->charger,
			     bb_now(r->api, r->arena)};
	bb_rest_write(r, p->q[Q_ASSIGN], 5, v, show);
}

int assignment_put(struct bb_call *call, void *self)
{
	struct tariffs *p = self;
	const struct bb_json *body = p->api->payload(call);
	struct bb_val charger = bb_member_val(body, "charger_id");
	struct bb_val station = bb_member_val(body, "station_id");
	if (charger.type == BB_I64 && station.type == BB_I64) {
		bb_rest_fault(p->api, call, "station_id", "cannot go together with charger_id");
		p->api->fail(call, "422", "an assignment is for a charger or for a station");
		return BB_DONE;
	}
	return on_place(call, p, make_place(p->api->arena(call), charger, station), put);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		bb_rest_fail(r, "404", "the tariff is not assigned there");
		return;
	}
	bb_rest_gone(r);
}

static void drop(struct bb_rest *r)
{
	const struct tariffs *p = r->self;
	const struct place *at = r->arg;
	struct bb_val v[] = {at->tariff, bb_text(at->key)};
	bb_rest_write(r, p->q[Q_UNASSIGN], 2, v, deleted);
}

static struct bb_val id_param(const struct tariffs *p, const struct bb_call *call, const char *name)
{
	int64_t id;
	return bb_parse_int(p->api->param(call, name), &id) ? bb_i64(id) : bb_null();
}

int assignment_delete(struct bb_call *call, void *self)
{
	struct tariffs *p = self;
	return on_place(call, p,
			make_place(p->api->arena(call), id_param(p, call, "charger_id"),
				   id_param(p, call, "station_id")),
			drop);
}
