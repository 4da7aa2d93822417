/* POST /api/admin/tariffs/try: what a session would cost, one that is given, an example, or one
 * that has been priced. */
#include "facts.h"
#include "trial.h"

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

static void price_it(struct bb_rest *r, const struct bb_json *session)
{
	const struct trial *t = r->arg;
	run_tariff(r->self, r->arena, &t->source, session, tried, r);
}

static void with_example(struct bb_rest *r, const struct bb_json *examples)
{
	const struct trial *t = r->arg;
	const char *name = bb_json_get_str(r->api->payload(r->call), "example", "");
	for (uint32_t i = 0; i < bb_json_count(examples); i++) {
		const struct bb_json *e = bb_json_at(examples, i);
		if (strcmp(bb_json_get_str(e, "name", ""), name) != 0)
			continue;
		price_it(r, complete(r->self, r->arena, bb_json_get(e, "session"),
				     t->draft.operator_id));
		return;
	}
	refuse(r, "example", "names no example");
}

static void with_evidence(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *session;
	if (!rows->rows)
		refuse(r, "transaction_id", "names no transaction");
	else if (!bb_cell_text(rows, 0, EVIDENCE_SESSION) ||
		 !(session =
		       run_parsed(r->self, r->arena, bb_cell_text(rows, 0, EVIDENCE_SESSION))))
		refuse(r, "transaction_id", "has no price: only of priced ones the facts are kept");
	else
		price_it(r, session);
}

static void with_trial(struct bb_rest *r, struct trial *t)
{
	const struct tariffs *p = r->self;
	const struct bb_json *body = r->api->payload(r->call);
	const struct bb_json *session = bb_json_get(body, "session");
	if (session) {
		price_it(r, complete(p, r->arena, session, t->draft.operator_id));
	} else if (bb_json_get(body, "example")) {
		examples_read(r, with_example);
	} else {
		struct bb_val v[] = {bb_member_val(body, "transaction_id"),
				     bb_text(r->api->attr(r->call, "operator_id"))};
		bb_rest_read(r, p->q[Q_PRICE_EVIDENCE], 2, v, with_evidence);
	}
}

/* Exactly one of these? Else the call has been answered. */
static bool one_of(struct bb_rest *r, const char *const *members, const char *rule)
{
	int given = 0;
	const char *const *m = members;
	for (; *m; m++)
		given += bb_json_get(r->api->payload(r->call), *m) != NULL;
	if (given != 1)
		refuse(r, members[0], rule);
	return given == 1;
}

static bool session_is_sound(struct bb_rest *r)
{
	const struct bb_json *session = bb_json_get(r->api->payload(r->call), "session");
	int64_t from = time_ms(r->api, bb_json_get(session, "started_at"));
	int64_t to = time_ms(r->api, bb_json_get(session, "stopped_at"));
	if (from > to)
		refuse(r, "session.stopped_at", "is before started_at");
	return from <= to;
}

int tariff_try(struct bb_call *call, void *self)
{
	static const char *const tariffs[] = {"tariff", "tariff_id", NULL};
	static const char *const sessions[] = {"session", "transaction_id", "example", NULL};
	struct tariffs *p = self;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	if (one_of(r, tariffs, "or else tariff_id must be given") &&
	    one_of(r, sessions, "or else transaction_id or example must be given") &&
	    session_is_sound(r))
		trial_read(r, with_trial, NULL);
	return BB_LATER;
}
