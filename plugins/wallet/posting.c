/* One posting: see the queries lock to outcome. */
#include "posting.h"

struct adding {
	struct wallet *plugin;
	struct bb_arena *arena;
	struct posting posting;
	const char *id;
};

/* Columns of the query outcome. */
enum {
	JOURNAL_ID,
	JOURNAL_AMOUNT,
	JOURNAL_WALLET,
	WALLET_ID,
	OPERATOR_ID,
	USER_ID,
	CURRENCY,
	BALANCE,
	CREDIT_LIMIT,
	LOW_BALANCE
};

static bool is_set(const char *text)
{
	return text && *text;
}

static bool is_well_formed(const struct posting *p)
{
	const struct bb_wallet_entry *e = &p->entry;
	return is_set(e->kind) && is_set(e->reference) && is_set(e->account) &&
	       is_set(e->currency) && is_set(e->made_by) && e->amount_minor &&
	       e->amount_minor <= BB_WALLET_MOST && e->amount_minor >= -BB_WALLET_MOST;
}

/* Told once: by the posting that crosses the line. */
static void tell_if_low(const struct adding *a, const struct bb_rows *rows)
{
	const struct bb_api *api = a->plugin->api;
	int64_t balance = bb_cell_int(rows, 0, BALANCE, 0);
	int64_t low = bb_cell_int(rows, 0, LOW_BALANCE, INT64_MIN);
	if (balance >= low || balance - a->posting.entry.amount_minor < low)
		return;
	struct bb_builder b = bb_build(a->arena);
	bb_put(&b, "wallet_id", bb_cell_json(a->arena, bb_cell(rows, 0, WALLET_ID)));
	bb_put(&b, "operator_id", bb_cell_json(a->arena, bb_cell(rows, 0, OPERATOR_ID)));
	bb_put(&b, "user_id", bb_cell_json(a->arena, bb_cell(rows, 0, USER_ID)));
	bb_put_int(&b, "balance_minor", balance);
	bb_put_int(&b, "low_balance_minor", low);
	bb_put(&b, "currency", bb_cell_json(a->arena, bb_cell(rows, 0, CURRENCY)));
	api->emit(a->plugin->me, NULL, "wallet.low", bb_build_object(&b));
}

static void on_outcome(int err, const struct bb_rows *rows, void *arg)
{
	struct adding *a = arg;
	const struct posting *p = &a->posting;
	struct posted done = {.outcome = BB_WALLET_REFUSED};
	if (!err && rows->rows) {
		const char *id = bb_cell_text(rows, 0, JOURNAL_ID);
		int64_t limit = bb_cell_int(rows, 0, CREDIT_LIMIT, BB_WALLET_MOST);
		done.balance_minor = bb_cell_int(rows, 0, BALANCE, 0);
		done.fits = p->entry.amount_minor >= 0 ||
			    bb_cell(rows, 0, CREDIT_LIMIT)->type == BB_NULL ||
			    done.balance_minor + p->entry.amount_minor >= -limit;
		done.amount_minor = bb_cell_int(rows, 0, JOURNAL_AMOUNT, 0);
		done.wallet_id = bb_cell_int(rows, 0, JOURNAL_WALLET, 0);
		if (id)
			done.outcome =
			    strcmp(id, a->id) != 0 ? BB_WALLET_REPEATED : BB_WALLET_POSTED;
		done.journal_id = id ? bb_strdup(a->arena, id) : NULL;
	}
	if (!err && done.outcome == BB_WALLET_POSTED)
		tell_if_low(a, rows);
	if (p->fn)
		p->fn(err, err ? NULL : &done, p->arg);
}

static void add_pair(const struct adding *a, struct bb_unit *unit, const char *account,
		     int64_t amount_minor)
{
	const struct bb_val v[] = {bb_text(a->id), bb_text(account), bb_i64(amount_minor)};
	if (amount_minor)
		a->plugin->api->add(unit, a->plugin->q[Q_PAIR], 3, v, NULL, NULL);
}

const char *posting_add(struct wallet *p, struct bb_unit *unit, struct bb_arena *arena,
			const struct posting *posting)
{
	const struct bb_wallet_entry *e = &posting->entry;
	if (!is_well_formed(posting))
		return NULL;
	struct adding *a = bb_alloc(arena, sizeof *a);
	*a = (struct adding){p, arena, *posting, p->api->new_id(arena)};
	const struct bb_val id = bb_i64(e->wallet_id);
	const struct bb_val journal[] = {
	    bb_text(a->id),
	    id,
	    bb_text(e->kind),
	    bb_text(e->reference),
	    bb_i64(e->amount_minor),
	    bb_text(e->currency),
	    posting->transaction_id ? bb_i64(posting->transaction_id) : bb_null(),
	    bb_text(e->reason),
	    bb_text(e->made_by),
	    bb_now(p->api, arena),
	    posting->seen ? bb_i64(posting->seen->amount_minor) : bb_null(),
	    posting->seen ? bb_i64(posting->seen->refunded_minor) : bb_null(),
	};
	const struct bb_val move[] = {id, bb_text(a->id), bb_i64(e->amount_minor)};
	const struct bb_val outcome[] = {id, bb_text(e->kind), bb_text(e->reference)};
	p->api->add(unit, p->q[Q_LOCK], 1, &id, NULL, NULL);
	p->api->add(unit, p->q[Q_JOURNAL], sizeof journal / sizeof *journal, journal, NULL, NULL);
	p->api->add(unit, p->q[Q_MOVE], 3, move, NULL, NULL);
	add_pair(a, unit, e->account, e->amount_minor - posting->tax_minor);
	add_pair(a, unit, "tax", posting->tax_minor);
	p->api->add(unit, p->q[Q_OUTCOME], 3, outcome, on_outcome, a);
	if (e->amount_minor > 0)
		enqueue_owed(p, unit, arena, e->wallet_id);
	return a->id;
}
