/* POST /api/admin/tariffs/check and /try: a tariff without storing it, a session without a charger.
 */
#include "facts.h"
#include "tariffs.h"

struct trial {
	struct draft draft;
	const struct bb_json *session;
};

/* Reads the tariff of the body; false: the call has been answered. */
static bool read_draft(struct bb_rest *r, const struct bb_json *body, const char *prefix,
		       struct draft *ret)
{
	const char *path, *rule;
	if (draft_read(r->self, r->arena, body, NULL, ret, &path, &rule))
		return true;
	refuse(r, bb_printf(r->arena, "%s%s", prefix, path), rule);
	return false;
}

static void checked(void *arg, const struct bb_json *bill, const char *error)
{
	struct bb_rest *r = arg;
	struct bb_builder b = bb_build(r->arena);
	bb_put_bool(&b, "valid", bill != NULL);
	bb_put_str(&b, "error", error);
	bb_put_json(&b, "sample", bill);
	bb_rest_done(r, bb_build_object(&b));
}

int tariff_check(struct bb_call *call, void *self)
{
	struct tariffs *p = self;
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct draft *d = bb_zalloc(r->arena, sizeof *d);
	if (!read_draft(r, p->api->payload(call), "", d))
		return BB_LATER;
	d->operator_id = bb_strdup(r->arena, operator_id);
	draft_try(p, r->arena, d, checked, r);
	return BB_LATER;
}

static int64_t time_ms(const struct bb_api *api, const struct bb_json *v)
{
	int64_t ms = 0;
	if (bb_json_is(v, BB_JSON_STRING))
		api->time_parse(v->s, v->len, &ms);
	return ms;
}

static size_t read_samples(const struct bb_api *api, struct bb_arena *a, const struct bb_json *list,
			   const struct reading **ret)
{
	uint32_t n = bb_json_count(list);
	struct reading *r = bb_alloc(a, (n + 1) * sizeof *r);
	for (uint32_t i = 0; i < n; i++) {
		const struct bb_json *sample = bb_json_at(list, i);
		r[i] = (struct reading){time_ms(api, bb_json_get(sample, "at")),
					bb_json_get_int(sample, "energy_wh", -1),
					bb_json_get_int(sample, "power_w", -1)};
	}
	*ret = r;
	return n;
}

static const struct bb_json *identity(struct bb_arena *a, const struct bb_json *session,
				      const char *operator_id)
{
	static const char *const kept[] = {"connector_id",  "connector", "id_tag",
					   "parent_id_tag", "user_id",   "stop_reason"};
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "operator_id", operator_id);
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (bb_json_get(session, kept[i]))
			bb_put_json(&b, kept[i], bb_json_get(session, kept[i]));
	return bb_build_object(&b);
}

static const struct bb_json *complete(const struct tariffs *p, struct bb_arena *a,
				      const struct bb_json *session, const char *operator_id)
{
	int64_t idle_s = bb_json_get_int(session, "idle_s", -1);
	struct facts f = {
	    .identity = identity(a, session, operator_id),
	    .session = {time_ms(p->api, bb_json_get(session, "started_at")),
			time_ms(p->api, bb_json_get(session, "stopped_at"))},
	    .energy_wh = bb_json_get_int(session, "energy_wh", 0),
	    .time_zone = bb_json_get_str(session, "time_zone", "UTC"),
	    .idle_below_w = p->cfg->idle_below_w,
	    .idle_ms = idle_s < 0 ? -1 : idle_s * 1000,
	};
	f.reading_count = read_samples(p->api, a, bb_json_get(session, "samples"), &f.readings);
	return facts_session(p->api, a, &f);
}

static void tried(void *arg, const struct bb_json *bill, const char *error)
{
	struct bb_rest *r = arg;
	if (bill)
		bb_rest_done(r, bill);
	else
		refuse_tariff(r, "tariff", error);
}

static void try_draft(struct bb_rest *r, const struct bb_json *tariff, const char *operator_id)
{
	struct tariffs *p = r->self;
	struct trial *t = r->arg;
	if (!read_draft(r, tariff, "tariff.", &t->draft))
		return;
	t->draft.operator_id = operator_id;
	struct source s = draft_source(p, r->arena, &t->draft);
	run_tariff(p, r->arena, &s, complete(p, r->arena, t->session, operator_id), tried, r);
}

/* What prices depend on, and no more. */
static void with_tariff(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		refuse(r, "tariff_id", "names no tariff");
		return;
	}
	const struct bb_json *stored = tariff_json(r->self, r->arena, rows, 0, true);
	struct bb_builder b = bb_build(r->arena);
	bb_put_json(&b, "currency", bb_json_get(stored, "currency"));
	bb_put_json(&b, "source", bb_json_get(stored, "source"));
	bb_put_json(&b, "settings", bb_json_get(stored, "settings"));
	try_draft(r, bb_build_object(&b), bb_json_get_str(stored, "operator_id", "default"));
}

static bool session_is_sound(struct bb_rest *r, const struct bb_json *session)
{
	int64_t from = time_ms(r->api, bb_json_get(session, "started_at"));
	int64_t to = time_ms(r->api, bb_json_get(session, "stopped_at"));
	if (from <= to)
		return true;
	refuse(r, "session.stopped_at", "is before started_at");
	return false;
}

int tariff_try(struct bb_call *call, void *self)
{
	struct tariffs *p = self;
	const struct bb_json *body = p->api->payload(call), *tariff = bb_json_get(body, "tariff");
	const char *own = p->api->attr(call, "operator_id");
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct trial *t = bb_zalloc(r->arena, sizeof *t);
	struct bb_val v[] = {bb_member_val(body, "tariff_id"), bb_text(own)};
	t->session = bb_json_get(body, "session");
	r->arg = t;
	if ((tariff != NULL) == (v[0].type == BB_I64))
		refuse(r, "tariff", "or else tariff_id must be given");
	else if (!session_is_sound(r, t->session))
		return BB_LATER;
	else if (!tariff)
		bb_rest_read(r, p->q[Q_GET], 2, v, with_tariff);
	else
		try_draft(r, tariff, own ? bb_strdup(r->arena, own) : "default");
	return BB_LATER;
}
