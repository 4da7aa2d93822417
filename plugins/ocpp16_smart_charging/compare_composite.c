/* POST /api/admin/chargers/{id}/composite-schedule: as computed here, as the charger has it, and
 * where they differ. */
#include "in_force.h"

struct comparing {
	struct bb_charger charger; /* first: what bb_command_charger_with() expects */
	int64_t connector_id, duration_s;
	bool watts;
	struct in_force f;
};

static const struct bb_json *differences(struct bb_rest *r, const struct composite *c,
					 const struct bb_json *schedule, bool watts)
{
	const struct difference *list;
	uint32_t periods;
	const struct period *charger = periods_read(r->arena, schedule, &periods);
	uint32_t n = composite_compare(r->arena, c, charger, periods, watts, &list);
	struct bb_builder items = bb_build(r->arena);
	for (uint32_t i = 0; i < n; i++) {
		struct bb_builder b = bb_build(r->arena), computed = b, own = b;
		step_put(&computed, &list[i].computed);
		step_put(&own, &list[i].charger);
		bb_put_int(&b, "from_s", list[i].from_s);
		bb_put_int(&b, "to_s", list[i].to_s);
		bb_put_json(&b, "computed", bb_build_object(&computed));
		bb_put_json(&b, "charger", bb_build_object(&own));
		bb_push(&items, *bb_build_object(&b));
	}
	return bb_build_array(&items);
}

/* For the time and in the unit of the charger's answer, so that they can be compared. */
static const struct bb_json *answer(struct bb_rest *r, const struct bb_command *command)
{
	const struct comparing *q = r->arg;
	const struct bb_json *schedule = bb_json_get(command->response, "chargingSchedule");
	int64_t now_ms = r->api->now_ms() / 1000 * 1000;
	int64_t from_ms =
	    profile_time(r->api, bb_json_get(command->response, "scheduleStart"),
			 profile_time(r->api, bb_json_get(schedule, "startSchedule"), now_ms));
	int64_t duration_s = bb_json_get_int(schedule, "duration", q->duration_s);
	if (duration_s < 1 || duration_s > q->duration_s)
		duration_s = q->duration_s;
	bool watts = schedule ? schedule_in_watts(schedule) : q->watts;
	struct situation s =
	    in_force_situation(r->self, &q->f, q->connector_id, from_ms, duration_s, watts);
	struct composite c = composite_compute(r->arena, q->f.profiles, q->f.count, &s);
	const struct bb_json *told = bb_command_json(r->arena, command);
	struct bb_builder b = bb_build(r->arena);
	for (uint32_t i = 0; i < told->len; i++)
		bb_put(&b, told->members[i].key, told->members[i].value);
	bb_put_json(&b, "computed", composite_json(r->api, r->arena, &s, &c));
	bb_put_json(&b, "differences", schedule ? differences(r, &c, schedule, watts) : NULL);
	return bb_build_object(&b);
}

static void ask(struct bb_rest *r, const struct bb_rows *rows)
{
	struct comparing *q = r->arg;
	struct bb_builder b = bb_build(r->arena);
	q->f = in_force_rows(r, rows);
	bb_put_int(&b, "connectorId", q->connector_id);
	bb_put_int(&b, "duration", q->duration_s);
	bb_put_str(&b, "chargingRateUnit", q->watts ? "W" : "A");
	bb_command_charger_with(r, "GetCompositeSchedule", bb_build_object(&b), 0, answer);
}

static void found(struct bb_rest *r)
{
	const struct bb_json *body = r->api->payload(r->call);
	struct comparing *q = bb_zalloc(r->arena, sizeof *q);
	q->charger = *(const struct bb_charger *)r->arg;
	q->connector_id = bb_json_get_int(body, "connector_id", 1);
	q->duration_s = bb_json_get_int(body, "duration_s", 86400);
	q->watts = !strcmp(bb_json_get_str(body, "unit", "A"), "W");
	r->arg = q;
	in_force_read(r, r->self, &q->charger, q->connector_id, ask);
}

int compare_composite(struct bb_call *call, void *self)
{
	return charger_route(call, self, found);
}
