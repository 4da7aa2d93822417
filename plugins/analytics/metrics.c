/* What is summed up, and how it is shown. */
#include "analytics.h"

static void show_sessions(struct bb_builder *b, const struct cell *cell)
{
	struct sum begun = cell_sum(cell, "session"), completed = cell_sum(cell, "completed");
	bb_put_int(b, "sessions", begun.n);
	bb_put_int(b, "completed", completed.n);
	bb_put_int(b, "energy_wh", begun.total);
	bb_put_int(b, "duration_s", completed.total);
}

const struct metric metric_sessions = {{"session", "completed"}, show_sessions};

static void show_revenue(struct bb_builder *b, const struct cell *cell)
{
	struct bb_builder amounts = bb_build(b->arena);
	bb_put_int(b, "priced", cell_sum(cell, "revenue").n);
	for (uint32_t i = 0; i < cell->count; i++) {
		if (!cell->sums[i].n)
			continue;
		const struct bb_val minor = bb_i64(cell->sums[i].total);
		const struct bb_val currency = bb_text(cell->sums[i].unit);
		bb_push(&amounts, bb_money_json(b->arena, &minor, &currency));
	}
	bb_put_json(b, "amount", bb_build_array(&amounts));
}

const struct metric metric_revenue = {{"revenue"}, show_revenue};

/* A part of the whole, to four digits; null of nothing. */
static void put_share(struct bb_builder *b, const char *key, int64_t part_s, int64_t whole_s)
{
	if (whole_s > 0)
		bb_put_real(b, key, (double)((part_s * 10000 + whole_s / 2) / whole_s) / 10000.0);
	else
		bb_put(b, key, bb_json_make_null());
}

static void show_utilization(struct bb_builder *b, const struct cell *cell)
{
	int64_t known = cell_lasted_s(cell, "known"), charging = cell_lasted_s(cell, "charging");
	int64_t occupied = charging + cell_lasted_s(cell, "occupied");
	bb_put_int(b, "connectors", cell_lasting(cell, "known"));
	bb_put_int(b, "known_s", known);
	bb_put_int(b, "occupied_s", occupied);
	bb_put_int(b, "charging_s", charging);
	bb_put_int(b, "reserved_s", cell_lasted_s(cell, "reserved"));
	bb_put_int(b, "session_s", cell_lasted_s(cell, "busy"));
	put_share(b, "utilization", occupied, known);
}

const struct metric metric_utilization = {
    {"known", "charging", "occupied", "reserved", "busy"}, show_utilization, true};

static void show_uptime(struct bb_builder *b, const struct cell *cell)
{
	static const char *const downs[] = {"offline", "faulted", "unavailable"};
	int64_t known = cell_lasted_s(cell, "known"), up = known;
	bb_put_int(b, "connectors", cell_lasting(cell, "known"));
	bb_put_int(b, "known_s", known);
	for (size_t i = 0; i < sizeof downs / sizeof *downs; i++) {
		int64_t down = cell_lasted_s(cell, downs[i]);
		bb_put_int(b, bb_printf(b->arena, "%s_s", downs[i]), down);
		up -= down;
	}
	put_share(b, "uptime", up > 0 ? up : 0, known);
}

const struct metric metric_uptime = {
    {"known", "offline", "faulted", "unavailable"}, show_uptime, true};

/* A unit is "<kind>/<reason>". */
static void show_failures(struct bb_builder *b, const struct cell *cell)
{
	struct bb_builder reasons = bb_build(b->arena);
	bb_put_int(b, "failures", cell_sum(cell, "failure").n);
	for (uint32_t i = 0; i < cell->count; i++) {
		const char *unit = cell->sums[i].unit, *slash = strchr(unit, '/');
		if (!cell->sums[i].n || !slash)
			continue;
		struct bb_builder one = bb_build(b->arena);
		bb_put_str(&one, "kind", bb_strndup(b->arena, unit, (size_t)(slash - unit)));
		bb_put_str(&one, "reason", slash + 1);
		bb_put_int(&one, "count", cell->sums[i].n);
		bb_push(&reasons, *bb_build_object(&one));
	}
	bb_put_json(b, "reasons", bb_build_array(&reasons));
}

const struct metric metric_failures = {{"failure"}, show_failures};
