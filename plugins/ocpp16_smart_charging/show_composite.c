/* GET /api/admin/chargers/{id}/composite-schedule: as computed here. */
#include "in_force.h"

#define MOST_S INT64_C(604800)

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

static bool in_range(const struct bb_api *api, struct bb_call *call, const char *name,
		     int64_t least, int64_t most, int64_t *ret)
{
	const char *text = api->param(call, name);
	int64_t v;
	if (!text)
		return true;
	if (!bb_parse_int(text, &v) || v < least || v > most)
		return false;
	*ret = v;
	return true;
}

static const char *malformed(const struct bb_api *api, struct bb_call *call, struct question *q)
{
	const char *unit = api->param(call, "unit");
	if (!in_range(api, call, "connector_id", 0, INT32_MAX, &q->connector_id))
		return "connector_id";
	if (!in_range(api, call, "duration", 1, MOST_S, &q->duration_s))
		return "duration";
	q->watts = unit && !strcmp(unit, "W");
	return unit && strcmp(unit, "W") != 0 && strcmp(unit, "A") != 0 ? "unit" : NULL;
}

int show_composite(struct bb_call *call, void *self)
{
	struct smart *smart = self;
	const struct bb_api *api = smart->api;
	struct question *q = bb_alloc(api->arena(call), sizeof *q);
	*q = (struct question){.smart = smart, .connector_id = 1, .duration_s = 86400};
	const char *bad = malformed(api, call, q);
	if (bad) {
		api->fail(call, "400", "the query parameter %s is malformed", bad);
		return BB_DONE;
	}
	return bb_on_charger(api, smart->bb, smart->chargers, call, q, found);
}
