/* MeterValues: one insert per element and one update of the transaction, in one unit. Which
 * transaction a sample belongs to is decided in sql/ocpp16_core/queries.sql, meter_sample. */
#include "core16.h"
#include "sample_row.h"

/* The newest element with a register reading. */
struct reading {
	bool has;
	struct sent_time at;
	int64_t energy_wh;
	const char *key;
};

static void reading_see(struct reading *r, const struct sample_row *row)
{
	if (!row->samples.has_energy || (r->has && row->at.ms < r->at.ms))
		return;
	*r = (struct reading){true, row->at, row->samples.energy_wh, row->key};
}

static void on_committed(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	struct waiting *w = arg;
	if (err)
		waiting_fail(w, err, "the meter values could not be stored");
	else
		waiting_answer(w, bb_json_empty(w->arena));
}

int meter_values(struct bb_call *call, void *self)
{
	struct core16 *core = self;
	const struct bb_json *payload = core->api->payload(call);
	const struct bb_json *list = bb_json_get(payload, "meterValue");
	struct waiting *w = bb_alloc(core->api->arena(call), sizeof *w);
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
		work_add(&u, Q_METER_SAMPLE, SAMPLE_ROW, row.v, NULL, NULL);
		reading_see(&newest, &row);
	}
	if (newest.has) {
		const struct bb_val v[] = {
		    bb_i64(w->link->charger_id),   bb_i64(connector),        bb_text(newest.key),
		    waiting_time(w, newest.at.ms), bb_i64(newest.energy_wh), bb_text(named),
		};
		work_add(&u, Q_METER_READING, sizeof v / sizeof *v, v, NULL, NULL);
	}
	work_commit(&u, on_committed, w);
	return BB_LATER;
}
