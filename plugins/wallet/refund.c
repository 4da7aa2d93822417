/* POST /api/admin/wallets/{id}/refunds: gives back what a session was billed at, or a part of it;
 * never more. */
#include "billing.h"
#include "posting.h"

/* Columns of the query bill_get that matter here. */
enum { WALLET_ID = 4, AMOUNT = 11, TAX, REFUNDED, OWED, CURRENCY, REFUNDED_TAX };

struct refund {
	int64_t wallet_id, transaction_id;
	const char *reference; /* NULL: none was given */
	struct bill_seen seen;
	struct posting posting;
	struct posted posted;
};

static void on_posted(int err, const struct posted *p, void *arg)
{
	struct refund *f = arg;
	if (!err)
		f->posted = *p;
}

static void committed(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct refund *f = r->arg;
	(void)rows;
	posting_answer(r, &f->posting, &f->posted);
}

static void post(struct bb_rest *r, struct refund *f, int64_t amount, int64_t tax,
		 const char *currency)
{
	struct wallet *p = r->self;
	f->posting = (struct posting){
	    .entry = {f->wallet_id, "refund",
		      f->reference ? f->reference : r->api->new_id(r->arena), "revenue", amount,
		      currency, bb_json_get_str(r->api->payload(r->call), "reason", NULL),
		      asked_by(r->api, r->call)},
	    .tax_minor = tax,
	    .transaction_id = f->transaction_id,
	    .seen = &f->seen,
	    .fn = on_posted,
	    .arg = f,
	};
	struct bb_unit *unit = r->api->begin(r->me);
	const char *id = posting_add(p, unit, r->arena, &f->posting);
	const struct bb_val v[] = {bb_i64(f->transaction_id), bb_text(id), bb_i64(amount),
				   bb_i64(tax), bb_now(r->api, r->arena)};
	r->api->add(unit, p->q[Q_BILL_REFUND], sizeof v / sizeof *v, v, NULL, NULL);
	bb_rest_commit(r, unit, committed);
}

static void with_bill(struct bb_rest *r, const struct bb_rows *rows)
{
	struct refund *f = r->arg;
	if (bb_cell_int(rows, 0, WALLET_ID, 0) != f->wallet_id) {
		refuse(r, "transaction_id", "was not billed to this wallet");
		return;
	}
	f->seen =
	    (struct bill_seen){bb_cell_int(rows, 0, AMOUNT, 0), bb_cell_int(rows, 0, REFUNDED, 0)};
	int64_t left = f->seen.amount_minor - f->seen.refunded_minor;
	int64_t amount = bb_json_get_int(r->api->payload(r->call), "amount_minor", left);
	if (!left || amount > left) {
		refuse(r, "amount_minor",
		       bb_printf(r->arena, "is more than the %lld that are left of the bill",
				 (long long)left));
		return;
	}
	int64_t tax = bill_tax_part(bb_cell_int(rows, 0, TAX, 0), f->seen.amount_minor,
				    f->seen.refunded_minor + amount) -
		      bb_cell_int(rows, 0, REFUNDED_TAX, 0);
	post(r, f, amount, tax, bb_strdup(r->arena, bb_cell_text(rows, 0, CURRENCY)));
}

static void read_bill(struct bb_rest *r)
{
	const struct wallet *p = r->self;
	const struct refund *f = r->arg;
	const struct bb_val v[] = {bb_i64(f->transaction_id),
				   bb_text(r->api->attr(r->call, "operator_id"))};
	bb_rest_one(r, "bill", p->q[Q_BILL_GET], 2, v, with_bill);
}

/* Posted before: answered as it was, though nothing may be left of the bill by now. */
static void with_reference(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct refund *f = r->arg;
	if (!rows->rows) {
		read_bill(r);
		return;
	}
	int64_t amount = bb_cell_int(rows, 0, 1, 0);
	bool same = bb_cell_int(rows, 0, 2, 0) == f->wallet_id &&
		    bb_cell_int(rows, 0, 3, 0) == f->transaction_id &&
		    bb_json_get_int(r->api->payload(r->call), "amount_minor", amount) == amount;
	if (same)
		posting_show(r, bb_strdup(r->arena, bb_cell_text(rows, 0, 0)));
	else
		bb_rest_fail(r, "409", "this reference was posted before, otherwise");
}

static void found(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wallet *p = r->self;
	struct refund *f = bb_zalloc(r->arena, sizeof *f);
	const struct bb_json *body = r->api->payload(r->call);
	f->wallet_id = bb_cell_int(rows, 0, 0, 0);
	f->transaction_id = bb_json_get_int(body, "transaction_id", 0);
	f->reference = bb_json_get_str(body, "reference", NULL);
	r->arg = f;
	if (!f->reference) {
		read_bill(r);
		return;
	}
	const struct bb_val v[] = {
	    bb_text(bb_json_get_str(wallet_json(r->arena, rows, 0, NULL), "operator_id", "")),
	    bb_text("refund"), bb_text(f->reference)};
	bb_rest_read(r, p->q[Q_JOURNAL_BY_REFERENCE], 3, v, with_reference);
}

int refund(struct bb_call *call, void *self)
{
	return wallet_find(call, self, found, NULL);
}
