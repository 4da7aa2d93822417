/* StartTransaction: stored whatever the token is worth, under a protocol id of its own.
 *
 * Looked up first: the same start, which gets the same answer, and what is open on the connector,
 * which the new start proves over. */
#include <errno.h>
#include <stdlib.h>

#include "core16.h"
#include "ended.h"
#include "id_tag_info.h"
#include "sent.h"

/* A charger's clock may be ahead by so much and is believed. */
#define LATEST_MS (48 * 3600 * 1000LL)
/* The end of a transaction whose start was told late is told within that time, if it has one. */
#define END_FOLLOWS_MS (60 * 1000LL)

struct start {
	struct waiting w; /* first: a start is a waiting call */
	int64_t connector_id;
	const char *id_tag, *key;
	struct sent_time at;
	int64_t meter_wh;
	struct ended *ended; /* what it proves over */
	uint32_t ended_count;
	bool offline; /* it was held back */
	bool late;    /* a newer one runs on the connector: this one is over, its stop is to come */
	bool is_new;
};

static void answer(struct start *s, const struct transaction *t)
{
	struct bb_arena *a = s->w.arena;
	const struct id_tag_info info = {
	    .status = t->token_status,
	    .parent_id_tag = t->parent_id_tag,
	    .expiry_date = t->token_expires_at,
	};
	struct bb_builder b = bb_build(a);
	bb_put_int(&b, "transactionId", strtoll(t->protocol_id ? t->protocol_id : "0", NULL, 10));
	bb_put(&b, "idTagInfo", id_tag_json(&s->w, &info));
	waiting_answer(&s->w, bb_build_object(&b));
}

static void tell(const struct start *s, const struct transaction *t)
{
	const struct waiting *w = &s->w;
	const struct bb_api *api = w->core->api;
	struct bb_builder b = bb_build(w->arena);
	fact_begin(&b, t, w->link->charge_point_id);
	bb_put_str(&b, "token_status", t->token_status);
	bb_put_int(&b, "meter_start_wh", t->meter_start_wh);
	bb_put_str(&b, "started_at", api->time_format(w->arena, t->started_ms));
	bb_put_str(&b, "flags", t->flags);
	api->emit(w->core->bb, NULL, "transaction.started", bb_build_object(&b));
}

static void on_inserted(int err, const struct bb_rows *rows, void *arg)
{
	struct start *s = arg;
	s->is_new = !err && rows->changed > 0;
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct start *s = arg;
	if (!err && !rows->rows)
		err = -ENOENT;
	if (err) {
		waiting_fail(&s->w, err, "the transaction could not be stored");
		return;
	}
	struct transaction t = transaction_from_row(s->w.core->api, s->w.arena, rows, 0);
	for (uint32_t i = 0; i < s->ended_count; i++)
		ended_tell(&s->ended[i], s->w.arena, s->w.link->charge_point_id);
	if (s->is_new)
		tell(s, &t);
	answer(s, &t);
}

static const char *flags_of(const struct start *s)
{
	const struct waiting *w = &s->w;
	const char *flags = "";
	if (s->at.absurd)
		flags = flags_add(w->arena, flags, "clock");
	if (s->offline)
		flags = flags_add(w->arena, flags, "offline");
	if (s->meter_wh < 0)
		flags = flags_add(w->arena, flags, "meter_unknown");
	return flags;
}

static struct bb_val reservation_of(const struct bb_json *payload)
{
	int64_t id = bb_json_get_int(payload, "reservationId", 0);
	return id > 0 && id <= INT32_MAX ? bb_i64(id) : bb_null(); /* 0 is sent for none */
}

/* Two starts of a token, or a group, that may not run so many: the second one sees the first. */
static void count_alone(struct start *s, struct work *u, const struct id_tag_info *info)
{
	const char *operator_id = s->w.link->operator_id;
	const struct bb_val token[] = {bb_text(operator_id), bb_text(s->id_tag)},
			    group[] = {bb_text(operator_id), bb_text(info->parent_id_tag)};
	if (info->max_active)
		work_add(u, Q_COUNT_ALONE, 2, token, NULL, NULL);
	if (info->group_max_active && info->parent_id_tag)
		work_add(u, Q_COUNT_ALONE, 2, group, NULL, NULL);
}

static void on_token(int err, const struct id_tag_info *info, void *arg)
{
	struct start *s = arg;
	struct waiting *w = &s->w;
	if (err) {
		waiting_fail(w, err, "the token could not be looked up");
		return;
	}
	const struct bb_val v[] = {
	    bb_text(w->link->operator_id),
	    bb_i64(w->link->charger_id),
	    bb_i64(s->connector_id),
	    bb_text(s->id_tag),
	    bb_text(info->parent_id_tag),
	    bb_text(info->user_id),
	    bb_text(info->status),
	    bb_text(info->expiry_date),
	    reservation_of(w->payload),
	    bb_text(s->late ? "pending_reconciliation" : "active"),
	    s->late ? bb_text(w->now) : bb_null(),
	    bb_text(flags_of(s)),
	    bb_i64(s->meter_wh),
	    waiting_time(w, s->at.ms),
	    bb_text(w->now),
	    bb_text(s->key),
	    bb_i64(info->max_active),
	    bb_i64(info->group_max_active),
	    waiting_time(w, s->offline ? s->at.ms : w->now_ms + LATEST_MS),
	    waiting_time(w, w->now_ms - END_FOLLOWS_MS),
	};
	const struct bb_val key[] = {bb_i64(w->link->charger_id), bb_text(s->key)};
	struct work u = work_begin(w->core);
	for (uint32_t i = 0; i < s->ended_count; i++)
		ended_add(&u, w->arena, &s->ended[i], w->now_ms);
	count_alone(s, &u, info);
	work_add(&u, Q_START_TRANSACTION, sizeof v / sizeof *v, v, on_inserted, s);
	work_add(&u, Q_NUMBER_TRANSACTION, 2, key, NULL, NULL);
	work_commit(&u, on_stored, s);
}

static void ask_token(struct start *s)
{
	const struct id_tag_question q = {
	    .id_tag = s->id_tag,
	    .purpose = "start",
	    .has_connector = true,
	    .connector_id = s->connector_id,
	    .at_ms = s->at.ms,
	};
	id_tag_ask(&s->w, &q, on_token, s);
}

static void on_twin(int err, const struct bb_rows *rows, void *arg)
{
	struct start *s = arg;
	struct waiting *w = &s->w;
	if (err) {
		waiting_fail(w, err, "the transaction could not be looked up");
		return;
	}
	if (rows->rows) {
		struct transaction t = transaction_from_row(w->core->api, w->arena, rows, 0);
		if (!t.completed) {
			answer(s, &t);
			return;
		}
		s->key = bb_printf(w->arena, "%s#%lld", s->key, (long long)t.id);
	}
	ask_token(s);
}

/* Those that began before it are over; one that began after it says that this one is. */
static void see_open(struct start *s, const struct transaction *t)
{
	if (!transaction_began_by(t, s->at.ms)) {
		s->late = true;
		return;
	}
	s->ended[s->ended_count++] =
	    (struct ended){.transaction = t, .ending = transaction_estimate(s->w.arena, t)};
}

static void on_known(int err, const struct bb_rows *rows, void *arg)
{
	struct start *s = arg;
	struct waiting *w = &s->w;
	if (err) {
		waiting_fail(w, err, "the transaction could not be looked up");
		return;
	}
	struct transaction *list = transactions_from_rows(w->core->api, w->arena, rows);
	s->ended = bb_alloc(w->arena, (rows->rows + 1) * sizeof *s->ended);
	for (uint32_t i = 0; i < rows->rows; i++) {
		bool same = !strcmp(list[i].start_key, s->key);
		if (same && !(s->at.absurd && list[i].completed)) {
			answer(s, &list[i]);
			return;
		}
		if (!list[i].completed)
			see_open(s, &list[i]);
	}
	if (!s->at.absurd) {
		ask_token(s);
		return;
	}
	const struct bb_val key[] = {bb_i64(w->link->charger_id), bb_text(s->key)};
	waiting_read(w, Q_TWIN_WITHOUT_CLOCK, 2, key, on_twin, s);
}

int start_transaction(struct bb_call *call, void *self)
{
	struct core16 *core = self;
	struct start *s = bb_zalloc(core->api->arena(call), sizeof *s);
	struct waiting *w = &s->w;
	int err = waiting_begin(w, core, call);
	if (err < 0)
		return err;
	s->connector_id = sent_connector(w->payload);
	s->id_tag = bb_json_get_str(w->payload, "idTag", "");
	s->key = sent_start_key(core->api, w->arena, w->payload);
	s->meter_wh = sent_register_wh(bb_json_get(w->payload, "meterStart"));
	s->at =
	    sent_time_read(core->api, w->arena, bb_json_get(w->payload, "timestamp"), w->now_ms);
	s->offline = sent_time_offline(&s->at, w->now_ms, core->config->offline_after_ms);
	const struct bb_val v[] = {bb_i64(w->link->charger_id), bb_text(s->key),
				   bb_i64(s->connector_id)};
	waiting_read(w, Q_TRANSACTIONS_FOR_START, 3, v, on_known, s);
	return BB_LATER;
}
