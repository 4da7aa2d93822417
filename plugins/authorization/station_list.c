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

/* The list is part of what the operator's tokens may do. */
static void store(struct bb_rest *r, const struct bb_rows *station, enum query q, uint32_t n,
		  const struct bb_val *v, bb_rest_fn *step)
{
	const struct authorization *p = r->self;
	struct bb_unit *unit = r->api->begin(r->me);
	const struct bb_val row[] = {*bb_cell(station, 0, 0), bb_now(r->api, r->arena)};
	places_changed(p, unit, r->arena, bb_cell_text(station, 0, 1));
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

static void put(struct bb_rest *r, const struct bb_rows *rows)
{
	const char *id_tag = r->arg;
	const struct bb_val v[] = {
	    *bb_cell(rows, 0, 0),
	    bb_text(id_tag),
	    bb_text(bb_id_tag_key(r->arena, id_tag)),
	    bb_member_val(r->api->payload(r->call), "rule"),
	    bb_now(r->api, r->arena),
	};
	store(r, rows, Q_STATION_TOKEN_PUT, sizeof v / sizeof *v, v, show);
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
	return bb_rest_find(p->api, p->me, call, p, "station", p->q[Q_STATION], put,
			    bb_strdup(p->api->arena(call), id_tag));
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		bb_rest_gone(r);
	else
		bb_rest_fail(r, "404", "the station's list does not name this token");
}

static void delete_it(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_val v[] = {*bb_cell(rows, 0, 0), bb_text(r->arg)};
	store(r, rows, Q_STATION_TOKEN_DELETE, 2, v, deleted);
}

int station_token_delete(struct bb_call *call, void *self)
{
	struct authorization *p = self;
	const char *key = bb_id_tag_key(p->api->arena(call), p->api->attr(call, "id_tag"));
	return bb_rest_find(p->api, p->me, call, p, "station", p->q[Q_STATION], delete_it,
			    (void *)key);
}
