/* /api/admin/chargers/{id}/connectors: what a charger's connectors are, type and power. */
#include "chargers.h"

static void read_list(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_list *list = r->arg;
	const struct chargers *p = list->self;
	list->v[0] = *bb_cell(rows, 0, 0);
	bb_list_read(r, list, p->q[Q_KIND_LIST], NULL, NULL);
}

/* Q_CHARGER_GET's first column is the charger's id. */
static int find(struct bb_call *call, struct chargers *p, bb_rest_fn *step, void *arg)
{
	return bb_rest_find(p->api, p->me, call, p, "charger", p->q[Q_CHARGER_GET], step, arg);
}

int connector_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_INT}};
	struct chargers *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 1, filters, 1);
	return list ? find(call, p, read_list, list) : BB_DONE;
}

static void shown(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, 0);
	bb_rest_done(r, bb_build_object(&b));
}

/* What the path names, in r->arg, and whether it is to go. */
struct connector {
	struct bb_val charger, id;
	bool is_deletion;
};

static void set(struct bb_rest *r)
{
	const struct chargers *p = r->self;
	const struct connector *it = r->arg;
	const struct bb_json *body = r->api->payload(r->call);
	const struct bb_val v[] = {
	    it->charger,
	    it->id,
	    bb_member_val(body, "type"),
	    bb_member_val(body, "max_power_w"),
	    bb_i64(bb_json_get(body, "type") != NULL),
	    bb_i64(bb_json_get(body, "max_power_w") != NULL),
	};
	bb_rest_write(r, p->q[Q_KIND_SET], sizeof v / sizeof *v, v, shown);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		bb_rest_gone(r);
	else
		bb_rest_fail(r, "404", "nothing is known of that connector");
}

static void drop(struct bb_rest *r)
{
	const struct chargers *p = r->self;
	const struct connector *it = r->arg;
	const struct bb_val v[] = {it->charger, it->id};
	bb_rest_write(r, p->q[Q_KIND_DELETE], 2, v, deleted);
}

static void change(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct connector *it = r->arg;
	bb_set_before_row(r, rows);
	if (it->is_deletion)
		drop(r);
	else
		set(r);
}

static void look(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct chargers *p = r->self;
	struct connector *it = r->arg;
	it->charger = *bb_cell(rows, 0, 0);
	const struct bb_val v[] = {it->charger, it->id};
	bb_rest_read(r, p->q[Q_KIND_GET], 2, v, change);
}

static int on_connector(struct bb_call *call, struct chargers *p, bool is_deletion)
{
	int64_t id;
	if (!bb_path_id(p->api, call, "connector_id", &id))
		return BB_DONE;
	if (id < 1 || id > 65535) {
		p->api->fail(call, "404", "there is no such connector");
		return BB_DONE;
	}
	struct connector *it = bb_alloc(p->api->arena(call), sizeof *it);
	*it = (struct connector){.id = bb_i64(id), .is_deletion = is_deletion};
	return find(call, p, look, it);
}

int connector_put(struct bb_call *call, void *self)
{
	return on_connector(call, self, false);
}

int connector_delete(struct bb_call *call, void *self)
{
	return on_connector(call, self, true);
}
