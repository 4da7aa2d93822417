/* StopTransaction: always taken, so that the charger does not send it for ever.
 *
 * Which transaction it ends is decided in matching.c, what that comes to in ending.c. A stop that
 * nothing is known of becomes a transaction of its own first, and then ends that. */
#include <errno.h>

#include "core16.h"
#include "ended.h"
#include "id_tag_info.h"
#include "sample_row.h"

struct stopping {
	struct waiting w; /* first: a stop is a waiting call */
	struct stop stop;
	const struct id_tag_info *info; /* NULL: no idTag was given */
	struct ended ended;
	bool stored_unknown;
};

static void look_up(struct stopping *s);

static void answer(struct stopping *s)
{
	struct bb_builder b = bb_build(s->w.arena);
	if (s->info)
		bb_put(&b, "idTagInfo", id_tag_json(&s->w, s->info));
	waiting_answer(&s->w, bb_build_object(&b));
}

static void on_ended(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	struct stopping *s = arg;
	if (err) {
		waiting_fail(&s->w, err, "the end of the transaction could not be stored");
		return;
	}
	if (s->ended.transaction)
		ended_tell(&s->ended, s->w.arena, s->w.link->charge_point_id);
	answer(s);
}

static void add_samples(struct work *u, const struct stopping *s, const struct transaction *t)
{
	const struct bb_json *list = bb_json_get(s->w.payload, "transactionData");
	for (uint32_t i = 0; i < bb_json_count(list); i++) {
		struct sample_row row;
		if (sample_row_read(&row, &s->w, bb_json_at(list, i), t->connector_id,
				    bb_i64(t->id)))
			work_add(u, Q_TRANSACTION_SAMPLE, SAMPLE_ROW, row.v, NULL, NULL);
	}
}

/* The first stop stands. */
static void add_conflict(struct work *u, struct stopping *s, const struct transaction *t)
{
	const struct core16 *core = s->w.core;
	core->api->log(core->bb, BB_WARN,
		       "%s: transaction %lld was stopped before, otherwise; the first stop stands",
		       s->w.link->charge_point_id, (long long)t->id);
	const struct bb_val v[] = {bb_i64(t->id),
				   bb_text(flags_add(s->w.arena, t->flags, "stop_conflict"))};
	work_add(u, Q_FLAG_TRANSACTION, 2, v, NULL, NULL);
}

/* The transaction itself. */
static void end_it(void *arg)
{
	struct stopping *s = arg;
	struct work u = work_begin(s->w.core);
	add_samples(&u, s, s->ended.transaction);
	ended_add(&u, s->w.arena, &s->ended, s->w.now_ms);
	work_commit(&u, on_ended, s);
}

static void end(struct stopping *s, const struct transaction *t, enum match how)
{
	if (!t->completed || t->estimated) {
		s->ended.transaction = t;
		s->ended.ending = transaction_stop(s->w.arena, t, &s->stop, how);
		stop_ask(&s->w, t, &s->ended.ending, end_it, s);
		return;
	}
	struct work u = work_begin(s->w.core);
	add_samples(&u, s, t);
	if (!t->stop_key || strcmp(t->stop_key, s->stop.key) != 0)
		add_conflict(&u, s, t);
	work_commit(&u, on_ended, s);
}

static void on_unknown_stored(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	struct stopping *s = arg;
	if (err)
		waiting_fail(&s->w, err, "the transaction could not be stored");
	else
		look_up(s);
}

static void store_unknown(struct stopping *s)
{
	struct waiting *w = &s->w;
	const struct stop *stop = &s->stop;
	w->core->api->log(
	    w->core->bb, BB_WARN,
	    "%s: a stop for a transaction that is not known: stored as one of its own",
	    w->link->charge_point_id);
	const struct bb_val v[] = {
	    bb_text(w->link->operator_id),
	    bb_i64(w->link->charger_id),
	    bb_text(stop->id_tag ? stop->id_tag : ""),
	    bb_text(stop->parent_id_tag),
	    bb_text(s->info ? s->info->user_id : NULL),
	    bb_text(s->info ? s->info->status : "Invalid"),
	    bb_text(w->now),
	    bb_i64(stop->first_wh >= 0 ? stop->first_wh : stop->meter_wh),
	    waiting_time(w, stop->first_wh >= 0 ? stop->first_ms : stop->at_ms),
	    bb_text(stop->key),
	};
	s->stored_unknown = true;
	struct work u = work_begin(w->core);
	work_add(&u, Q_UNKNOWN_TRANSACTION, sizeof v / sizeof *v, v, NULL, NULL);
	work_commit(&u, on_unknown_stored, s);
}

static void on_candidates(int err, const struct bb_rows *rows, void *arg)
{
	struct stopping *s = arg;
	struct waiting *w = &s->w;
	if (err) {
		waiting_fail(w, err, "the transaction could not be looked up");
		return;
	}
	struct transaction *list = transactions_from_rows(w->core->api, w->arena, rows);
	uint32_t i;
	enum match how = transaction_match(list, rows->rows, &s->stop, &i);
	if (how != MATCH_NONE)
		end(s, &list[i], how);
	else if (!s->stored_unknown)
		store_unknown(s);
	else
		waiting_fail(w, -EIO, "the transaction was stored and is gone");
}

static void look_up(struct stopping *s)
{
	struct waiting *w = &s->w;
	const struct bb_val v[] = {
	    bb_i64(w->link->charger_id),    bb_text(s->stop.protocol_id), bb_text(s->stop.key),
	    waiting_time(w, s->stop.at_ms), bb_i64(s->stop.meter_wh),
	};
	waiting_read(w, Q_TRANSACTIONS_FOR_STOP, sizeof v / sizeof *v, v, on_candidates, s);
}

static void on_token(int err, const struct id_tag_info *info, void *arg)
{
	struct stopping *s = arg;
	if (err) {
		waiting_fail(&s->w, err, "the token could not be looked up");
		return;
	}
	s->info = info;
	s->stop.parent_id_tag = info->parent_id_tag;
	look_up(s);
}

/* The earliest and the highest reading of transactionData. */
static void see_samples(struct stopping *s)
{
	struct waiting *w = &s->w;
	struct stop *stop = &s->stop;
	bool has_begin = false;
	const struct bb_json *list = bb_json_get(w->payload, "transactionData");
	for (uint32_t i = 0; i < bb_json_count(list); i++) {
		const struct bb_json *element = bb_json_at(list, i);
		struct samples m = samples_read(element);
		if (!m.has_energy)
			continue;
		int64_t at_ms = sent_time_read(w->core->api, w->arena,
					       bb_json_get(element, "timestamp"), w->now_ms)
				    .ms;
		if (m.energy_wh > stop->highest_wh)
			stop->highest_wh = m.energy_wh;
		if (stop->first_wh < 0 || (m.has_begin && !has_begin) ||
		    (m.has_begin == has_begin && at_ms < stop->first_ms)) {
			stop->first_wh = m.has_begin ? m.begin_wh : m.energy_wh;
			stop->first_ms = at_ms;
			has_begin = m.has_begin;
		}
	}
}

static void read_payload(struct stopping *s)
{
	struct waiting *w = &s->w;
	const struct core16 *core = w->core;
	const struct sent_time at =
	    sent_time_read(core->api, w->arena, bb_json_get(w->payload, "timestamp"), w->now_ms);
	s->stop = (struct stop){
	    .protocol_id = sent_protocol_id(w->arena, bb_json_get(w->payload, "transactionId")),
	    .key = sent_stop_key(core->api, w->arena, w->payload),
	    .id_tag = bb_json_get_str(w->payload, "idTag", NULL),
	    .reason = bb_json_get_str(w->payload, "reason", NULL),
	    .meter_wh = sent_register_wh(bb_json_get(w->payload, "meterStop")),
	    .at_ms = at.ms,
	    .now_ms = w->now_ms,
	    .absurd_clock = at.absurd,
	    .offline = sent_time_offline(&at, w->now_ms, core->config->offline_after_ms),
	    .first_wh = -1,
	    .highest_wh = -1,
	};
	see_samples(s);
}

int stop_transaction(struct bb_call *call, void *self)
{
	struct core16 *core = self;
	struct stopping *s = bb_zalloc(core->api->arena(call), sizeof *s);
	int err = waiting_begin(&s->w, core, call);
	if (err < 0)
		return err;
	read_payload(s);
	const struct id_tag_question q = {
	    .id_tag = s->stop.id_tag,
	    .purpose = "stop",
	    .at_ms = s->stop.at_ms,
	};
	if (q.id_tag && *q.id_tag)
		id_tag_ask(&s->w, &q, on_token, s);
	else
		look_up(s);
	return BB_LATER;
}
