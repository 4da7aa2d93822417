/* A connector's status: the latest, its history, and what it proves about transactions. */
#include "core16.h"
#include "ended.h"
#include "sent.h"

/* What a status says about a transaction on its connector. */
enum proof { PROVES_NOTHING, PROVES_RUNNING, PROVES_OVER };

static const struct {
	const char *status;
	enum proof proof;
} proofs[] = {
    /* Preparing is none: some chargers pass through it when they resume after a boot. */
    {"Charging", PROVES_RUNNING},      {"SuspendedEV", PROVES_RUNNING},
    {"SuspendedEVSE", PROVES_RUNNING}, {"Available", PROVES_OVER},
    {"Reserved", PROVES_OVER},
};

struct notification {
	struct waiting w; /* first: a notification is a waiting call */
	int64_t connector_id, at_ms;
	const char *status, *error_code;
	bool changed; /* it is no repetition */
	struct ended *ended;
	uint32_t ended_count;
};

static enum proof proof_of(const struct notification *n)
{
	for (size_t i = 0; n->connector_id > 0 && i < sizeof proofs / sizeof *proofs; i++)
		if (!strcmp(n->status, proofs[i].status))
			return proofs[i].proof;
	return PROVES_NOTHING;
}

static void tell(const struct notification *n)
{
	const struct waiting *w = &n->w;
	struct bb_builder b = bb_build(w->arena);
	bb_put_int(&b, "charger_id", w->link->charger_id);
	bb_put_str(&b, "charge_point_id", w->link->charge_point_id);
	bb_put_str(&b, "operator_id", w->link->operator_id);
	bb_put_int(&b, "connector_id", n->connector_id);
	bb_put_str(&b, "status", n->status);
	bb_put_str(&b, "error_code", n->error_code);
	bb_put_str(&b, "status_at", w->core->api->time_format(w->arena, n->at_ms));
	w->core->api->emit(w->core->bb, NULL, "connector.status", bb_build_object(&b));
}

static void on_committed(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	struct notification *n = arg;
	if (err) {
		waiting_fail(&n->w, err, "the status could not be stored");
		return;
	}
	if (n->changed)
		tell(n);
	for (uint32_t i = 0; i < n->ended_count; i++)
		ended_tell(&n->ended[i], n->w.arena, n->w.link->charge_point_id);
	waiting_answer(&n->w, bb_json_empty(n->w.arena));
}

static void on_history(int err, const struct bb_rows *rows, void *arg)
{
	struct notification *n = arg;
	n->changed = !err && rows->changed > 0;
}

static void add_status(struct work *u, struct notification *n)
{
	const struct waiting *w = &n->w;
	const struct bb_val v[] = {
	    bb_i64(w->link->charger_id),
	    bb_i64(n->connector_id),
	    bb_text(w->link->operator_id),
	    bb_text(n->status),
	    bb_text(n->error_code),
	    bb_text(bb_json_get_str(w->payload, "info", NULL)),
	    bb_text(bb_json_get_str(w->payload, "vendorId", NULL)),
	    bb_text(bb_json_get_str(w->payload, "vendorErrorCode", NULL)),
	    waiting_time(w, n->at_ms),
	    bb_text(w->now),
	};
	work_add(u, Q_STATUS_HISTORY, sizeof v / sizeof *v, v, on_history, n);
	work_add(u, Q_STATUS, sizeof v / sizeof *v, v, NULL, NULL);
}

/* One that a boot has made doubtful is over. One that was running a moment ago is doubtful now: its
 * StopTransaction is likely to be on its way. */
static void add_over(struct work *u, struct notification *n, const struct transaction *t)
{
	struct waiting *w = &n->w;
	if (!transaction_began_by(t, n->at_ms))
		return;
	if (t->active) {
		const struct bb_val v[] = {bb_i64(t->id), bb_text(w->now)};
		work_add(u, Q_SUSPEND_TRANSACTION, 2, v, NULL, NULL);
		return;
	}
	struct ended *e = &n->ended[n->ended_count++];
	*e = (struct ended){.transaction = t, .ending = transaction_estimate(w->arena, t)};
	ended_add(u, w->arena, e, w->now_ms);
}

static void on_transactions(int err, const struct bb_rows *rows, void *arg)
{
	struct notification *n = arg;
	struct waiting *w = &n->w;
	if (err) {
		waiting_fail(w, err, "the status could not be stored");
		return;
	}
	struct transaction *list = transactions_from_rows(w->core->api, w->arena, rows);
	n->ended = bb_alloc(w->arena, (rows->rows + 1) * sizeof *n->ended);
	struct work u = work_begin(w->core);
	add_status(&u, n);
	for (uint32_t i = 0; i < rows->rows; i++)
		add_over(&u, n, &list[i]);
	work_commit(&u, on_committed, n);
}

static void store(struct notification *n, enum proof proof)
{
	struct waiting *w = &n->w;
	const struct bb_val where[] = {bb_i64(w->link->charger_id), bb_i64(n->connector_id),
				       waiting_time(w, n->at_ms)};
	if (proof == PROVES_OVER) {
		waiting_read(w, Q_TRANSACTIONS_ON_CONNECTOR, 2, where, on_transactions, n);
		return;
	}
	struct work u = work_begin(w->core);
	add_status(&u, n);
	if (proof == PROVES_RUNNING)
		work_add(&u, Q_RESUME_ON_CONNECTOR, 3, where, NULL, NULL);
	work_commit(&u, on_committed, n);
}

int status_notification(struct bb_call *call, void *self)
{
	struct core16 *core = self;
	struct notification *n = bb_zalloc(core->api->arena(call), sizeof *n);
	struct waiting *w = &n->w;
	int err = waiting_begin(w, core, call);
	if (err < 0)
		return err;
	n->connector_id = sent_connector(w->payload);
	n->status = bb_json_get_str(w->payload, "status", "");
	n->error_code = bb_json_get_str(w->payload, "errorCode", "NoError");
	n->at_ms =
	    sent_time_read(core->api, w->arena, bb_json_get(w->payload, "timestamp"), w->now_ms).ms;
	store(n, proof_of(n));
	return BB_LATER;
}
