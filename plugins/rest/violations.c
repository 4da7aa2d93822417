/* What a charger does otherwise than it should, and what was repaired of it: counts by kind. */
#include "private.h"

static void list_of(struct bb_rest *r, const struct target *t)
{
	const struct rest *p = r->self;
	struct bb_list *list = r->arg;
	list->v[0] = bb_i64(t->id);
	list->v[1] = bb_text(t->operator_id);
	bb_list_read(r, list, p->q[Q_VIOLATION_LIST], NULL, NULL);
}

int violation_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"kind", BB_BY_TEXT}, {"action", BB_BY_TEXT}, {"cursor", BB_BY_INT}};
	struct rest *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 2, filters, 3);
	if (!list)
		return BB_DONE;
	return lookup_charger(p, bb_rest_later(p->api, p->me, call, p), list, list_of);
}

static void reset_done(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void reset(struct bb_rest *r, const struct target *t)
{
	struct rest *p = r->self;
	struct bb_val v[] = {bb_i64(t->id)};
	bb_rest_write(r, p->q[Q_VIOLATIONS_RESET], 1, v, reset_done);
}

int violations_reset(struct bb_call *call, void *self)
{
	struct rest *p = self;
	return lookup_charger(p, bb_rest_later(p->api, p->me, call, p), NULL, reset);
}
