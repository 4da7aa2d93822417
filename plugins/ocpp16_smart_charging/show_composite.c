/* GET /api/admin/chargers/{id}/composite-schedule: as computed here. */
#include "in_force.h"

struct question {
	struct smart *smart;
	int64_t connector_id, duration_s;
	bool watts;
};

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct question *q = r->self;
	struct in_force f = in_force_rows(r, rows);
	int64_t now_ms = r->api->now_ms() / 1000 * 1000;
	struct situation s =
	    in_force_situation(q->smart, &f, q->connector_id, now_ms, q->duration_s, q->watts);
	struct composite c = composite_compute(r->arena, f.profiles, f.count, &s);
	bb_rest_done(r, composite_json(r->api, r->arena, &s, &c));
}

static void found(struct bb_rest *r)
{
	const struct question *q = r->self;
	in_force_read(r, q->smart, r->arg, q->connector_id, show);
}

int show_composite(struct bb_call *call, void *self)
{
	struct smart *smart = self;
	const struct bb_api *api = smart->api;
	struct question *q = bb_alloc(api->arena(call), sizeof *q);
	const char *unit = api->param(call, "unit");
	*q = (struct question){.smart = smart, .connector_id = 1, .duration_s = 86400};
	bb_parse_int(api->param(call, "connector_id"), &q->connector_id);
	bb_parse_int(api->param(call, "duration"), &q->duration_s);
	q->watts = unit && !strcmp(unit, "W");
	return bb_on_charger(api, smart->bb, smart->chargers, call, q, found);
}
