/* Reservations over REST. */
#include "reservation.h"

int reservation_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"charger_id", BB_BY_INT},
	    {"state", BB_BY_TEXT},
	    {"id_tag", BB_BY_TEXT},
	    {"cursor", BB_BY_INT},
	};
	struct reservation *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_LIST], filters, 4, NULL);
}

/* The charger is found first, so that 404 tells it from one without reservations. */
static void list_of_charger(struct bb_rest *r)
{
	struct bb_list *list = r->self;
	const struct reservation *p = list->self;
	const struct bb_charger *c = r->arg;
	list->v[0] = bb_text(c->operator_id);
	list->v[1] = bb_i64(c->id);
	bb_list_read(r, list, p->q[Q_LIST], NULL, NULL);
}

int reservation_of_charger(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"state", BB_BY_TEXT}, {"id_tag", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct reservation *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 2, filters, 3);
	if (!list)
		return BB_DONE;
	return bb_on_charger(p->api, p->me, p->chargers, call, list, list_of_charger);
}

/* The lines of the last column, as a list. */
static const struct bb_json *history(struct bb_rest *r, const char *text)
{
	struct bb_builder list = bb_build(r->arena);
	const struct bb_json *entry;
	for (size_t len; text && *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (!r->api->json_parse(r->arena, text, len, &entry, NULL))
			bb_push(&list, *entry);
	}
	return bb_build_array(&list);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	for (uint32_t i = 0; i + 1 < rows->columns; i++)
		bb_put(&b, rows->names[i], bb_cell_json(r->arena, bb_cell(rows, 0, i)));
	bb_put_json(&b, "history", history(r, bb_cell_text(rows, 0, rows->columns - 1)));
	bb_rest_done(r, bb_build_object(&b));
}

struct search {
	struct bb_charger charger; /* first, as bb_on_charger() leaves it */
	bb_rest_fn *step;
};

static void on_row(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct search *s = r->arg;
	if (rows->rows)
		s->step(r, rows);
	else
		bb_rest_fail(r, "404", "the charger has no such reservation");
}

void reservation_find(struct bb_rest *r, bb_rest_fn *step)
{
	const struct reservation *p = r->self;
	struct search *s = bb_alloc(r->arena, sizeof *s);
	int64_t number;
	*s = (struct search){*(const struct bb_charger *)r->arg, step};
	r->arg = s;
	if (!bb_parse_int(r->api->attr(r->call, "reservation_id"), &number)) {
		bb_rest_fail(r, "404", "the charger has no such reservation");
		return;
	}
	const struct bb_val v[] = {bb_i64(s->charger.id), bb_i64(number)};
	bb_rest_read(r, p->q[Q_GET], 2, v, on_row);
}

static void get(struct bb_rest *r)
{
	reservation_find(r, show);
}

int reservation_get(struct bb_call *call, void *self)
{
	struct reservation *p = self;
	return bb_on_charger(p->api, p->me, p->chargers, call, p, get);
}
