/* Receipts: /api/admin/transactions/{id}/receipt. A session's receipt is issued when it is billed,
 * if the issuer wants that, or else when it is first asked for; and anew when its price is another.
 */
#include "receipt.h"
#include "issue.h"

typedef void shown_fn(struct bb_rest *, const struct bb_json *document);

struct asked {
	shown_fn *show;
	int64_t transaction_id;
	const char *operator_id, *reference;
	bool issued; /* it has been tried */
};

static void look(struct bb_rest *r);

static void with_receipt(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct asked *asked = r->arg;
	asked->show(r, invoice_json(r->self, r->arena, rows, 0));
}

/* Whoever issued it, it is there now; or it cannot be issued. */
static void on_issued(const struct issued *end, void *arg)
{
	struct bb_rest *r = arg;
	if (end->id)
		invoice_find(r, bb_strdup(r->arena, end->id), NULL, with_receipt);
	else if (end->errors || strcmp(end->status, "409") != 0)
		issue_answer(end, r);
	else
		look(r);
}

static void issue(struct bb_rest *r)
{
	struct asked *asked = r->arg;
	const struct issue_spec spec = {
	    .kind = "receipt",
	    .operator_id = asked->operator_id,
	    .transaction_id = asked->transaction_id,
	};
	asked->issued = true;
	issue_begin(r->self, &spec, on_issued, r);
}

static void on_looked(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct asked *asked = r->arg;
	if (rows->rows)
		with_receipt(r, rows);
	else if (asked->issued)
		bb_rest_fail(r, "409", "the session has no price, or it is 0");
	else
		issue(r);
}

static void look(struct bb_rest *r)
{
	const struct invoices *p = r->self;
	const struct asked *asked = r->arg;
	const struct bb_val v[] = {bb_text(asked->operator_id), bb_text(asked->reference)};
	bb_rest_read(r, p->q[Q_RECEIPT], 2, v, on_looked);
}

/* What makes a receipt the only one: a session at the price that it got then. */
static const char *reference_of(struct bb_arena *a, int64_t transaction_id, const char *priced_at)
{
	return bb_printf(a, "%lld/%s", (long long)transaction_id, priced_at);
}

static void on_transaction(struct bb_rest *r, const struct bb_rows *rows)
{
	struct asked *asked = r->arg;
	const char *priced_at = bb_cell_text(rows, 0, 2);
	if (strcmp(bb_cell_text(rows, 0, 1), "priced") != 0 || !priced_at) {
		bb_rest_fail(r, "409", "the session has no price");
		return;
	}
	asked->operator_id = bb_strdup(r->arena, bb_cell_text(rows, 0, 0));
	asked->reference = reference_of(r->arena, asked->transaction_id, priced_at);
	look(r);
}

static int begin(struct bb_call *call, struct invoices *p, shown_fn *show)
{
	struct asked *asked = bb_zalloc(p->api->arena(call), sizeof *asked);
	asked->show = show;
	if (!bb_path_id(p->api, call, "id", &asked->transaction_id))
		return BB_DONE;
	return bb_rest_find(p->api, p->me, call, p, "transaction", p->q[Q_TRANSACTION],
			    on_transaction, asked);
}

int receipt_get(struct bb_call *call, void *self)
{
	return begin(call, self, bb_rest_done);
}

int receipt_html(struct bb_call *call, void *self)
{
	return begin(call, self, show_html);
}

int receipt_pdf(struct bb_call *call, void *self)
{
	return begin(call, self, show_pdf);
}

/* By itself. */

void receipt_on_billed(const struct bb_json *event, void *self)
{
	const struct invoices *p = self;
	if (p->receipts_wanted)
		p->api->enqueue(p->me, NULL, RECEIPT_TASK, event);
}

struct task {
	struct invoices *p;
	struct bb_reply *reply;
	struct bb_arena *arena;
	int64_t transaction_id;
};

static void task_end(struct task *t, const char *error)
{
	if (error)
		t->p->api->reject(t->reply, "ReceiptError", error);
	else
		t->p->api->resolve(t->reply, bb_json_empty(t->arena));
}

/* One that was asked for in the meantime is as good. */
static void on_task_issued(const struct issued *end, void *arg)
{
	bool fails = end->status && (*end->status == '5' || end->errors);
	task_end(arg, fails ? end->text : NULL);
}

static void on_wish(int err, const struct bb_rows *rows, void *arg)
{
	struct task *t = arg;
	const struct bb_api *api = t->p->api;
	struct bb_json details = bb_json_make_null();
	if (err) {
		task_end(t, "storage is away");
		return;
	}
	if (rows->rows)
		details = bb_cell_parsed(api, t->arena, bb_cell(rows, 0, 1));
	if (!bb_json_get_bool(&details, "receipts", false)) {
		task_end(t, NULL);
		return;
	}
	const struct issue_spec spec = {
	    .kind = "receipt",
	    .operator_id = bb_cell_text(rows, 0, 0),
	    .transaction_id = t->transaction_id,
	};
	issue_begin(t->p, &spec, on_task_issued, t);
}

int receipt_task(struct bb_call *call, void *self)
{
	struct invoices *p = self;
	struct task *t = bb_zalloc(p->api->arena(call), sizeof *t);
	t->p = p;
	t->arena = p->api->arena(call);
	t->transaction_id = bb_json_get_int(p->api->payload(call), "transaction_id", 0);
	t->reply = p->api->defer(call, 0, NULL, NULL);
	const struct bb_val v = bb_i64(t->transaction_id);
	bb_read(p->api, p->me, p->q[Q_RECEIPT_WISH], 1, &v, on_wish, t);
	return BB_LATER;
}
