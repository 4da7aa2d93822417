/* /api/admin/stations/{id}/tokens: the tokens and groups that a station's list names. */
#include "authorization.h"
#include "id_tag.h"

static void read_page(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct authorization *p = r->self;
	struct bb_list *list = r->arg;
	list->v[0] = *bb_cell(rows, 0, 0);
	bb_list_read(r, list, p->q[Q_STATION_TOKEN_LIST], NULL, NULL);
}

int station_token_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"rule", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct authorization *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 1, filters, 2);
	if (!list)
		return BB_DONE;
	return bb_rest_find(p->api, p->me, call, p, "station", p->q[Q_STATION], read_page, list);
}

/* What the path names, in r->arg, and whether it is to go. */
struct listed {
	const char *id_tag, *key, *operator_id;
	struct bb_val station;
	bool is_deletion;
};

/* The list is part of what the operator's tokens may do. */
static void store(struct bb_rest *r, enum query q, uint32_t n, const struct bb_val *v,
		  bb_rest_fn *step)
{
	const struct authorization *p = r->self;
	const struct listed *it = r->arg;
	struct bb_unit *unit = r->api->begin(r->me);
	const struct bb_val row[] = {it->station, bb_now(r->api, r->arena)};
	places_changed(p, unit, r->arena, it->operator_id);
	r->api->add(unit, p->q[Q_STATION_LISTED], 2, row, NULL, NULL);
	r->api->add(unit, p->q[q], n, v, NULL, NULL);
	bb_rest_commit(r, unit, step);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, 0);
	bb_rest_done(r, bb_build_object(&b));
}

static void put(struct bb_rest *r)
{
	const struct listed *it = r->arg;
	const struct bb_val v[] = {
	    it->station,
	    bb_text(it->id_tag),
	    bb_text(it->key),
	    bb_member_val(r->api->payload(r->call), "rule"),
	    bb_now(r->api, r->arena),
	};
	store(r, Q_STATION_TOKEN_PUT, sizeof v / sizeof *v, v, show);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		bb_rest_gone(r);
	else
		bb_rest_fail(r, "404", "the station's list does not name this token");
}

static void drop(struct bb_rest *r)
{
	const struct listed *it = r->arg;
	const struct bb_val v[] = {it->station, bb_text(it->key)};
	store(r, Q_STATION_TOKEN_DELETE, 2, v, deleted);
}

static void change(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct listed *it = r->arg;
	bb_set_before_row(r, rows);
	if (it->is_deletion)
		drop(r);
	else
		put(r);
}

static void look(struct bb_rest *r, const struct bb_rows *station)
{
	const struct authorization *p = r->self;
	struct listed *it = r->arg;
	it->station = *bb_cell(station, 0, 0);
	it->operator_id = bb_strdup(r->arena, bb_cell_text(station, 0, 1));
	const struct bb_val v[] = {it->station, bb_text(it->key)};
	bb_rest_read(r, p->q[Q_STATION_TOKEN_GET], 2, v, change);
}

static int on_listed(struct bb_call *call, struct authorization *p, bool is_deletion)
{
	struct bb_arena *a = p->api->arena(call);
	struct listed *it = bb_alloc(a, sizeof *it);
	*it = (struct listed){.id_tag = bb_strdup(a, p->api->attr(call, "id_tag")),
			      .is_deletion = is_deletion};
	it->key = bb_id_tag_key(a, it->id_tag);
	return bb_rest_find(p->api, p->me, call, p, "station", p->q[Q_STATION], look, it);
}

int station_token_put(struct bb_call *call, void *self)
{
	struct authorization *p = self;
	const char *id_tag = p->api->attr(call, "id_tag");
	if (!id_tag_is_valid(id_tag) || strlen(id_tag) > ID_TAG_MOST) {
		p->api->fail(call, "422",
			     "an id_tag is up to %d printable ASCII characters without "
			     "blanks around them",
			     ID_TAG_MOST);
		return BB_DONE;
	}
	return on_listed(call, p, false);
}

int station_token_delete(struct bb_call *call, void *self)
{
	return on_listed(call, self, true);
}
