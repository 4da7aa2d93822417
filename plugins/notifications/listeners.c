/* Who is to be told of an event. */
#include "match.h"
#include "notifications.h"

struct listener {
	int64_t id;
	const char *operator_id, *user_id, *since;
	const struct bb_json *events, *filter;
};

struct listeners {
	uint32_t count;
	struct listener list[];
};

/* Columns of the query. */
enum { ID, OPERATOR_ID, USER_ID, EVENTS, FILTER, CREATED_AT };

static const char *text_of(struct bb_arena *a, const struct bb_rows *rows, uint32_t row, uint32_t c)
{
	const char *text = bb_cell_text(rows, row, c);
	return text ? bb_strdup(a, text) : NULL;
}

static const struct bb_json *json_of(const struct bb_api *api, struct bb_arena *a,
				     const struct bb_val *cell)
{
	struct bb_json *v = bb_alloc(a, sizeof *v);
	*v = bb_cell_parsed(api, a, cell);
	return v;
}

struct listeners *listeners_read(const struct bb_api *api, struct bb_arena *a,
				 const struct bb_rows *rows)
{
	struct listeners *l = bb_alloc(a, sizeof *l + rows->rows * sizeof l->list[0]);
	l->count = rows->rows;
	for (uint32_t i = 0; i < l->count; i++)
		l->list[i] = (struct listener){
		    .id = bb_cell_int(rows, i, ID, 0),
		    .operator_id = text_of(a, rows, i, OPERATOR_ID),
		    .user_id = text_of(a, rows, i, USER_ID),
		    .since = text_of(a, rows, i, CREATED_AT),
		    .events = json_of(api, a, bb_cell(rows, i, EVENTS)),
		    .filter = json_of(api, a, bb_cell(rows, i, FILTER)),
		};
	return l;
}

/* What was before there was a subscription is not told to it. */
static bool wants(const struct listener *l, const struct event *e)
{
	return !strcmp(l->operator_id, e->operator_id) && strcmp(l->since, e->at) <= 0 &&
	       (!l->user_id || (e->user_id && !strcmp(l->user_id, e->user_id))) &&
	       match_event(l->events, e->name) && match_filter(l->filter, e->data);
}

static void add_event(struct notify *p, struct bb_unit *unit, const struct event *e,
		      struct bb_val now)
{
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val v[] = {
	    bb_text(e->operator_id),
	    bb_text(e->name),
	    bb_text(e->key),
	    bb_text(e->user_id),
	    bb_text(p->api->json_write(a, e->data, NULL)),
	    bb_text(e->at),
	    now,
	};
	p->api->add(unit, p->q[Q_EVENT_ADD], sizeof v / sizeof *v, v, NULL, NULL);
	p->api->arena_free(a);
}

void event_add(struct notify *p, struct bb_unit *unit, const struct listeners *l,
	       const struct event *e, struct bb_val now)
{
	bool added = false;
	for (uint32_t i = 0; i < l->count; i++) {
		if (!wants(&l->list[i], e))
			continue;
		if (!added)
			add_event(p, unit, e, now);
		added = true;
		const struct bb_val v[] = {bb_i64(l->list[i].id), bb_text(e->key), now, bb_i64(0)};
		p->api->add(unit, p->q[Q_DELIVERY_ADD], 4, v, NULL, NULL);
	}
}
