/* GET /api/admin/wallets/reconciliation: the ledger against itself and against the sessions. Every
 * difference is told. */
#include "wallet.h"

#define DIFFERENCES_MOST 1000

struct report {
	struct bb_builder ledgers, differences;
	bool ok;
};

/* Columns of the query ledgers. */
enum { OPERATOR_ID, CURRENCY, ENTRIES, FIRST_ACCOUNT, SUM = 9 };

static struct bb_json ledger_json(struct bb_arena *a, const struct bb_rows *rows, uint32_t row)
{
	struct bb_builder b = bb_build(a), accounts = bb_build(a);
	for (uint32_t c = OPERATOR_ID; c < FIRST_ACCOUNT; c++)
		bb_put_column(&b, rows, row, c);
	for (uint32_t c = FIRST_ACCOUNT; c < SUM; c++)
		bb_put_column(&accounts, rows, row, c);
	bb_put_json(&b, "accounts_minor", bb_build_object(&accounts));
	bb_put_int(&b, "sum_minor", bb_cell_int(rows, row, SUM, 0));
	return *bb_build_object(&b);
}

static void with_ledgers(struct bb_rest *r, const struct bb_rows *rows)
{
	struct report *report = r->arg;
	for (uint32_t i = 0; i < rows->rows; i++) {
		report->ok &= bb_cell_int(rows, i, SUM, 0) == 0;
		bb_push(&report->ledgers, ledger_json(r->arena, rows, i));
	}
	struct bb_builder b = bb_build(r->arena);
	bb_put_bool(&b, "ok", report->ok);
	bb_put_json(&b, "ledgers", bb_build_array(&report->ledgers));
	bb_put_json(&b, "differences", bb_build_array(&report->differences));
	bb_rest_done(r, bb_build_object(&b));
}

static void with_differences(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wallet *p = r->self;
	struct report *report = r->arg;
	for (uint32_t i = 0; i < rows->rows; i++) {
		struct bb_builder b = bb_build(r->arena);
		bb_put_row(&b, rows, i, 0);
		bb_push(&report->differences, *bb_build_object(&b));
	}
	report->ok = !rows->rows;
	const struct bb_val v = bb_text(r->api->attr(r->call, "operator_id"));
	bb_rest_read(r, p->q[Q_LEDGERS], 1, &v, with_ledgers);
}

int reconciliation(struct bb_call *call, void *self)
{
	struct wallet *p = self;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct report *report = bb_alloc(r->arena, sizeof *report);
	*report = (struct report){bb_build(r->arena), bb_build(r->arena), true};
	r->arg = report;
	const struct bb_val v[] = {bb_text(p->api->attr(call, "operator_id")),
				   bb_i64(DIFFERENCES_MOST)};
	return bb_rest_read(r, p->q[Q_DIFFERENCES], 2, v, with_differences);
}
