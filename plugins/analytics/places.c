/* Whose sums a page shows, and of what rows they are made. */
#include "analytics.h"

/* Columns of Q_OPERATORS, Q_STATIONS and Q_CHARGERS. */
enum { KEY, OPERATOR, STATION, CHARGER, POINT };

static void add_row(struct question *q, uint32_t place, struct bb_json operator_id,
		    struct bb_json charger_id)
{
	struct bb_builder row = bb_build(q->rows.arena);
	bb_push(&row, bb_json_make_int(place));
	bb_push(&row, operator_id);
	bb_push(&row, charger_id);
	bb_push(&q->rows, *bb_build_array(&row));
}

static bool is_other_key(const struct bb_rows *rows, uint32_t i)
{
	const struct bb_val *a = bb_cell(rows, i - 1, KEY), *b = bb_cell(rows, i, KEY);
	return a->type == BB_I64 ? a->i != b->i : strcmp(a->s, b->s) != 0;
}

static void add_place(struct question *q, struct bb_arena *a, const struct bb_rows *rows,
		      uint32_t i)
{
	struct place *place = &q->places[q->count++];
	place->operator_id = bb_cell_json(a, bb_cell(rows, i, OPERATOR));
	if (q->group == BY_STATION || q->group == BY_CHARGER)
		place->station_id = bb_cell_json(a, bb_cell(rows, i, STATION));
	if (q->group != BY_CHARGER)
		return;
	place->charger_id = bb_cell_json(a, bb_cell(rows, i, CHARGER));
	place->charge_point_id = bb_cell_json(a, bb_cell(rows, i, POINT));
}

/* Rows of one key stand behind each other. */
static void with_rows(struct bb_rest *r, const struct bb_rows *rows)
{
	struct question *q = r->arg;
	for (uint32_t i = 0; i < rows->rows; i++) {
		bool begins = !i || (q->group != BY_NOTHING && is_other_key(rows, i));
		if (begins && q->count == q->keys) {
			q->next = bb_cursor(r->arena, bb_cell(rows, i, KEY));
			break;
		}
		if (begins)
			add_place(q, r->arena, rows, i);
		if (begins && q->keys == 1 && q->group != BY_NOTHING)
			q->first = bb_cursor(r->arena, bb_cell(rows, i, KEY));
		if (bb_cell(rows, i, CHARGER)->type != BB_NULL)
			add_row(q, q->count - 1, bb_cell_json(r->arena, bb_cell(rows, i, OPERATOR)),
				bb_cell_json(r->arena, bb_cell(rows, i, CHARGER)));
	}
	q->step(r, NULL);
}

static bool is_of_few(const struct question *q)
{
	return q->group == BY_STATION || q->group == BY_CHARGER ||
	       q->v[V_STATION].type != BB_NULL || q->v[V_CHARGER].type != BB_NULL;
}

static int query_of(const struct question *q)
{
	if (q->group == BY_OPERATOR)
		return Q_OPERATORS;
	if (q->group == BY_CHARGER || (q->group == BY_NOTHING && q->v[V_CHARGER].type != BB_NULL))
		return Q_CHARGERS;
	return Q_STATIONS;
}

int places_read(struct bb_rest *r, bb_rest_fn *step)
{
	struct question *q = r->arg;
	const struct analytics *p = r->self;
	q->step = step;
	q->rows = bb_build(r->arena);
	q->places = bb_zalloc(r->arena, q->keys * sizeof *q->places);
	q->of_few = is_of_few(q);
	if (q->is_of_others || !q->calendar.count) {
		step(r, NULL);
		return BB_LATER;
	}
	if (q->group == BY_NOTHING && !q->of_few) {
		const struct bb_val *of = &q->v[q->v[V_OWN].type == BB_NULL ? V_OPERATOR : V_OWN];
		q->places[q->count++].operator_id = bb_cell_json(r->arena, of);
		add_row(q, 0,
			of->type == BB_NULL ? bb_json_make_str("") : bb_cell_json(r->arena, of),
			bb_json_make_int(0));
		step(r, NULL);
		return BB_LATER;
	}
	q->v[V_LIMIT] = bb_i64(q->keys + 1);
	return bb_rest_read(r, p->q[query_of(q)], V_COUNT, q->v, with_rows);
}
