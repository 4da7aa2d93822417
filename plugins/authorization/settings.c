/* GET and PUT of /api/admin/operators/{id}/authorization. */
#include <strings.h>

#include "service.h"

/* All but how it stands with the service, which is no setting. */
static const struct bb_json *settings_json(struct bb_arena *a, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 0; c < rows->columns; c++) {
		const char *name = bb_strdup(a, rows->names[c]);
		if (!strcmp(name, "has_service_secret") || !strcmp(name, "service_lists"))
			bb_put(&b, name, bb_json_make_bool(bb_cell_int(rows, 0, c, 0)));
		else
			bb_put_column(&b, rows, 0, c);
	}
	return bb_build_object(&b);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = settings_json(r->arena, rows);
	struct bb_builder b = bb_build(r->arena);
	for (uint32_t i = 0; i < v->len; i++)
		bb_put(&b, v->members[i].key, v->members[i].value);
	bb_put_json(&b, "service_state",
		    service_state(r->self, r->arena, bb_json_get_str(v, "operator_id", "")));
	if (bb_json_get_str(v, "updated_at", NULL))
		bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, bb_build_object(&b));
}

/* The settings of the operator that the path names, if the key may know of it. */
static int find(struct bb_call *call, struct authorization *p, bb_rest_fn *step)
{
	if (operator_is_hidden(p, call))
		return BB_DONE;
	const struct bb_val v = bb_text(p->api->attr(call, "id"));
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	return bb_rest_one(r, "operator", p->q[Q_SETTINGS], 1, &v, step);
}

int settings_get(struct bb_call *call, void *self)
{
	return find(call, self, show);
}

static void stored(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct authorization *p = r->self;
	if (rows->rows)
		bb_rest_one(r, "operator", p->q[Q_SETTINGS], 1, bb_cell(rows, 0, 0), show);
	else
		bb_rest_stale(r, "the settings have changed since the version in If-Match");
}

/* What was said under other settings does not hold any more. */
static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	struct authorization *p = r->self;
	const struct bb_json *before = settings_json(r->arena, rows);
	const struct bb_json *secret = bb_json_get(r->api->payload(r->call), "service_secret");
	const char *operator_id = bb_json_get_str(before, "operator_id", "");
	bb_rest_changing(r, before);
	const struct bb_val v[] = {
	    bb_text(operator_id),
	    bb_changed_at(r->api, r->arena, before),
	    member_or(r, before, "unknown"),
	    member_or(r, before, "max_active"),
	    member_or(r, before, "service_url"),
	    member_or(r, before, "service_timeout_ms"),
	    member_or(r, before, "service_fallback"),
	    member_or(r, before, "service_tokens"),
	    member_or(r, before, "service_lists"),
	    bb_i64(secret != NULL),
	    bb_text(bb_json_str(secret, NULL)),
	    r->if_match,
	    bb_rest_first(r),
	};
	struct bb_unit *unit = r->api->begin(r->me);
	answers_forget(p, unit, operator_id, NULL);
	places_changed(p, unit, r->arena, operator_id);
	r->api->add(unit, p->q[Q_SETTINGS_PUT], sizeof v / sizeof *v, v, NULL, NULL);
	service_forget(p, operator_id);
	bb_rest_commit(r, unit, stored);
}

/* NULL: it may be asked. */
static const char *fault_of_url(const struct authorization *p, const char *url)
{
	if (!url)
		return NULL;
	if (!p->transfer)
		return "needs the plugin transfer, which is not loaded";
	if (strncasecmp(url, "https://", 8) != 0 && strncasecmp(url, "http://", 7) != 0)
		return "is no URL of HTTP or HTTPS";
	return bb_url_user(url).len ? "has a user or a password" : NULL;
}

int settings_put(struct bb_call *call, void *self)
{
	struct authorization *p = self;
	const char *url = bb_json_get_str(p->api->payload(call), "service_url", NULL);
	const char *fault = fault_of_url(p, url);
	if (!fault)
		return find(call, p, put_over);
	bb_rest_fault(p->api, call, "service_url", fault);
	p->api->fail(call, "422", "the service cannot be asked");
	return BB_DONE;
}
