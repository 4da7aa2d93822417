/* Jobs: how they are asked for, and how it is told how they stand. */
#include "firmware.h"

int64_t job_deadline_ms(const struct firmware *p, const char *kind, int64_t ms)
{
	return ms + (strcmp(kind, FIRMWARE) ? p->config->diagnostics_timeout_ms
					    : p->config->firmware_timeout_ms);
}

/* The columns that every statement on jobs returns. */
enum { ID, KIND, STATE, ENDED_AT, CHARGER_ID, OPERATOR_ID, CAMPAIGN_ID };

static const char *topic_of(const char *kind, bool ended)
{
	if (kind && !strcmp(kind, FIRMWARE))
		return ended ? "firmware.ended" : "firmware.status";
	return ended ? "diagnostics.ended" : "diagnostics.status";
}

static void tell_one(struct firmware *p, struct bb_arena *a, const struct bb_rows *rows,
		     uint32_t row, bool ended)
{
	struct bb_builder b = bb_build(a);
	bb_put_row(&b, rows, row, 0);
	p->api->emit(p->me, NULL, topic_of(bb_cell_text(rows, row, KIND), ended),
		     bb_build_object(&b));
}

void jobs_tell(int err, const struct bb_rows *rows, void *arg)
{
	struct firmware *p = arg;
	bool campaign = false;
	if (err || !rows->rows)
		return;
	struct bb_arena *a = p->api->arena_new();
	for (uint32_t i = 0; i < rows->rows; i++) {
		bool ended = bb_cell(rows, i, ENDED_AT)->type != BB_NULL;
		tell_one(p, a, rows, i, ended);
		campaign |= ended && bb_cell(rows, i, CAMPAIGN_ID)->type != BB_NULL;
	}
	p->api->arena_free(a);
	if (campaign)
		campaigns_wake(p);
}

int job_ask(struct firmware *p, const struct bb_ask *ask, const struct draft *draft,
	    struct bb_arena *a)
{
	p->asking = draft;
	int err = p->api->ask_charger(p->me, ask, a, NULL, NULL, NULL, NULL);
	p->asking = NULL;
	return err;
}

int64_t job_waits_ms(struct bb_rest *r)
{
	const struct bb_charger *c = r->arg;
	return bb_command_deadline_ms(r->api, r->api->payload(r->call), c->charge_point_id);
}

bool job_may_ask(struct bb_rest *r)
{
	const struct bb_charger *c = r->arg;
	if (r->api->link_find(c->charge_point_id) || bb_command_may_queue(r->api->payload(r->call)))
		return true;
	bb_command_refuse(r, -ENOTCONN, NULL, c->charge_point_id);
	return false;
}

void job_command(struct bb_rest *r, const char *action, const struct bb_json *payload,
		 struct draft *draft)
{
	struct firmware *p = r->self;
	const struct bb_charger *c = r->arg;
	const struct bb_json *body = r->api->payload(r->call);
	const char *key_name = r->api->attr(r->call, "key_name");
	const struct bb_ask ask = {
	    .charge_point_id = c->charge_point_id,
	    .action = action,
	    .payload = payload,
	    .deadline_ms = (uint32_t)job_waits_ms(r),
	    .queue = bb_command_may_queue(body),
	    .requested_by = key_name ? key_name : "rest",
	    .operator_id = c->operator_id,
	};
	draft->call = r->call;
	p->asking = draft;
	bb_command_run(r, &ask, bb_command_wait_ms(body));
	p->asking = NULL;
}
