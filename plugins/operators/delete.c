/* DELETE /api/admin/operators/{id}: only of one that has nothing any more; else the answer names
 * what it has. Whoever makes something for it meanwhile wins: its row then refuses to go. */
#include "operators.h"

struct removal {
	const char *id;
	enum query next;    /* of Q_HAS_... */
	const char *things; /* that it has: "stations, chargers"; NULL: none so far */
};

static void gone(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void take_away(struct bb_rest *r, const struct removal *d)
{
	struct operators *p = r->self;
	const struct bb_val id = bb_text(d->id), gone_v[] = {id, bb_now(r->api, r->arena)};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_GONE], 2, gone_v, NULL, NULL);
	for (uint32_t i = Q_FORGET_FIRST; i < Q_COUNT_OF; i++)
		if (p->q[i])
			r->api->add(unit, p->q[i], 1, &id, NULL, NULL);
	r->api->add(unit, p->q[Q_DELETE], 1, &id, NULL, NULL);
	r->conflict = "the operator still has something";
	bb_rest_commit(r, unit, gone);
}

static void had(struct bb_rest *, const struct bb_rows *);

/* Asks the next plugin's tables, or comes to the end. */
static void ask_on(struct bb_rest *r, struct removal *d)
{
	struct operators *p = r->self;
	const struct bb_val id = bb_text(d->id);
	while (d->next < Q_FORGET_FIRST && !p->q[d->next])
		d->next++;
	if (d->next < Q_FORGET_FIRST)
		bb_rest_read(r, p->q[d->next++], 1, &id, had);
	else if (d->things)
		bb_rest_fail(r, "409", bb_printf(r->arena, "the operator still has %s", d->things));
	else
		take_away(r, d);
}

static void had(struct bb_rest *r, const struct bb_rows *rows)
{
	struct removal *d = r->arg;
	for (uint32_t i = 0; i < rows->rows; i++)
		d->things = bb_printf(r->arena, "%s%s%s", d->things ? d->things : "",
				      d->things ? ", " : "", bb_cell_text(rows, i, 0));
	ask_on(r, d);
}

static void found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	struct removal *d = bb_zalloc(r->arena, sizeof *d);
	bb_put_row(&b, rows, 0, 0);
	const struct bb_json *before = bb_build_object(&b);
	bb_set_before(r->api, r->call, before);
	*d = (struct removal){.id = bb_json_get_str(before, "id", ""), .next = Q_HAS_FIRST};
	r->arg = d;
	if (!strcmp(d->id, "default"))
		bb_rest_fail(r, "409", "what names no operator is of this one: it stays");
	else
		ask_on(r, d);
}

int operator_delete(struct bb_call *call, void *self)
{
	return operator_find(call, self, found);
}
