/* /api/admin/quirk-rules: operators' own rules. */
#include "quirks.h"

int rule_list(struct bb_call *call, void *self)
{
	return thing_list(call, self, Q_RULE_LIST);
}

int rule_get(struct bb_call *call, void *self)
{
	return thing_get(call, self, Q_RULE_GET);
}

int rule_delete(struct bb_call *call, void *self)
{
	return thing_delete(call, self, Q_RULE_GET, Q_RULE_DELETE);
}

static struct bb_val member(const struct bb_json *body, const struct bb_json *before,
			    const char *key, struct bb_val other)
{
	const struct bb_json *v = bb_json_get(body, key);
	struct bb_val cell = bb_member_val(v ? body : before, key);
	return cell.type == BB_NULL ? other : cell;
}

/* The names as text; NULL: one of them is unknown, and the call has been failed. */
static const char *read_names(struct bb_rest *r, const struct bb_json *names,
			      const char *operator_id)
{
	struct quirks *p = r->self;
	for (uint32_t i = 0; i < bb_json_count(names); i++) {
		const char *name = names->items[i].s;
		if (catalogue_is_builtin(name) || book_script(p, operator_id, name))
			continue;
		thing_refuse(r, bb_printf(r->arena, "quirks[%u]", i),
			     "names no byte repair, no bundled script and none of the operator");
		return NULL;
	}
	return names ? r->api->json_write(r->arena, names, NULL) : "[]";
}

/* The columns name to active; what the body leaves out is as in `before` (NULL: a new rule). */
#define COLUMNS 9
static bool read_wanted(struct bb_rest *r, const struct bb_json *before, const char *operator_id,
			struct bb_val ret[COLUMNS])
{
	const struct bb_json *body = r->api->payload(r->call);
	const struct bb_json *names = bb_json_get(body, "quirks");
	const char *text =
	    read_names(r, names ? names : bb_json_get(before, "quirks"), operator_id);
	if (!text)
		return false;
	const struct bb_val v[COLUMNS] = {
	    member(body, before, "name", bb_null()),
	    member(body, before, "position", bb_i64(100)),
	    member(body, before, "vendor", bb_null()),
	    member(body, before, "model", bb_null()),
	    member(body, before, "firmware", bb_null()),
	    member(body, before, "validation", bb_null()),
	    bb_text(text),
	    member(body, before, "final", bb_i64(0)),
	    member(body, before, "active", bb_i64(1)),
	};
	memcpy(ret, v, sizeof v);
	return true;
}

static void created(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		thing_refuse(r, "operator_id", "names no operator");
		return;
	}
	bb_rest_made_no(r, "/api/admin/quirk-rules", bb_cell_int(rows, 0, 0, 0));
	thing_changed(r, Q_RULE_GET, bb_cell_int(rows, 0, 0, 0));
}

#define CONFLICT "the operator already has a rule of this name"

int rule_create(struct bb_call *call, void *self)
{
	struct quirks *p = self;
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct bb_val v[COLUMNS + 2] = {bb_text(operator_id)};
	if (!read_wanted(r, NULL, operator_id, &v[1]))
		return BB_LATER;
	v[COLUMNS + 1] = bb_now(r->api, r->arena);
	r->conflict = CONFLICT;
	return bb_rest_write(r, p->q[Q_RULE_INSERT], COLUMNS + 2, v, created);
}

static void updated(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		thing_changed(r, Q_RULE_GET, bb_cell_int(rows, 0, 0, 0));
	else
		bb_rest_stale(r, "the rule has changed since the version in If-Match");
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct quirks *p = r->self;
	const struct bb_json *before = thing_json(r->arena, rows, 0, r->self);
	bb_rest_changing(r, before);
	struct bb_val v[COLUMNS + 3] = {*bb_cell(rows, 0, 0)};
	if (!read_wanted(r, before, bb_json_get_str(before, "operator_id", ""), &v[1]))
		return;
	v[COLUMNS + 1] = bb_changed_at(r->api, r->arena, before);
	v[COLUMNS + 2] = r->if_match;
	r->conflict = CONFLICT;
	bb_rest_write(r, p->q[Q_RULE_UPDATE], COLUMNS + 3, v, updated);
}

int rule_put(struct bb_call *call, void *self)
{
	return thing_find(call, self, Q_RULE_GET, put_over, NULL);
}
