/* POST /api/admin/bulk-commands/{id}/stop: who was asked goes on, nobody else is asked. */
#include "bulk.h"

static void on_stopped(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bulk_show(r, r->api->attr(r->call, "id"));
}

int bulk_stop(struct bb_call *call, void *self)
{
	struct bulk *p = self;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	const struct bb_val v[] = {
	    bb_text(p->api->attr(call, "id")),
	    bb_text(p->api->attr(call, "operator_id")),
	    bb_now(p->api, r->arena),
	};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_STOP], 3, v, NULL, NULL);
	p->api->add(unit, p->q[Q_STOP_CHARGERS], 1, v, NULL, NULL);
	return bb_rest_commit(r, unit, on_stopped);
}
