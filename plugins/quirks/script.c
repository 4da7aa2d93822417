/* /api/admin/quirk-scripts: operators' own scripts, and every version of them. */
#include "quirks.h"

#define TRY_MS 1000u

int script_list(struct bb_call *call, void *self)
{
	return thing_list(call, self, Q_SCRIPT_LIST);
}

int script_get(struct bb_call *call, void *self)
{
	return thing_get(call, self, Q_SCRIPT_GET);
}

int script_delete(struct bb_call *call, void *self)
{
	return thing_delete(call, self, Q_SCRIPT_GET, Q_SCRIPT_DELETE);
}

/* A script as a body wants it, before it is stored. */
struct writing {
	const char *operator_id, *name, *source;
	const struct bb_json *before; /* NULL: a new one */
	int64_t id;
};

static void created(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		thing_refuse(r, "operator_id", "names no operator");
		return;
	}
	bb_rest_made_no(r, "/api/admin/quirk-scripts", bb_cell_int(rows, 0, 0, 0));
	thing_changed(r, Q_SCRIPT_GET, bb_cell_int(rows, 0, 0, 0));
}

static void insert(struct bb_rest *r, const struct writing *w)
{
	const struct quirks *p = r->self;
	struct bb_val v[] = {bb_text(w->operator_id), bb_text(w->name), bb_now(r->api, r->arena)};
	struct bb_val version[] = {v[0], v[1], bb_text(w->source)};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_SCRIPT_INSERT], 3, v, NULL, NULL);
	r->api->add(unit, p->q[Q_VERSION_FIRST], 3, version, NULL, NULL);
	r->conflict = "the operator already has a script of this name";
	bb_rest_commit(r, unit, created);
}

static void updated(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		thing_changed(r, Q_SCRIPT_GET, bb_cell_int(rows, 0, 0, 0));
	else
		bb_rest_fail(r, "412", "the script has changed since the version in If-Match");
}

static void update(struct bb_rest *r, const struct writing *w)
{
	const struct quirks *p = r->self;
	struct bb_val at = bb_changed_at(r->api, r->arena, w->before);
	struct bb_val v[] = {bb_i64(w->id), at, r->if_match};
	struct bb_val version[] = {bb_i64(w->id), at, bb_text(w->source), r->if_match};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_SCRIPT_LOCK], 1, v, NULL, NULL);
	r->api->add(unit, p->q[Q_VERSION_NEXT], 4, version, NULL, NULL);
	r->api->add(unit, p->q[Q_SCRIPT_UPDATE], 3, v, NULL, NULL);
	bb_rest_commit(r, unit, updated);
}

static void tried(int err, const struct bb_json *v, void *arg)
{
	struct bb_rest *r = arg;
	const struct writing *w = r->arg;
	if (err == -ENOENT)
		thing_refuse(r, "source", "has no function normalize(message)");
	else if (err)
		thing_refuse(r, "source",
			     bb_printf(r->arena, "fails at a Heartbeat, line %lld: %s",
				       (long long)bb_json_get_int(v, "line", 0),
				       bb_json_get_str(v, "detail", strerror(-err))));
	else if (v && v->type != BB_JSON_NULL &&
		 !bb_json_is(bb_json_get(v, "payload"), BB_JSON_OBJECT))
		thing_refuse(r, "source", "returns no message with a payload");
	else if (w->before)
		update(r, w);
	else
		insert(r, w);
}

/* Before it is stored it must take a message that is as it should be. */
static void try_out(struct bb_rest *r)
{
	struct quirks *p = r->self;
	const struct writing *w = r->arg;
	struct bb_builder b = bb_build(r->arena), nulls = bb_build(r->arena);
	bb_put_str(&b, "direction", "request");
	bb_put_str(&b, "action", "Heartbeat");
	bb_put_str(&b, "charge_point_id", "SAMPLE");
	bb_put_json(&b, "payload", bb_json_empty(r->arena));
	bb_put_json(&b, "nulls", bb_build_array(&nulls));
	const struct bb_script script = {w->operator_id, bb_printf(r->arena, "quirks/%s", w->name),
					 p->api->new_id(r->arena), w->source, strlen(w->source)};
	int err =
	    p->api->script_call(r->me, &script, "normalize", bb_build_object(&b), TRY_MS, tried, r);
	if (err < 0)
		tried(err, NULL, r);
}

static const char *name_fault(const struct quirks *p, const char *name)
{
	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")])
		return "is not made of small letters, digits and underscores";
	return catalogue_is_builtin(name) || book_script(p, "", name)
		   ? "is the name of a bundled one"
		   : NULL;
}

int script_create(struct bb_call *call, void *self)
{
	struct quirks *p = self;
	const struct bb_json *body = p->api->payload(call);
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct writing *w = bb_zalloc(r->arena, sizeof *w);
	w->operator_id = bb_strdup(r->arena, operator_id);
	w->name = bb_json_get_str(body, "name", "");
	w->source = bb_json_get_str(body, "source", "");
	r->arg = w;
	const char *fault = name_fault(p, w->name);
	if (fault)
		thing_refuse(r, "name", fault);
	else
		try_out(r);
	return BB_LATER;
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	struct writing *w = bb_zalloc(r->arena, sizeof *w);
	w->before = thing_json(r->arena, rows, 0, r->self);
	bb_set_before(r->api, r->call, w->before);
	w->id = bb_cell_int(rows, 0, 0, 0);
	w->operator_id = bb_json_get_str(w->before, "operator_id", "");
	w->name = bb_json_get_str(w->before, "name", "");
	w->source = bb_json_get_str(r->api->payload(r->call), "source", "");
	r->arg = w;
	try_out(r);
}

int script_put(struct bb_call *call, void *self)
{
	return thing_find(call, self, Q_SCRIPT_GET, put_over, NULL);
}

static void read_versions(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct quirks *p = r->self;
	struct bb_list *list = r->arg;
	list->v[0] = *bb_cell(rows, 0, 0);
	bb_list_read(r, list, p->q[Q_VERSION_LIST], thing_json, r->self);
}

int script_versions(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_INT}};
	struct quirks *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 1, filters, 1);
	return list ? thing_find(call, p, Q_SCRIPT_GET, read_versions, list) : BB_DONE;
}
