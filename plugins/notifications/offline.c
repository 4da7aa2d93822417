/* Chargers that have been away longer than the grace, and their being back. That a charger is away
 * is a state, not a fact that somebody stores, so each pass looks at it; what has been told is a
 * row, stored together with its event. */
#include "notifications.h"

#define PAGE 500u

struct looking {
	struct notify *p;
	const struct listeners *listeners;
	bb_fn *done;
	void *arg;
	struct bb_arena *arena;
	enum query query;
	int64_t after;
	bool told;
};

/* Columns of both queries. */
enum { ID, OPERATOR_ID, CHARGE_POINT_ID, STATION_ID, SINCE };

static void page(struct looking *l);

static void end(struct looking *l)
{
	struct looking copy = *l;
	l->p->api->arena_free(l->arena);
	if (copy.told)
		deliver_soon(copy.p);
	copy.done(copy.arg);
}

static const struct bb_json *data_of(struct bb_arena *a, const struct bb_rows *rows, uint32_t row,
				     const char *since_name)
{
	struct bb_builder b = bb_build(a);
	bb_put(&b, "charger_id", bb_cell_json(a, bb_cell(rows, row, ID)));
	bb_put(&b, "charge_point_id", bb_cell_json(a, bb_cell(rows, row, CHARGE_POINT_ID)));
	bb_put(&b, "station_id", bb_cell_json(a, bb_cell(rows, row, STATION_ID)));
	bb_put(&b, since_name, bb_cell_json(a, bb_cell(rows, row, SINCE)));
	return bb_build_object(&b);
}

static void add(struct looking *l, struct bb_unit *unit, const struct bb_rows *rows, uint32_t row)
{
	struct notify *p = l->p;
	bool gone = l->query == Q_SILENT;
	struct bb_val id = *bb_cell(rows, row, ID), now = bb_now(p->api, l->arena);
	const char *name = gone ? "charger.offline" : "charger.online";
	const struct event e = {
	    .name = name,
	    .key = bb_printf(l->arena, "%s/%lld/%s", name, (long long)id.i,
			     bb_cell_text(rows, row, SINCE)),
	    .operator_id = bb_cell_text(rows, row, OPERATOR_ID),
	    .at = now.s,
	    .data = data_of(l->arena, rows, row, gone ? "last_seen_at" : "offline_since"),
	};
	const struct bb_val v[] = {id, *bb_cell(rows, row, OPERATOR_ID),
				   *bb_cell(rows, row, SINCE)};
	if (gone)
		p->api->add(unit, p->q[Q_OUTAGE_ADD], 3, v, NULL, NULL);
	else
		p->api->add(unit, p->q[Q_OUTAGE_END], 1, v, NULL, NULL);
	event_add(p, unit, l->listeners, &e, now);
	l->told = true;
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct looking *l = arg;
	(void)rows;
	if (err || l->p->stopped || (!l->after && l->query == Q_OUTAGES)) {
		end(l);
		return;
	}
	if (!l->after) /* the other way */
		l->query = Q_OUTAGES;
	page(l);
}

static void on_page(int err, const struct bb_rows *rows, void *arg)
{
	struct looking *l = arg;
	struct notify *p = l->p;
	if (err || p->stopped) {
		end(l);
		return;
	}
	struct bb_unit *unit = NULL;
	for (uint32_t i = 0; i < rows->rows; i++) {
		bool here = p->api->link_find(bb_cell_text(rows, i, CHARGE_POINT_ID));
		if (here == (l->query == Q_SILENT))
			continue;
		if (!unit)
			unit = p->api->begin(p->me);
		add(l, unit, rows, i);
	}
	l->after = rows->rows == PAGE ? bb_cell_int(rows, PAGE - 1, ID, 0) : 0;
	if (!unit || p->api->commit(unit, on_stored, l) < 0)
		on_stored(0, NULL, l);
}

static void page(struct looking *l)
{
	struct notify *p = l->p;
	int64_t before = p->api->now_ms() - p->cfg->offline_ms;
	const struct bb_val silent[] = {bb_time(p->api, l->arena, before), bb_i64(l->after)};
	bool gone = l->query == Q_SILENT;
	if (p->api->read(p->me, p->q[l->query], gone ? 2 : 1, gone ? silent : &silent[1], on_page,
			 l) < 0)
		end(l);
}

void offline_look(struct notify *p, const struct listeners *listeners, bb_fn *done, void *arg)
{
	struct bb_arena *a = p->api->arena_new();
	struct looking *l = bb_zalloc(a, sizeof *l);
	*l = (struct looking){.p = p,
			      .listeners = listeners,
			      .done = done,
			      .arg = arg,
			      .arena = a,
			      .query = Q_SILENT};
	page(l);
}
