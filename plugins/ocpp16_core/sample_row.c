#include "sample_row.h"

static struct bb_val known(bool has, int64_t value)
{
	return has ? bb_i64(value) : bb_null();
}

bool sample_row_read(struct sample_row *r, const struct waiting *w, const struct bb_json *element,
		     int64_t connector_id, struct bb_val transaction)
{
	const struct bb_api *api = w->core->api;
	const struct samples *s = &r->samples;
	size_t len;
	if (!bb_json_count(bb_json_get(element, "sampledValue")))
		return false;
	const char *text = api->json_write(w->arena, element, &len);
	r->samples = samples_read(element);
	r->at = sent_time_read(api, w->arena, bb_json_get(element, "timestamp"), w->now_ms);
	r->key = sent_sample_key(w->arena, connector_id, element, text, len);
	const struct bb_val v[SAMPLE_ROW] = {
	    bb_text(w->link->operator_id),
	    bb_i64(w->link->charger_id),
	    bb_i64(connector_id),
	    transaction,
	    waiting_time(w, r->at.ms),
	    bb_text(w->now),
	    known(s->has_energy, s->energy_wh),
	    known(s->has_power, s->power_w),
	    known(s->has_current, s->current_ma),
	    known(s->has_voltage, s->voltage_mv),
	    known(s->has_soc, s->soc_percent),
	    bb_textn(text, (uint32_t)len),
	    bb_i64(r->at.absurd),
	    bb_text(r->key),
	};
	memcpy(r->v, v, sizeof v);
	return true;
}
