/* POST, PUT and DELETE of /api/admin/tariffs. A tariff that does not price a sample session is not
 * stored. */
#include "tariffs.h"

struct writing {
	struct draft draft;
	const struct bb_json *before; /* NULL: a new one */
	const struct bb_json *base;   /* what the body leaves out is as in this */
	int64_t id;
};

void refuse(struct bb_rest *r, const char *path, const char *rule)
{
	bb_rest_fault(r->api, r->call, path, rule);
	bb_rest_fail(r, "422", bb_printf(r->arena, "%s %s", path, rule));
}

void refuse_tariff(struct bb_rest *r, const char *path, const char *error)
{
	bb_rest_fault(r->api, r->call, path, error);
	bb_rest_fail(r, "422", error);
}

static const char *now(const struct bb_rest *r)
{
	return r->api->time_format(r->arena, r->api->now_ms());
}

static struct bb_val settings_val(const struct bb_rest *r, const struct draft *d)
{
	return bb_text(r->api->json_write(r->arena, d->settings, NULL));
}

static struct bb_val applies_val(const struct draft *d)
{
	return bb_text(d->applies ? d->applies : "new_sessions");
}

static void show_id(struct bb_rest *r, int64_t id)
{
	const struct tariffs *p = r->self;
	struct bb_val v[] = {bb_i64(id), bb_null()};
	bb_rest_one(r, "tariff", p->q[Q_GET], 2, v, tariff_show);
}

static void created(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		refuse(r, "operator_id", "names no operator");
		return;
	}
	bb_rest_made_no(r, "/api/admin/tariffs", bb_cell_int(rows, 0, 0, 0));
	show_id(r, bb_cell_int(rows, 0, 0, 0));
}

static void insert(struct bb_rest *r, const struct draft *d)
{
	const struct tariffs *p = r->self;
	struct bb_val tariff[] = {bb_text(d->operator_id), d->name,        d->active,
				  d->valid_from,           d->valid_until, bb_text(now(r))};
	struct bb_val version[] = {bb_text(d->operator_id),
				   d->name,
				   bb_text(d->currency),
				   bb_text(d->bundled),
				   bb_textn(d->source, (uint32_t)d->source_len),
				   settings_val(r, d),
				   applies_val(d)};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_INSERT], 6, tariff, NULL, NULL);
	r->api->add(unit, p->q[Q_VERSION_FIRST], 7, version, NULL, NULL);
	r->conflict = "the operator already has a tariff of this name";
	bb_rest_commit(r, unit, created);
}

static void updated(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct writing *w = r->arg;
	if (rows->rows)
		show_id(r, w->id);
	else
		bb_rest_stale(r, "the tariff has changed since the version in If-Match");
}

/* Does the price depend on what has changed? */
static bool needs_version(const struct bb_rest *r, const struct writing *w)
{
	const struct draft *d = &w->draft;
	const struct bb_json *settings = bb_json_get(w->before, "settings");
	const char *bundled = bb_json_get_str(w->before, "bundled", "");
	return strcmp(d->currency, bb_json_get_str(w->before, "currency", "")) != 0 ||
	       strcmp(d->source, bb_json_get_str(w->before, "source", "")) != 0 ||
	       strcmp(d->bundled ? d->bundled : "", bundled) != 0 ||
	       (d->applies && strcmp(d->applies, bb_json_get_str(w->before, "applies", "")) != 0) ||
	       strcmp(settings_val(r, d).s, r->api->json_write(r->arena, settings, NULL)) != 0;
}

static void update(struct bb_rest *r, struct writing *w)
{
	const struct tariffs *p = r->self;
	const struct draft *d = &w->draft;
	struct bb_val at = bb_changed_at(r->api, r->arena, w->before);
	struct bb_val tariff[] = {bb_i64(w->id),  d->name, d->active,  d->valid_from,
				  d->valid_until, at,      r->if_match};
	struct bb_val version[] = {
	    bb_i64(w->id),       bb_text(d->currency),
	    bb_text(d->bundled), bb_textn(d->source, (uint32_t)d->source_len),
	    settings_val(r, d),  at,
	    applies_val(d),      r->if_match};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_LOCK], 1, tariff, NULL, NULL);
	if (needs_version(r, w))
		r->api->add(unit, p->q[Q_VERSION_NEXT], 8, version, NULL, NULL);
	r->api->add(unit, p->q[Q_UPDATE], 7, tariff, NULL, NULL);
	r->conflict = "the operator already has a tariff of this name, or this one was changed "
		      "meanwhile";
	bb_rest_commit(r, unit, updated);
}

static void tried(void *arg, const struct bb_json *bill, const char *error)
{
	struct bb_rest *r = arg;
	struct writing *w = r->arg;
	if (!bill)
		refuse_tariff(r, w->draft.bundled ? "settings" : "source", error);
	else if (w->before)
		update(r, w);
	else
		insert(r, &w->draft);
}

static void begin(struct bb_rest *r, const char *operator_id)
{
	struct writing *w = r->arg;
	struct tariffs *p = r->self;
	const char *path, *rule;
	if (!draft_read(p, r->arena, r->api->payload(r->call), w->base, &w->draft, &path, &rule)) {
		refuse(r, path, rule);
		return;
	}
	w->draft.operator_id = operator_id;
	draft_try(p, r->arena, &w->draft, tried, r);
}

int tariff_create(struct bb_call *call, void *self)
{
	struct tariffs *p = self;
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = bb_zalloc(r->arena, sizeof(struct writing));
	begin(r, bb_strdup(r->arena, operator_id));
	return BB_LATER;
}

/* The tariff as it is, but what prices depend on as it was in the version. */
static const struct bb_json *as_it_was(const struct bb_rest *r, const struct bb_json *now,
				       const struct bb_json *then)
{
	struct bb_builder b = bb_build(r->arena);
	for (uint32_t i = 0; i < now->len; i++) {
		const char *key = now->members[i].key;
		const struct bb_json *old =
		    strcmp(key, "version") != 0 ? bb_json_get(then, key) : NULL;
		bb_put(&b, key, old ? *old : now->members[i].value);
	}
	return bb_build_object(&b);
}

static void put_version(struct bb_rest *r, const struct bb_rows *rows)
{
	struct writing *w = r->arg;
	if (!rows->rows) {
		refuse(r, "from_version", "names no version of the tariff");
		return;
	}
	w->base = as_it_was(r, w->before, tariff_json(r->self, r->arena, rows, 0, true));
	begin(r, bb_json_get_str(w->before, "operator_id", "default"));
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct tariffs *p = r->self;
	struct writing *w = bb_zalloc(r->arena, sizeof *w);
	w->base = w->before = tariff_json(r->self, r->arena, rows, 0, true);
	w->id = bb_cell_int(rows, 0, 0, 0);
	bb_rest_changing(r, w->before);
	r->arg = w;
	struct bb_val v[] = {bb_i64(w->id),
			     bb_member_val(r->api->payload(r->call), "from_version")};
	if (v[1].type == BB_I64)
		bb_rest_read(r, p->q[Q_VERSION_GET], 2, v, put_version);
	else
		begin(r, bb_json_get_str(w->before, "operator_id", "default"));
}

int tariff_put(struct bb_call *call, void *self)
{
	return tariff_find(call, self, put_over, NULL);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void delete_it(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct tariffs *p = r->self;
	struct bb_val v[] = {*bb_cell(rows, 0, 0), bb_text(now(r))};
	bb_set_before(r->api, r->call, tariff_json(p, r->arena, rows, 0, true));
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_ASSIGNMENTS_DROP], 1, v, NULL, NULL);
	r->api->add(unit, p->q[Q_DELETE], 2, v, NULL, NULL);
	bb_rest_commit(r, unit, deleted);
}

int tariff_delete(struct bb_call *call, void *self)
{
	return tariff_find(call, self, delete_it, NULL);
}
