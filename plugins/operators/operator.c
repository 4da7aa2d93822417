/* /api/admin/operators: who runs chargers here. */
#include <busbar/money.h>

#include "operators.h"

/* The last is not said of a new one. */
static const char *const members[] = {"name", "time_zone", "currency", "state"};
#define MEMBERS (sizeof members / sizeof *members)
#define MEMBERS_NEW (MEMBERS - 1)

int operator_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_TEXT, bb_is_name}};
	struct operators *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_LIST], filters, 1, NULL);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, 0);
	const struct bb_json *v = bb_build_object(&b);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, v);
}

int operator_find(struct bb_call *call, struct operators *p, bb_rest_fn *step)
{
	const struct bb_val v[] = {bb_text(p->api->attr(call, "id")),
				   bb_text(p->api->attr(call, "operator_id"))};
	return bb_rest_one(bb_rest_later(p->api, p->me, call, p), "operator", p->q[Q_GET], 2, v,
			   step);
}

int operator_get(struct bb_call *call, void *self)
{
	return operator_find(call, self, show);
}

static void written(struct bb_rest *r, const struct bb_rows *rows)
{
	struct operators *p = r->self;
	if (!rows->rows && r->arg) {
		bb_rest_fail(r, "409",
			     "an operator of this id has been removed; what is left of it "
			     "names it, so the id is not given again");
		return;
	}
	if (!rows->rows) {
		bb_rest_stale(r, "the operator has changed since the version in If-Match");
		return;
	}
	const char *id = bb_strdup(r->arena, bb_cell_text(rows, 0, 0));
	const struct bb_val v[] = {bb_text(id), bb_null()};
	if (r->arg)
		bb_rest_made(r, OPERATORS_PATH, id);
	bb_rest_one(r, "operator", p->q[Q_GET], 2, v, show);
}

/* It stands in paths, in configuration files, and in what scripts compare. */
static bool is_id(const char *s)
{
	size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-_");
	return !s[len] && *s != '-' && *s != '_';
}

static bool refuse(const struct bb_api *api, struct bb_call *call, const char *path,
		   const char *rule)
{
	bb_rest_fault(api, call, path, rule);
	api->fail(call, "422", "%s: %s", path, rule);
	return false;
}

/* False: the body says what its schema cannot refuse, and the call has been failed. */
static bool is_sound(const struct bb_api *api, struct bb_call *call)
{
	const char *id = bb_json_get_str(api->payload(call), "id", NULL);
	const char *currency = bb_json_get_str(api->payload(call), "currency", NULL);
	if (id && !is_id(id))
		return refuse(api, call, "id",
			      "is a-z, 0-9, - and _, the first a letter or a digit");
	if (currency && bb_currency_decimals(currency) < 0)
		return refuse(api, call, "currency", "is not one of ISO 4217");
	return true;
}

int operator_new(struct bb_call *call, void *self)
{
	struct operators *p = self;
	const struct bb_json *body = p->api->payload(call);
	struct bb_val v[MEMBERS_NEW + 2] = {bb_member_val(body, "id")};
	if (!is_sound(p->api, call))
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	for (size_t i = 0; i < MEMBERS_NEW; i++)
		v[1 + i] = bb_member_val(body, members[i]);
	v[MEMBERS_NEW + 1] = bb_now(p->api, r->arena);
	r->arg = p; /* it is new */
	r->conflict = "there is an operator of this id already";
	return bb_rest_write(r, p->q[Q_INSERT], MEMBERS_NEW + 2, v, written);
}

/* Known at once, and told, if it is another than it was. */
static void changed(struct bb_rest *r, const struct bb_rows *rows)
{
	const char *before = bb_strdup(r->arena, r->arg), *now;
	r->arg = NULL;
	if (rows->rows && (now = bb_cell_text(rows, 0, 1)) && strcmp(before, now) != 0) {
		bool disabled = !strcmp(now, "disabled");
		const char *id = bb_cell_text(rows, 0, 0);
		state_set(r->self, id, disabled);
		r->api->emit(r->me, NULL, disabled ? "operator.disabled" : "operator.enabled",
			     bb_json_one(r->arena, "operator_id",
					 bb_json_make_str(bb_strdup(r->arena, id))));
	}
	written(r, rows);
}

static void put_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct operators *p = r->self;
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, 0);
	const struct bb_json *before = bb_build_object(&b), *body = r->api->payload(r->call);
	struct bb_val v[MEMBERS + 3] = {*bb_cell(rows, 0, 0)};
	bb_rest_changing(r, before);
	for (size_t i = 0; i < MEMBERS; i++)
		v[1 + i] = bb_member_val(bb_json_get(body, members[i]) ? body : before, members[i]);
	v[MEMBERS + 1] = bb_changed_at(r->api, r->arena, before);
	v[MEMBERS + 2] = r->if_match;
	r->arg = (void *)bb_json_get_str(before, "state", "");
	bb_rest_write(r, p->q[Q_UPDATE], MEMBERS + 3, v, changed);
}

int operator_put(struct bb_call *call, void *self)
{
	struct operators *p = self;
	return is_sound(p->api, call) ? operator_find(call, p, put_found) : BB_DONE;
}
