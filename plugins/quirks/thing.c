/* Rules and scripts over REST, as far as they are alike. */
#include "quirks.h"

/* One column as JSON: flags are truth values, names an array. */
static struct bb_json column(const struct quirks *p, struct bb_arena *a, const struct bb_rows *r,
			     uint32_t row, uint32_t c)
{
	const struct bb_val *cell = bb_cell(r, row, c);
	if (!strcmp(r->names[c], "final") || !strcmp(r->names[c], "active"))
		return bb_json_make_bool(bb_cell_int(r, row, c, 0) != 0);
	return strcmp(r->names[c], "quirks") ? bb_cell_json(a, cell)
					     : bb_cell_parsed(p->api, a, cell);
}

const struct bb_json *thing_json(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				 void *quirks)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 1; c < r->columns; c++)
		bb_put(&b, bb_strdup(a, r->names[c]), column(quirks, a, r, row, c));
	return bb_build_object(&b);
}

void thing_refuse(struct bb_rest *r, const char *path, const char *rule)
{
	bb_rest_fault(r->api, r->call, path, rule);
	bb_rest_fail(r, "422", bb_printf(r->arena, "%s %s", path, rule));
}

int thing_list(struct bb_call *call, struct quirks *p, enum query list)
{
	static const struct bb_filter filters[] = {{"name", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	return bb_rest_list(p->api, p->me, call, p, p->q[list], filters,
			    sizeof filters / sizeof *filters, thing_json);
}

static const char *thing_name(enum query get)
{
	return get == Q_RULE_GET ? "rule" : "script";
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = thing_json(r->arena, rows, 0, r->self);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, v);
}

int thing_get(struct bb_call *call, struct quirks *p, enum query get)
{
	return thing_find(call, p, get, show, NULL);
}

int thing_find(struct bb_call *call, struct quirks *p, enum query get, bb_rest_fn *step, void *arg)
{
	return bb_rest_find(p->api, p->me, call, p, thing_name(get), p->q[get], step, arg);
}

/* What is shown in the end. */
struct changing {
	enum query get, gone;
	int64_t id; /* 0: it is gone */
};

static void taken(struct bb_rest *r)
{
	struct quirks *p = r->self;
	const struct changing *c = r->arg;
	if (!c->id) {
		bb_rest_gone(r);
		return;
	}
	struct bb_val v[] = {bb_i64(c->id), bb_null()};
	bb_rest_one(r, thing_name(c->get), p->q[c->get], 2, v, show);
}

static void take_rules(struct bb_rest *r, const struct bb_rows *rows)
{
	book_take_rules(r->self, rows);
	taken(r);
}

static void take_scripts(struct bb_rest *r, const struct bb_rows *rows)
{
	book_take_scripts(r->self, rows);
	taken(r);
}

void thing_changed(struct bb_rest *r, enum query get, int64_t id)
{
	struct quirks *p = r->self;
	struct changing *c = bb_alloc(r->arena, sizeof *c);
	*c = (struct changing){.get = get, .id = id};
	r->arg = c;
	if (get == Q_RULE_GET)
		bb_rest_read(r, p->q[Q_RULES_LOAD], 0, NULL, take_rules);
	else
		bb_rest_read(r, p->q[Q_SCRIPTS_LOAD], 0, NULL, take_scripts);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct changing *c = r->arg;
	(void)rows;
	thing_changed(r, c->get, 0);
}

static void delete_it(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct quirks *p = r->self;
	const struct changing *c = r->arg;
	bb_set_before(r->api, r->call, thing_json(r->arena, rows, 0, r->self));
	bb_rest_write(r, p->q[c->gone], 1, bb_cell(rows, 0, 0), deleted);
}

int thing_delete(struct bb_call *call, struct quirks *p, enum query get, enum query gone)
{
	struct changing *c = bb_alloc(p->api->arena(call), sizeof *c);
	*c = (struct changing){.get = get, .gone = gone};
	return thing_find(call, p, get, delete_it, c);
}
