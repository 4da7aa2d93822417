/* GET /api/admin/analytics/...: what, when, where, then the sums, then the page. */
#include "analytics.h"

#include "cover.h"

/* Columns of Q_SUMS. */
enum { PLACE, BUCKET, MEASURE, UNIT, N, TOTAL };

#define BEFORE (-1)         /* the bucket of all that was before the page's first */
#define OFFLINE_MS (300000) /* that nothing was heard of a charger; as in sql/analytics */

static void add_pieces(struct bb_builder *b, const struct question *q, int64_t bucket,
		       int64_t from_ms, int64_t to_ms)
{
	struct piece pieces[PIECES_MOST];
	uint32_t n = cover(q->of_few, from_ms / 1000 / SLOT_S, to_ms / 1000 / SLOT_S, pieces);
	for (uint32_t i = 0; i < n; i++) {
		struct bb_builder row = bb_build(b->arena);
		bb_push(&row, bb_json_make_int(bucket));
		bb_push(&row, bb_json_make_int(pieces[i].grain));
		bb_push(&row, bb_json_make_int(pieces[i].slot));
		bb_push(&row, bb_json_make_int(pieces[i].behind));
		bb_push(b, *bb_build_array(&row));
	}
}

static const struct bb_json *pieces_json(struct bb_arena *a, const struct question *q)
{
	struct bb_builder b = bb_build(a);
	const int64_t *at = q->calendar.at_ms + q->bucket;
	if (q->metric->lasts && q->buckets)
		add_pieces(&b, q, BEFORE, 0, at[0]);
	for (uint32_t i = 0; i < q->buckets; i++)
		add_pieces(&b, q, i, at[i], at[i + 1]);
	return bb_build_array(&b);
}

/* The sums in the order of the items. */
struct sums {
	const struct bb_rows *rows;
	struct sum *sums;
	uint32_t at;
};

static struct cell cell_at(struct sums *s, int64_t place, int64_t bucket)
{
	struct cell c = {.sums = s->sums + s->at};
	while (s->at < s->rows->rows && bb_cell_int(s->rows, s->at, PLACE, 0) == place &&
	       bb_cell_int(s->rows, s->at, BUCKET, 0) == bucket) {
		s->at++;
		c.count++;
	}
	return c;
}

static struct sums sums_of(struct bb_arena *a, const struct bb_rows *rows)
{
	struct sums s = {rows, bb_alloc(a, (rows->rows + 1) * sizeof *s.sums), 0};
	for (uint32_t i = 0; i < rows->rows; i++)
		s.sums[i] = (struct sum){
		    bb_cell_text(rows, i, MEASURE), bb_strdup(a, bb_cell_text(rows, i, UNIT)),
		    bb_cell_int(rows, i, N, 0), bb_cell_int(rows, i, TOTAL, 0)};
	return s;
}

static const struct bb_json *item(struct bb_rest *r, const struct question *q,
				  const struct place *of, const int64_t *at,
				  const struct cell *cell)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_str(&b, "from", r->api->time_format(r->arena, at[0]));
	bb_put_str(&b, "to", r->api->time_format(r->arena, at[1]));
	bb_put(&b, "operator_id", of->operator_id);
	bb_put(&b, "station_id", of->station_id);
	bb_put(&b, "charger_id", of->charger_id);
	bb_put(&b, "charge_point_id", of->charge_point_id);
	q->metric->show(&b, cell);
	return bb_build_object(&b);
}

static void pass_by(struct sum *before, const struct cell *cell)
{
	for (uint32_t i = 0; i < MEASURES_MOST && before[i].measure; i++) {
		struct sum in = cell_sum(cell, before[i].measure);
		before[i].n += in.n;
		before[i].total += in.total;
	}
}

/* The items of one place, one interval after the other. */
static void add_items(struct bb_builder *items, struct bb_rest *r, const struct question *q,
		      struct sums *s, uint32_t place)
{
	struct sum before[MEASURES_MOST] = {0};
	int64_t now_s = r->api->now_ms() / 1000;
	for (uint32_t i = 0; i < MEASURES_MOST; i++)
		before[i].measure = q->metric->measures[i];
	struct cell cell = cell_at(s, place, BEFORE);
	pass_by(before, &cell);
	for (uint32_t bucket = 0; bucket < q->buckets; bucket++) {
		const int64_t *at = q->calendar.at_ms + q->bucket + bucket;
		cell = cell_at(s, place, bucket);
		cell.before = before;
		cell.from_s = at[0] / 1000 < now_s ? at[0] / 1000 : now_s;
		cell.to_s = at[1] / 1000 < now_s ? at[1] / 1000 : now_s;
		bb_push(items, *item(r, q, &q->places[place], at, &cell));
		pass_by(before, &cell);
	}
}

static void answer(struct bb_rest *r, const struct question *q, const struct bb_rows *rows)
{
	struct sums s = sums_of(r->arena, rows);
	struct bb_builder items = bb_build(r->arena);
	for (uint32_t place = 0; place < q->count; place++)
		add_items(&items, r, q, &s, place);
	bb_rest_done(r, bb_page_of(r->arena, bb_build_array(&items), question_next(q, r->arena)));
}

static void with_sums(struct bb_rest *r, const struct bb_rows *rows)
{
	answer(r, r->arg, rows);
}

static struct bb_val json_val(struct bb_rest *r, const struct bb_json *v)
{
	return bb_text(r->api->json_write(r->arena, v, NULL));
}

static void with_places(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct analytics *p = r->self;
	struct question *q = r->arg;
	const char *const *m = q->metric->measures;
	(void)rows;
	const struct bb_val v[] = {json_val(r, bb_build_array(&q->rows)),
				   json_val(r, pieces_json(r->arena, q)),
				   bb_text(m[0]),
				   bb_text(m[1]),
				   bb_text(m[2]),
				   bb_text(m[3]),
				   bb_text(m[4]),
				   bb_time(r->api, r->arena, r->api->now_ms() - OFFLINE_MS)};
	bb_rest_read(r, p->q[Q_SUMS], sizeof v / sizeof *v, v, with_sums);
}

static int divide(struct bb_rest *r)
{
	struct question *q = r->arg;
	if (question_divide(r->self, r->arena, q))
		return places_read(r, with_places);
	const char *rule = bb_printf(r->arena, "is more than %u intervals before to", BUCKETS_MOST);
	bb_rest_fault(r->api, r->call, "from", rule);
	bb_rest_fail(r, "400", bb_printf(r->arena, "the query parameter from %s", rule));
	return BB_LATER;
}

/* Places of one zone have its days; those of several have UTC's. */
static void with_zones(struct bb_rest *r, const struct bb_rows *rows)
{
	struct question *q = r->arg;
	int64_t ms;
	const char *zone = rows->rows == 1 ? bb_cell_text(rows, 0, 0) : NULL;
	q->zone = zone && !r->api->zone_local(zone, 0, &ms) ? bb_strdup(r->arena, zone) : "UTC";
	divide(r);
}

static int ask(struct bb_call *call, struct analytics *p, const struct metric *metric)
{
	struct question *q = bb_zalloc(p->api->arena(call), sizeof *q);
	q->metric = metric;
	if (!question_read(p, call, q))
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = q;
	return q->zone ? divide(r) : bb_rest_read(r, p->q[Q_ZONES], V_FIRST, q->v, with_zones);
}

int ask_sessions(struct bb_call *call, void *self)
{
	return ask(call, self, &metric_sessions);
}

int ask_revenue(struct bb_call *call, void *self)
{
	return ask(call, self, &metric_revenue);
}

int ask_utilization(struct bb_call *call, void *self)
{
	return ask(call, self, &metric_utilization);
}

int ask_uptime(struct bb_call *call, void *self)
{
	return ask(call, self, &metric_uptime);
}

int ask_failures(struct bb_call *call, void *self)
{
	return ask(call, self, &metric_failures);
}
