/* What storage knows of a session, as facts. */
#include "price_running.h"

#define READINGS_MOST 50000

/* Columns of the query facts. */
enum {
	ID,
	OPERATOR_ID,
	CHARGER_ID,
	CHARGE_POINT_ID,
	VENDOR,
	MODEL,
	STATION_ID,
	STATION_NAME,
	TIME_ZONE,
	CONNECTOR_ID,
	ID_TAG,
	PARENT_ID_TAG,
	USER_ID,
	STATE,
	PRICE_STATE,
	STARTED_AT,
	STOPPED_AT,
	ENDED_AT,
	ENERGY_WH,
	METER_START_WH,
	ESTIMATED,
	FLAGS,
	STOP_REASON,
	CONNECTOR_TYPE,
	CONNECTOR_POWER_W,
	METER_LAST_WH
};

/* Reads, or gives up. */
static void read_next(struct pricing *t, enum query q, uint32_t n, const struct bb_val *v,
		      bb_rows_fn *fn)
{
	bb_read(t->plugin->api, t->plugin->me, t->plugin->q[q], n, v, fn, t);
}

static bool storage_failed(struct pricing *t, int err)
{
	if (err && t->running)
		running_end(t, err);
	else if (err)
		pricing_give_up(t, "StorageError", "the session could not be read");
	return err != 0;
}

static int64_t time_ms(const struct pricing *t, const char *text)
{
	int64_t ms = 0;
	if (text)
		t->plugin->api->time_parse(text, strlen(text), &ms);
	return ms;
}

static void ask(struct pricing *t)
{
	const struct bb_api *api = t->plugin->api;
	bb_json_fn *answered = t->running ? running_answered : pricing_answered;
	t->session = facts_session(api, t->arena, &t->facts);
	int err = api->ask_hook(t->plugin->me, "price", t->session,
				(uint32_t)t->plugin->cfg->price_timeout_ms, answered, t);
	if (err < 0)
		answered(err, NULL, t);
}

static void with_readings(int err, const struct bb_rows *rows, void *arg)
{
	struct pricing *t = arg;
	if (storage_failed(t, err))
		return;
	struct reading *r = bb_alloc(t->arena, (rows->rows + 1) * sizeof *r);
	for (uint32_t i = 0; i < rows->rows; i++)
		r[i] = (struct reading){time_ms(t, bb_cell_text(rows, i, 0)),
					bb_cell_int(rows, i, 1, -1), bb_cell_int(rows, i, 2, -1)};
	t->facts.readings = r;
	t->facts.reading_count = rows->rows;
	ask(t);
}

static void with_statuses(int err, const struct bb_rows *rows, void *arg)
{
	struct pricing *t = arg;
	if (storage_failed(t, err))
		return;
	struct status *s = bb_alloc(t->arena, (rows->rows + 1) * sizeof *s);
	for (uint32_t i = 0; i < rows->rows; i++)
		s[i] = (struct status){time_ms(t, bb_cell_text(rows, i, 1)),
				       bb_strdup(t->arena, bb_cell_text(rows, i, 0))};
	t->facts.statuses = s;
	t->facts.status_count = rows->rows;
	const struct bb_val v[] = {bb_i64(t->id), bb_i64(READINGS_MOST)};
	read_next(t, Q_READINGS, 2, v, with_readings);
}

static void put_cell(struct bb_builder *b, const char *key, const struct bb_rows *rows, uint32_t c)
{
	bb_put(b, key, bb_cell_json(b->arena, bb_cell(rows, 0, c)));
}

static struct bb_json charger_json(struct bb_arena *a, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(a);
	put_cell(&b, "id", rows, CHARGER_ID);
	put_cell(&b, "charge_point_id", rows, CHARGE_POINT_ID);
	put_cell(&b, "vendor", rows, VENDOR);
	put_cell(&b, "model", rows, MODEL);
	return *bb_build_object(&b);
}

static struct bb_json station_json(struct bb_arena *a, const struct bb_rows *rows)
{
	if (bb_cell(rows, 0, STATION_ID)->type == BB_NULL)
		return bb_json_make_null();
	struct bb_builder b = bb_build(a);
	put_cell(&b, "id", rows, STATION_ID);
	put_cell(&b, "name", rows, STATION_NAME);
	return *bb_build_object(&b);
}

/* Null where nothing is known of it. */
static struct bb_json connector_json(struct bb_arena *a, const struct bb_rows *rows)
{
	if (bb_cell(rows, 0, CONNECTOR_TYPE)->type == BB_NULL &&
	    bb_cell(rows, 0, CONNECTOR_POWER_W)->type == BB_NULL)
		return bb_json_make_null();
	struct bb_builder b = bb_build(a);
	bb_put(&b, "type", bb_cell_json(a, bb_cell(rows, 0, CONNECTOR_TYPE)));
	bb_put(&b, "max_power_w", bb_cell_json(a, bb_cell(rows, 0, CONNECTOR_POWER_W)));
	return *bb_build_object(&b);
}

static const struct bb_json *identity_json(const struct pricing *t, const struct bb_rows *rows)
{
	struct bb_arena *a = t->arena;
	struct bb_builder b = bb_build(a);
	put_cell(&b, "transaction_id", rows, ID);
	put_cell(&b, "operator_id", rows, OPERATOR_ID);
	bb_put(&b, "station", station_json(a, rows));
	bb_put(&b, "charger", charger_json(a, rows));
	put_cell(&b, "connector_id", rows, CONNECTOR_ID);
	bb_put(&b, "connector", connector_json(a, rows));
	put_cell(&b, "id_tag", rows, ID_TAG);
	put_cell(&b, "parent_id_tag", rows, PARENT_ID_TAG);
	put_cell(&b, "user_id", rows, USER_ID);
	put_cell(&b, "stop_reason", rows, STOP_REASON);
	put_cell(&b, "flags", rows, FLAGS);
	if (t->tariff_at)
		bb_put_str(&b, "tariff_at", t->tariff_at);
	return bb_build_object(&b);
}

static void begin_event(struct pricing *t, const struct bb_rows *rows)
{
	t->event = bb_build(t->arena);
	put_cell(&t->event, "transaction_id", rows, ID);
	put_cell(&t->event, "operator_id", rows, OPERATOR_ID);
	put_cell(&t->event, "charger_id", rows, CHARGER_ID);
	put_cell(&t->event, "charge_point_id", rows, CHARGE_POINT_ID);
	put_cell(&t->event, "connector_id", rows, CONNECTOR_ID);
	put_cell(&t->event, "id_tag", rows, ID_TAG);
	put_cell(&t->event, "user_id", rows, USER_ID);
}

static void take_facts(struct pricing *t, const struct bb_rows *rows)
{
	int64_t from = time_ms(t, bb_cell_text(rows, 0, STARTED_AT));
	int64_t to = time_ms(t, bb_cell_text(rows, 0, STOPPED_AT));
	int64_t energy_wh = bb_cell_int(rows, 0, ENERGY_WH, 0);
	const char *ended_at = bb_cell_text(rows, 0, ENDED_AT);
	t->ended_at = ended_at ? bb_strdup(t->arena, ended_at) : NULL;
	t->facts = (struct facts){
	    .identity = identity_json(t, rows),
	    .session = {from, to > from ? to : from},
	    .energy_wh = energy_wh > 0 ? energy_wh : 0,
	    .meter_start_wh = bb_cell_int(rows, 0, METER_START_WH, 0),
	    .time_zone = bb_strdup(t->arena, bb_cell_text(rows, 0, TIME_ZONE)),
	    .estimated = bb_cell_int(rows, 0, ESTIMATED, 0) != 0,
	    .idle_below_w = t->plugin->cfg->idle_below_w,
	    .idle_ms = -1,
	};
}

static void read_statuses(struct pricing *t, const struct bb_rows *rows)
{
	const struct bb_val v[] = {*bb_cell(rows, 0, CHARGER_ID), *bb_cell(rows, 0, CONNECTOR_ID),
				   *bb_cell(rows, 0, STARTED_AT),
				   bb_time(t->plugin->api, t->arena, t->facts.session.to_ms)};
	read_next(t, Q_STATUSES, 4, v, with_statuses);
}

static void with_facts_of_running(struct pricing *t, const struct bb_rows *rows)
{
	int err = rows->rows ? 0 : -ENOENT;
	if (!err) {
		take_facts(t, rows);
		err = running_facts(t, bb_cell_text(rows, 0, STATE),
				    bb_cell_int(rows, 0, METER_LAST_WH, -1));
	}
	if (err)
		running_end(t, err);
	else
		read_statuses(t, rows);
}

/* One that is not over will be asked for again when it is; one that has a price keeps it. */
static void with_facts(int err, const struct bb_rows *rows, void *arg)
{
	struct pricing *t = arg;
	if (storage_failed(t, err))
		return;
	if (t->running) {
		with_facts_of_running(t, rows);
		return;
	}
	bool wanted = rows->rows && !strcmp(bb_cell_text(rows, 0, STATE), "completed") &&
		      strcmp(bb_cell_text(rows, 0, PRICE_STATE), "priced") != 0 &&
		      bb_cell_text(rows, 0, ENDED_AT);
	if (!wanted) {
		pricing_done(t);
		return;
	}
	take_facts(t, rows);
	begin_event(t, rows);
	read_statuses(t, rows);
}

void pricing_read(struct pricing *t)
{
	const struct bb_val v[] = {bb_i64(t->id)};
	read_next(t, Q_FACTS, 1, v, with_facts);
}
