/* Lists over REST. */
#include "local_auth.h"

/* Behind the cursor; `known` is a truth value. */
static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	const struct local_auth *p = arg;
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 1; c < r->columns; c++)
		bb_put(&b, bb_strdup(a, r->names[c]),
		       strcmp(r->names[c], "known") != 0
			   ? bb_cell_json(a, bb_cell(r, row, c))
			   : bb_json_make_bool(bb_cell_int(r, row, c, 0) != 0));
	bb_put_bool(&b, "at_work", sync_is_at_work(p, bb_cell_int(r, row, 0, 0)));
	return bb_build_object(&b);
}

int local_list_all(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"state", BB_BY_TEXT}, {"charger_id", BB_BY_INT}, {"cursor", BB_BY_INT}};
	struct local_auth *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 2, filters, 3);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(p->api->attr(call, "operator_id"));
	list->v[1] = bb_text(p->cfg->lists);
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_LIST], item, p);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_done(r, item(r->arena, rows, 0, r->self));
}

static void read_one(struct bb_rest *r, int64_t charger_id, bb_rest_fn *step)
{
	const struct local_auth *p = r->self;
	const struct bb_val v[] = {
	    bb_null(), bb_text(p->cfg->lists), bb_null(), bb_i64(charger_id), bb_null(), bb_i64(1)};
	bb_rest_one(r, "charger", p->q[Q_LIST], 6, v, step);
}

static void get(struct bb_rest *r)
{
	read_one(r, ((const struct bb_charger *)r->arg)->id, show);
}

int local_list_get(struct bb_call *call, void *self)
{
	struct local_auth *p = self;
	return bb_on_charger(p->api, p->me, p->chargers, call, p, get);
}

static void changed(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	look_soon(r->self);
	get(r);
}

static void change(struct bb_rest *r, enum query q, struct bb_val with)
{
	const struct local_auth *p = r->self;
	const struct bb_val id = bb_i64(((const struct bb_charger *)r->arg)->id),
			    now = bb_now(p->api, r->arena), row[] = {id, now},
			    v[] = {id, with, now};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_ROW_ADD], 2, row, NULL, NULL);
	r->api->add(unit, p->q[q], 3, v, NULL, NULL);
	bb_rest_commit(r, unit, changed);
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_set_before(r->api, r->call, item(r->arena, rows, 0, r->self));
	change(r, Q_SET_MODE, bb_member_val(r->api->payload(r->call), "mode"));
}

static void put(struct bb_rest *r)
{
	read_one(r, ((const struct bb_charger *)r->arg)->id, put_over);
}

int local_list_put(struct bb_call *call, void *self)
{
	struct local_auth *p = self;
	return bb_on_charger(p->api, p->me, p->chargers, call, p, put);
}

static void sync(struct bb_rest *r)
{
	const struct bb_json *full = bb_json_get(r->api->payload(r->call), "full");
	r->api->set_status(r->call, 202);
	change(r, Q_SYNC, bb_i64(!(bb_json_is(full, BB_JSON_BOOL) && full->b)));
}

int local_list_sync(struct bb_call *call, void *self)
{
	struct local_auth *p = self;
	return bb_on_charger(p->api, p->me, p->chargers, call, p, sync);
}

static const struct bb_json *entry(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				   void *arg)
{
	const struct local_auth *p = arg;
	struct bb_builder b = bb_build(a);
	bb_put(&b, "id_tag", bb_cell_json(a, bb_cell(r, row, 1)));
	bb_put(&b, "id_tag_info", bb_cell_parsed(p->api, a, bb_cell(r, row, 2)));
	return bb_build_object(&b);
}

static void read_entries(struct bb_rest *r)
{
	struct bb_list *list = r->self;
	struct local_auth *p = list->self;
	list->v[0] = bb_i64(((const struct bb_charger *)r->arg)->id);
	bb_list_read(r, list, p->q[Q_ENTRY_LIST], entry, p);
}

int local_list_entries(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_TEXT, bb_is_name}};
	struct local_auth *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 1, filters, 1);
	if (!list)
		return BB_DONE;
	return bb_on_charger(p->api, p->me, p->chargers, call, list, read_entries);
}
