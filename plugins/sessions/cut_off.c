/* Cutting a session off: a row that says who and why, then RemoteStopTransaction, again and again
 * with growing pauses as long as the session goes on. */
#include "sessions.h"

#define REQUESTED_BY "sessions"

struct deciding {
	struct sessions *plugin;
	struct running *running;
	struct bb_arena *arena;
	struct bb_builder event;
	bool is_new;
	bb_fn *then;
	void *arg;
};

static void on_inserted(int err, const struct bb_rows *rows, void *arg)
{
	struct deciding *d = arg;
	d->is_new = !err && rows->changed > 0;
}

static void on_decided(int err, const struct bb_rows *rows, void *arg)
{
	struct deciding *d = arg;
	struct sessions *p = d->plugin;
	(void)rows;
	if (!err) {
		d->running->cut_off = true;
		d->running->wait_ms = 0;
		d->running->next_ms = p->api->now_ms();
	}
	if (d->is_new)
		p->api->emit(p->me, NULL, "session.cut_off", bb_build_object(&d->event));
	d->then(d->arg);
	p->api->arena_free(d->arena);
}

static struct bb_builder event_of(struct bb_arena *a, const struct decision *decision)
{
	static const char *const members[] = {"transaction_id", "operator_id", "connector_id",
					      "id_tag",         "user_id",     "started_at",
					      "duration_s",     "energy_wh",   "price_so_far_minor",
					      "currency"};
	const struct bb_json *q = decision->question, *charger = bb_json_get(q, "charger");
	struct bb_builder b = bb_build(a);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		bb_put_json(&b, members[i], bb_json_get(q, members[i]));
	bb_put_json(&b, "charger_id", bb_json_get(charger, "id"));
	bb_put_json(&b, "charge_point_id", bb_json_get(charger, "charge_point_id"));
	bb_put_str(&b, "by", bb_strdup(a, decision->by));
	bb_put_str(&b, "reason", decision->reason ? bb_strdup(a, decision->reason) : NULL);
	return b;
}

/* The question outlives the decision: `then` ends what it belongs to. */
void cut_off(struct sessions *p, struct running *r, const struct decision *decision, bb_fn *then,
	     void *arg)
{
	struct bb_arena *a = p->api->arena_new();
	struct deciding *d = bb_alloc(a, sizeof *d);
	const struct bb_json *q = decision->question;
	*d = (struct deciding){.plugin = p,
			       .running = r,
			       .arena = a,
			       .event = event_of(a, decision),
			       .then = then,
			       .arg = arg};
	const struct bb_val v[] = {
	    bb_i64(r->transaction_id),
	    bb_text(decision->by),
	    bb_text(decision->reason),
	    bb_member_val(q, "price_so_far_minor"),
	    bb_member_val(q, "currency"),
	    bb_member_val(q, "energy_wh"),
	    bb_now(p->api, a),
	};
	p->api->log(p->me, BB_INFO, "transaction %lld is cut off by %s: %s",
		    (long long)r->transaction_id, decision->by,
		    decision->reason ? decision->reason : "no reason given");
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_CUT_OFF], sizeof v / sizeof *v, v, on_inserted, d);
	bb_commit(p->api, unit, on_decided, d);
}

struct telling {
	struct sessions *plugin;
	struct running *running;
	struct bb_arena *arena;
};

static void end(struct telling *t)
{
	struct sessions *p = t->plugin;
	struct running *r = t->running;
	const struct config *c = p->cfg;
	r->wait_ms = r->wait_ms ? 2 * r->wait_ms : c->stop_again_ms;
	if (r->wait_ms > c->stop_again_most_ms)
		r->wait_ms = c->stop_again_most_ms;
	r->next_ms = p->api->now_ms() + r->wait_ms;
	p->api->arena_free(t->arena);
	board_done(&p->board, r);
}

static void on_noted(int err, const struct bb_rows *rows, void *arg)
{
	(void)err;
	(void)rows;
	end(arg);
}

static void note(struct telling *t, const char *outcome)
{
	struct sessions *p = t->plugin;
	const struct bb_val v[] = {bb_i64(t->running->transaction_id), bb_now(p->api, t->arena),
				   bb_text(outcome)};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_TRIED], 3, v, NULL, NULL);
	bb_commit(p->api, unit, on_noted, t);
}

static void on_told(const struct bb_command *c, void *arg)
{
	if (c->ended)
		note(arg, c->state);
}

static void ask(struct telling *t, const char *charge_point_id, const char *operator_id,
		const char *protocol_id)
{
	struct sessions *p = t->plugin;
	int64_t id = 0;
	bb_parse_int(protocol_id, &id);
	const struct bb_ask ask = {
	    .charge_point_id = charge_point_id,
	    .action = "RemoteStopTransaction",
	    .payload = bb_json_one(t->arena, "transactionId", bb_json_make_int(id)),
	    .requested_by = REQUESTED_BY,
	    .operator_id = operator_id,
	};
	int err = p->api->ask_charger(p->me, &ask, t->arena, NULL, NULL, on_told, t);
	if (err == -ENOTCONN)
		end(t); /* until it connects again */
	else if (err < 0)
		note(t, "refused");
}

static void on_target(int err, const struct bb_rows *rows, void *arg)
{
	struct telling *t = arg;
	struct sessions *p = t->plugin;
	bool over = !err && (!rows->rows || !strcmp(bb_cell_text(rows, 0, 0), "completed"));
	const char *id = over || err ? NULL : bb_cell_text(rows, 0, 2);
	t->running->over |= over;
	if (!id || p->stopping)
		end(t);
	else
		ask(t, bb_cell_text(rows, 0, 4), bb_cell_text(rows, 0, 3), id);
	told(p);
}

void tell_to_stop(struct sessions *p, struct running *r)
{
	struct bb_arena *a = p->api->arena_new();
	struct telling *t = bb_alloc(a, sizeof *t);
	*t = (struct telling){p, r, a};
	const struct bb_val id = bb_i64(r->transaction_id);
	bb_read(p->api, p->me, p->q[Q_TARGET], 1, &id, on_target, t);
}
