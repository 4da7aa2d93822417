#include "trial.h"

bool trial_draft(struct bb_rest *r, const struct bb_json *tariff, const char *prefix,
		 struct draft *ret)
{
	const char *path, *rule;
	if (draft_read(r->self, r->arena, tariff, NULL, ret, &path, &rule))
		return true;
	refuse(r, bb_printf(r->arena, "%s%s", prefix, path), rule);
	return false;
}

static void go_on(struct bb_rest *r, const struct bb_json *tariff, const char *operator_id)
{
	struct trial *t = r->arg;
	if (!trial_draft(r, tariff, "tariff.", &t->draft))
		return;
	t->draft.operator_id = operator_id;
	t->source = draft_source(r->self, r->arena, &t->draft);
	t->fn(r, t);
}

/* What prices depend on, and no more. */
static const struct bb_json *essence(struct bb_rest *r, const struct bb_json *stored)
{
	static const char *const members[] = {"currency", "source", "settings"};
	struct bb_builder b = bb_build(r->arena);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		bb_put_json(&b, members[i], bb_json_get(stored, members[i]));
	return bb_build_object(&b);
}

static void with_stored(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		refuse(r, "tariff_id", "names no tariff");
		return;
	}
	const struct bb_json *stored = tariff_json(r->self, r->arena, rows, 0, true);
	const struct bb_json *own = bb_json_get(r->api->payload(r->call), "tariff");
	go_on(r, own ? own : essence(r, stored), bb_json_get_str(stored, "operator_id", "default"));
}

/* Lua may do more than look: it keeps what it likes in the operator's store, and asks other servers
 * in the operator's name. */
static bool may_run(struct bb_rest *r, const struct bb_json *tariff)
{
	if (!bb_json_is(bb_json_get(tariff, "source"), BB_JSON_STRING) ||
	    strcmp(r->api->attr(r->call, "role"), "readonly") != 0)
		return true;
	bb_rest_fault(r->api, r->call, "tariff.source", "is not for the role readonly to run");
	bb_rest_fail(r, "403", "the role readonly may try tariffs that are stored or bundled");
	return false;
}

void trial_read(struct bb_rest *r, trial_fn *fn, void *arg)
{
	const struct tariffs *p = r->self;
	const struct bb_json *body = r->api->payload(r->call);
	const char *own = r->api->attr(r->call, "operator_id");
	struct trial *t = bb_zalloc(r->arena, sizeof *t);
	struct bb_val v[] = {bb_member_val(body, "tariff_id"), bb_text(own)};
	t->fn = fn;
	t->arg = arg;
	r->arg = t;
	if (!may_run(r, bb_json_get(body, "tariff")))
		return;
	if (v[0].type == BB_I64)
		bb_rest_read(r, p->q[Q_GET], 2, v, with_stored);
	else
		go_on(r, bb_json_get(body, "tariff"), own ? bb_strdup(r->arena, own) : "default");
}
