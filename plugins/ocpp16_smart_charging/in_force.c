#include "in_force.h"

enum { CONNECTOR, TRANSACTION, DECIDED, PROFILE, RUNNING, RUNNING_SINCE };

void in_force_read(struct bb_rest *r, struct smart *smart, const struct bb_charger *c,
		   int64_t connector_id, bb_rest_fn *step)
{
	const struct bb_val v[] = {bb_i64(c->id), bb_i64(connector_id)};
	struct bb_unit *unit = r->api->begin(smart->bb);
	settle_add(smart, unit, c->charge_point_id);
	r->api->add(unit, smart->query[Q_IN_FORCE], 2, v, NULL, NULL);
	bb_rest_commit(r, unit, step);
}

static int64_t time_ms(const struct bb_api *api, const struct bb_rows *rows, uint32_t row,
		       uint32_t column)
{
	const struct bb_val *v = bb_cell(rows, row, column);
	int64_t ms = 0;
	if (v->type == BB_TEXT)
		api->time_parse(v->s, v->len, &ms);
	return ms;
}

static struct profile profile_row(struct bb_rest *r, const struct bb_rows *rows, uint32_t row)
{
	const char *text = bb_cell_text(rows, row, PROFILE);
	const struct bb_json *v = NULL;
	r->api->json_parse(r->arena, text, strlen(text), &v, NULL);
	struct profile p = profile_read(r->api, r->arena, v);
	p.connector_id = bb_cell_int(rows, row, CONNECTOR, -1);
	p.transaction_id = bb_cell_int(rows, row, TRANSACTION, 0);
	p.installed_ms = time_ms(r->api, rows, row, DECIDED);
	return p;
}

struct in_force in_force_rows(struct bb_rest *r, const struct bb_rows *rows)
{
	struct profile *list = bb_alloc(r->arena, (rows->rows + 1u) * sizeof *list);
	struct in_force f = {.profiles = list, .count = rows->rows};
	for (uint32_t i = 0; i < rows->rows; i++)
		list[i] = profile_row(r, rows, i);
	if (rows->rows) {
		f.transaction_id = bb_cell_int(rows, 0, RUNNING, 0);
		f.transaction_started_ms = time_ms(r->api, rows, 0, RUNNING_SINCE);
	}
	return f;
}

struct situation in_force_situation(const struct smart *smart, const struct in_force *f,
				    int64_t connector_id, int64_t from_ms, int64_t duration_s,
				    bool watts)
{
	return (struct situation){
	    .from_ms = from_ms,
	    .duration_s = duration_s,
	    .connector_id = connector_id,
	    .watts = watts,
	    .voltage_v = smart->config->voltage_v,
	    .phases = smart->config->phases,
	    .transaction_id = f->transaction_id,
	    .transaction_started_ms = f->transaction_started_ms,
	};
}

void step_put(struct bb_builder *b, const struct step *step)
{
	bb_put(b, "limit",
	       step->limited ? bb_json_make_real((double)step->limit_tenths / 10)
			     : bb_json_make_null());
	bb_put(b, "number_phases",
	       step->phases ? bb_json_make_int(step->phases) : bb_json_make_null());
}

const struct bb_json *composite_json(const struct bb_api *api, struct bb_arena *a,
				     const struct situation *s, const struct composite *c)
{
	struct bb_builder b = bb_build(a), periods = bb_build(a);
	for (uint32_t i = 0; i < c->count; i++) {
		struct bb_builder period = bb_build(a);
		bb_put_int(&period, "start_s", c->steps[i].start_s);
		step_put(&period, &c->steps[i]);
		bb_push(&periods, *bb_build_object(&period));
	}
	bb_put_int(&b, "connector_id", s->connector_id);
	bb_put_str(&b, "schedule_start", api->time_format(a, s->from_ms));
	bb_put_int(&b, "duration_s", c->duration_s);
	bb_put_str(&b, "unit", s->watts ? "W" : "A");
	bb_put_json(&b, "periods", bb_build_array(&periods));
	return bb_build_object(&b);
}
