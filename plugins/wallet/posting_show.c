/* A posting over REST. */
#include "posting.h"

/* Columns of the view wallet_entry_rows, behind the query's cursor. */
enum {
	ID = 1,
	JOURNAL_ID,
	WALLET_ID,
	OPERATOR_ID,
	USER_ID,
	ACCOUNT,
	KIND,
	REFERENCE,
	TRANSACTION_ID,
	REASON,
	MADE_BY,
	AT,
	BALANCE_AFTER,
	AMOUNT,
	CURRENCY
};

static struct bb_json money(struct bb_arena *a, const struct bb_rows *r, uint32_t row, uint32_t c)
{
	return bb_money_json(a, bb_cell(r, row, c), bb_cell(r, row, CURRENCY));
}

const struct bb_json *entry_json(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				 void *arg)
{
	struct bb_builder b = bb_build(a);
	(void)arg;
	for (uint32_t c = ID; c < BALANCE_AFTER; c++)
		bb_put_column(&b, r, row, c);
	bb_put(&b, "amount", money(a, r, row, AMOUNT));
	bb_put(&b, "balance_after", money(a, r, row, BALANCE_AFTER));
	return bb_build_object(&b);
}

static const struct bb_json *legs(struct bb_arena *a, const struct bb_rows *r)
{
	struct bb_builder list = bb_build(a);
	for (uint32_t i = 0; i < r->rows; i++) {
		struct bb_builder b = bb_build(a);
		bb_put_column(&b, r, i, ID);
		bb_put_column(&b, r, i, ACCOUNT);
		bb_put(&b, "amount", money(a, r, i, AMOUNT));
		bb_push(&list, *bb_build_object(&b));
	}
	return bb_build_array(&list);
}

/* What the wallet got: its own entries, of which there is one for each account. */
static struct bb_json change_of(struct bb_arena *a, const struct bb_rows *r)
{
	int64_t sum = 0;
	for (uint32_t i = 0; i < r->rows; i++)
		if (!strcmp(bb_cell_text(r, i, ACCOUNT), "wallet"))
			sum += bb_cell_int(r, i, AMOUNT, 0);
	const struct bb_val v = bb_i64(sum);
	return bb_money_json(a, &v, bb_cell(r, 0, CURRENCY));
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	for (uint32_t c = JOURNAL_ID; c < BALANCE_AFTER; c++)
		if (c != ACCOUNT)
			bb_put_column(&b, rows, 0, c);
	bb_put(&b, "amount", change_of(r->arena, rows));
	bb_put(&b, "balance_after", money(r->arena, rows, 0, BALANCE_AFTER));
	bb_put_json(&b, "entries", legs(r->arena, rows));
	bb_rest_done(r, bb_build_object(&b));
}

void posting_show(struct bb_rest *r, const char *journal_id)
{
	const struct wallet *p = r->self;
	const struct bb_val id = bb_text(journal_id);
	bb_rest_one(r, "posting", p->q[Q_JOURNAL_ENTRIES], 1, &id, show);
}

void posting_answer(struct bb_rest *r, const struct posting *asked, const struct posted *p)
{
	if (p->outcome == BB_WALLET_REFUSED) {
		bb_rest_fail(r, "409",
			     p->fits ? "what it is about has changed meanwhile; try again"
				     : "it goes beyond the wallet's credit limit");
		return;
	}
	if (p->wallet_id != asked->entry.wallet_id ||
	    p->amount_minor != asked->entry.amount_minor) {
		bb_rest_fail(r, "409", "this reference was posted before, otherwise");
		return;
	}
	if (p->outcome == BB_WALLET_POSTED)
		r->api->set_status(r->call, 201);
	posting_show(r, p->journal_id);
}
