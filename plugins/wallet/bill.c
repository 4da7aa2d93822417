/* The task bill_transaction: takes what a session costs from its user's wallet, once, whatever the
 * price comes to later; or keeps it as unbilled, with the reason. Doing it twice is doing it once.
 */
#include "billing.h"
#include "posting.h"

#define LOOKS_MOST 4

/* Columns of the query bill_facts. */
enum {
	ID,
	OPERATOR_ID,
	CHARGER_ID,
	CHARGE_POINT_ID,
	CONNECTOR_ID,
	ID_TAG,
	STATE,
	PRICE_STATE,
	PRICE,
	TAX,
	CURRENCY,
	PRICED_AT,
	USER_ID,
	WALLET_ID,
	WALLET_CURRENCY,
	BILL_STATE,
	REASON,
	BILLED,
	BILLED_TAX,
	REFUNDED,
	OWED,
	BILL_CURRENCY,
	BILL_PRICED_AT,
	BALANCE,
	CREDIT_LIMIT
};

struct billing {
	struct wallet *plugin;
	struct bb_arena *arena;
	struct bb_reply *reply;
	const struct bb_json *payload;
	int64_t id;
	int looks;
	const char *now;
	struct bill_facts facts;
	struct bill_verdict verdict;
	struct bill_seen seen;
	struct bb_builder event;
	struct posted posted;
	bool as_seen; /* the bill was still what it was looked at */
};

static void look(struct billing *b);

static void give_up(struct billing *b, const char *code, const char *text)
{
	b->plugin->api->reject(b->reply, code, text);
}

static void done(struct billing *b)
{
	b->plugin->api->resolve(b->reply, bb_json_empty(b->arena));
}

/* One that is billed in part is not billed yet. */
static void tell(struct billing *b)
{
	const struct bill_facts *f = &b->facts;
	const struct bill_verdict *v = &b->verdict;
	struct bb_builder *e = &b->event;
	bb_put(e, "wallet_id", f->wallet_id ? bb_json_make_int(f->wallet_id) : bb_json_make_null());
	bb_put_str(e, "currency", f->currency);
	bb_put_int(e, "amount_minor", v->amount_minor);
	bb_put_int(e, "tax_minor", v->tax_minor);
	bb_put_int(e, "change_minor", v->change_minor);
	bb_put_int(e, "owed_minor", v->owed_minor);
	bb_put_str(e, "reason", v->reason);
	bb_put_bool(e, "correction", v->correction);
	if (v->step == BILL_POST)
		bb_put_int(e, "balance_minor", b->posted.balance_minor);
	b->plugin->api->emit(b->plugin->me, NULL,
			     v->reason ? "transaction.unbilled" : "transaction.billed",
			     bb_build_object(e));
}

static void on_noted(int err, const struct bb_rows *rows, void *arg)
{
	struct billing *b = arg;
	b->as_seen = !err && rows->changed > 0;
}

/* What holds if nothing can be posted. */
static void add_note(struct billing *b, struct bb_unit *unit)
{
	const struct bill_facts *f = &b->facts;
	const struct bill_verdict *v = &b->verdict;
	const struct bb_val row[] = {
	    bb_i64(b->id),
	    bb_text(f->user_id),
	    f->wallet_id ? bb_i64(f->wallet_id) : bb_null(),
	    bb_text(v->change_minor > 0 ? "insufficient_balance" : v->reason),
	    bb_text(f->currency),
	    bb_i64(v->owed_minor + (v->change_minor > 0 ? v->change_minor : 0)),
	    bb_text(b->now),
	    bb_i64(b->seen.amount_minor),
	};
	b->plugin->api->add(unit, b->plugin->q[Q_BILL_NOTE], sizeof row / sizeof *row, row,
			    on_noted, b);
}

static void add_set(const struct billing *b, struct bb_unit *unit, const char *journal_id)
{
	const struct bb_val v[] = {
	    bb_i64(b->id),
	    bb_text(journal_id),
	    bb_i64(b->verdict.amount_minor),
	    bb_i64(b->verdict.tax_minor),
	    bb_i64(b->verdict.owed_minor),
	    bb_text(b->facts.priced_at),
	    bb_text(b->now),
	};
	b->plugin->api->add(unit, b->plugin->q[Q_BILL_SET], sizeof v / sizeof *v, v, NULL, NULL);
}

static void on_posted(int err, const struct posted *p, void *arg)
{
	struct billing *b = arg;
	if (!err)
		b->posted = *p;
}

/* What somebody else has changed meanwhile, or has billed, is looked at again. */
static void after_posting(struct billing *b)
{
	if (b->posted.outcome == BB_WALLET_REFUSED || b->posted.outcome == BB_WALLET_REPEATED) {
		look(b);
	} else {
		tell(b);
		done(b);
	}
}

static void on_committed(int err, const struct bb_rows *rows, void *arg)
{
	struct billing *b = arg;
	(void)rows;
	if (err) {
		give_up(b, "StorageError", "the bill could not be stored");
		return;
	}
	if (b->verdict.step == BILL_POST) {
		after_posting(b);
	} else if (!b->as_seen) {
		look(b);
	} else {
		tell(b);
		done(b);
	}
}

/* NULL: it cannot be posted. */
static const char *add_posting(struct billing *b, struct bb_unit *unit)
{
	const struct bill_verdict *v = &b->verdict;
	const char *reference = bb_printf(b->arena, "transaction/%lld", (long long)b->id);
	if (v->correction)
		reference = bb_printf(b->arena, "%s/%s/%lld", reference, b->facts.priced_at,
				      (long long)b->facts.billed_minor);
	const struct posting p = {
	    .entry = {.wallet_id = b->facts.wallet_id,
		      .kind = v->correction ? "correction" : "bill",
		      .reference = reference,
		      .account = "revenue",
		      .amount_minor = -v->change_minor,
		      .currency = b->facts.currency,
		      .made_by = "wallet"},
	    .tax_minor = -v->tax_change_minor,
	    .transaction_id = b->id,
	    .seen = &b->seen,
	    .fn = on_posted,
	    .arg = b,
	};
	return posting_add(b->plugin, unit, b->arena, &p);
}

static void store(struct billing *b)
{
	const struct bb_api *api = b->plugin->api;
	const struct bb_val id = bb_i64(b->id);
	const char *journal_id = NULL;
	struct bb_unit *unit = api->begin(b->plugin->me);
	b->now = api->time_format(b->arena, api->now_ms());
	b->posted = (struct posted){.outcome = BB_WALLET_REFUSED};
	add_note(b, unit);
	if (b->verdict.step == BILL_POST && !(journal_id = add_posting(b, unit))) {
		api->rollback(unit);
		give_up(b, "LedgerError", "the price is out of range");
		return;
	}
	if (b->verdict.step != BILL_NOTE) {
		add_set(b, unit, journal_id);
		api->add(unit, b->plugin->q[Q_BILL_USER], 1, &id, NULL, NULL);
	}
	api->add(unit, b->plugin->q[Q_HOLD_RELEASE], 1, &id, NULL, NULL);
	bb_commit(api, unit, on_committed, b);
}

static const char *text(const struct billing *b, const struct bb_rows *rows, uint32_t c)
{
	const char *v = bb_cell_text(rows, 0, c);
	return v ? bb_strdup(b->arena, v) : NULL;
}

static int64_t room_of(const struct bb_rows *rows)
{
	if (bb_cell(rows, 0, CREDIT_LIMIT)->type == BB_NULL)
		return INT64_MAX;
	return bb_cell_int(rows, 0, BALANCE, 0) + bb_cell_int(rows, 0, CREDIT_LIMIT, 0);
}

static void take_facts(struct billing *b, const struct bb_rows *rows)
{
	static const char *const names[] = {"transaction_id",  "operator_id",  "charger_id",
					    "charge_point_id", "connector_id", "id_tag"};
	b->facts = (struct bill_facts){
	    .over = !strcmp(bb_cell_text(rows, 0, STATE), "completed"),
	    .price_state = text(b, rows, PRICE_STATE),
	    .price_minor = bb_cell_int(rows, 0, PRICE, 0),
	    .tax_minor = bb_cell_int(rows, 0, TAX, 0),
	    .currency = text(b, rows, CURRENCY),
	    .priced_at = text(b, rows, PRICED_AT),
	    .user_id = text(b, rows, USER_ID),
	    .wallet_id = bb_cell_int(rows, 0, WALLET_ID, 0),
	    .wallet_currency = text(b, rows, WALLET_CURRENCY),
	    .room_minor = room_of(rows),
	    .state = text(b, rows, BILL_STATE),
	    .reason = text(b, rows, REASON),
	    .bill_currency = text(b, rows, BILL_CURRENCY),
	    .bill_priced_at = text(b, rows, BILL_PRICED_AT),
	    .billed_minor = bb_cell_int(rows, 0, BILLED, 0),
	    .billed_tax_minor = bb_cell_int(rows, 0, BILLED_TAX, 0),
	    .refunded_minor = bb_cell_int(rows, 0, REFUNDED, 0),
	    .owed_minor = bb_cell_int(rows, 0, OWED, 0),
	};
	b->seen = (struct bill_seen){b->facts.billed_minor, b->facts.refunded_minor};
	b->event = bb_build(b->arena);
	for (uint32_t c = ID; c <= ID_TAG; c++)
		bb_put(&b->event, names[c], bb_cell_json(b->arena, bb_cell(rows, 0, c)));
	bb_put_str(&b->event, "user_id", b->facts.user_id);
}

static void on_facts(int err, const struct bb_rows *rows, void *arg)
{
	struct billing *b = arg;
	if (err) {
		give_up(b, "StorageError", "the session could not be read");
		return;
	}
	if (!rows->rows) {
		done(b);
		return;
	}
	take_facts(b, rows);
	b->verdict = bill_verdict_of(&b->facts);
	if (b->verdict.step == BILL_NOTHING)
		done(b);
	else
		store(b);
}

static void look(struct billing *b)
{
	if (b->looks++ == LOOKS_MOST) {
		if (b->posted.outcome == BB_WALLET_REPEATED)
			give_up(b, "LedgerError",
				"it has been posted before, and its bill does not know");
		else
			give_up(b, "Busy", "its bill changes all the time");
		return;
	}
	const struct bb_val v[] = {bb_i64(b->id), bb_member_val(b->payload, "user_id"),
				   bb_i64(bb_json_get_bool(b->payload, "ask_token", false))};
	bb_read(b->plugin->api, b->plugin->me, b->plugin->q[Q_BILL_FACTS], 3, v, on_facts, b);
}

int bill_transaction(struct bb_call *call, void *self)
{
	struct wallet *p = self;
	struct billing *b = bb_zalloc(p->api->arena(call), sizeof *b);
	b->plugin = p;
	b->arena = p->api->arena(call);
	b->payload = p->api->payload(call);
	b->id = bb_json_get_int(b->payload, "transaction_id", 0);
	b->reply = p->api->defer(call, 0, NULL, NULL);
	look(b);
	return BB_LATER;
}
