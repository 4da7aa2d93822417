/* MeterValues: one insert per element and one update of the transaction, in one unit. Which
 * transaction a sample belongs to is decided in sql/ocpp16_core/queries.sql, meter_sample. */
#include "core16.h"
#include "sample_row.h"

#define RESUME_ROW 6
#define READING_ROW (RESUME_ROW - 1)

/* The newest element with a register reading. */
struct reading {
	bool has;
	struct sent_time at;
	int64_t energy_wh;
	const char *key;
};

struct stored {
	struct waiting waiting;
	bool may_resume; /* it has a reading, and the name of a transaction */
	struct bb_val v[RESUME_ROW];
};

static void reading_see(struct reading *r, const struct sample_row *row)
{
	if (!row->samples.has_energy || (r->has && row->at.ms < r->at.ms))
		return;
	*r = (struct reading){true, row->at, row->samples.energy_wh, row->key};
}

static void on_resumed(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	struct waiting *w = arg;
	if (err)
		waiting_fail(w, err, "the meter values could not be stored");
	else
		waiting_answer(w, bb_json_empty(w->arena));
}

/* Almost always the reading has found its transaction. */
static void on_committed(int err, const struct bb_rows *rows, void *arg)
{
	struct stored *s = arg;
	if (err || !s->may_resume || rows->changed) {
		on_resumed(err, rows, &s->waiting);
		return;
	}
	struct work u = work_begin(s->waiting.core);
	work_add(&u, Q_METER_RESUMES, RESUME_ROW, s->v, NULL, NULL);
	work_commit(&u, on_resumed, &s->waiting);
}

static void add_reading(struct work *u, struct stored *s, const struct reading *r,
			int64_t connector, const char *named)
{
	const struct waiting *w = &s->waiting;
	const struct bb_val v[RESUME_ROW] = {
	    bb_i64(w->link->charger_id), bb_i64(connector),    bb_text(r->key),
	    waiting_time(w, r->at.ms),   bb_i64(r->energy_wh), bb_text(named),
	};
	memcpy(s->v, v, sizeof v);
	s->may_resume = named != NULL;
	work_add(u, Q_METER_READING, READING_ROW, v, NULL, NULL);
}

int meter_values(struct bb_call *call, void *self)
{
	struct core16 *core = self;
	const struct bb_json *payload = core->api->payload(call);
	const struct bb_json *list = bb_json_get(payload, "meterValue");
	struct stored *s = bb_zalloc(core->api->arena(call), sizeof *s);
	struct waiting *w = &s->waiting;
	int err = waiting_begin(w, core, call);
	if (err < 0)
		return err;

	int64_t connector = sent_connector(payload);
	const char *named = sent_protocol_id(w->arena, bb_json_get(payload, "transactionId"));
	struct work u = work_begin(core);
	struct reading newest = {0};
	for (uint32_t i = 0; i < bb_json_count(list); i++) {
		struct sample_row row;
		if (!sample_row_read(&row, w, bb_json_at(list, i), connector, bb_text(named)))
			continue;
		work_add(&u, row.at.absurd ? Q_METER_SAMPLE_WITHOUT_CLOCK : Q_METER_SAMPLE,
			 SAMPLE_ROW, row.v, NULL, NULL);
		reading_see(&newest, &row);
	}
	if (newest.has)
		add_reading(&u, s, &newest, connector, named);
	work_commit(&u, on_committed, s);
	return BB_LATER;
}
