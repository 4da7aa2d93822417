/* What the wallet has given back of sessions that stand on an invoice becomes credit notes. There
 * is no state of its own: a refund without its credit note gets one, whenever the process ended. */
#include "credit.h"

#define AT_ONCE 20

struct refund {
	const char *journal_id, *invoice_id, *reason;
	int64_t transaction_id, amount_minor;
};

struct pass {
	struct invoices *p;
	struct bb_arena *arena;
	struct refund list[AT_ONCE];
	uint32_t count, next;
};

static void read_page(struct pass *pass, const char *after);

static void end(struct pass *pass)
{
	pass->p->refunding = false;
	pass->p->api->arena_free(pass->arena);
}

static void next(struct pass *pass);

static void on_issued(const struct issued *done, void *arg)
{
	struct pass *pass = arg;
	const struct refund *refund = &pass->list[pass->next++];
	if (done->status)
		pass->p->api->log(pass->p->me, BB_WARN,
				  "the refund %s of transaction %lld has no credit note: %s",
				  refund->journal_id, (long long)refund->transaction_id,
				  done->text);
	if (done->status && *done->status == '5')
		end(pass);
	else
		next(pass);
}

static void next(struct pass *pass)
{
	if (pass->next == pass->count) {
		read_page(pass, pass->list[pass->count - 1].journal_id);
		return;
	}
	const struct refund *refund = &pass->list[pass->next];
	const struct credit_spec spec = {
	    .invoice_id = refund->invoice_id,
	    .amount_minor = refund->amount_minor,
	    .transaction_id = refund->transaction_id,
	    .reason = refund->reason,
	    .reference = bb_printf(pass->arena, "refund/%s", refund->journal_id),
	};
	credit_begin(pass->p, &spec, on_issued, pass);
}

static const char *text(struct pass *pass, const struct bb_rows *rows, uint32_t row,
			uint32_t column)
{
	const char *s = bb_cell_text(rows, row, column);
	return s ? bb_strdup(pass->arena, s) : NULL;
}

static void on_refunds(int err, const struct bb_rows *rows, void *arg)
{
	struct pass *pass = arg;
	if (err || !rows->rows) {
		end(pass);
		return;
	}
	pass->next = 0;
	pass->count = rows->rows < AT_ONCE ? rows->rows : AT_ONCE;
	for (uint32_t i = 0; i < pass->count; i++)
		pass->list[i] = (struct refund){
		    .journal_id = text(pass, rows, i, 0),
		    .invoice_id = text(pass, rows, i, 1),
		    .transaction_id = bb_cell_int(rows, i, 2, 0),
		    .amount_minor = bb_cell_int(rows, i, 3, 0),
		    .reason = text(pass, rows, i, 4),
		};
	next(pass);
}

static void read_page(struct pass *pass, const char *after)
{
	const struct invoices *p = pass->p;
	const struct bb_val v[] = {bb_text(after), bb_i64(AT_ONCE)};
	bb_read(p->api, p->me, p->q[Q_REFUNDS], 2, v, on_refunds, pass);
}

void refunds_look(struct invoices *p)
{
	if (p->refunding)
		return;
	struct bb_arena *a = p->api->arena_new();
	struct pass *pass = bb_zalloc(a, sizeof *pass);
	pass->p = p;
	pass->arena = a;
	p->refunding = true;
	read_page(pass, "");
}
