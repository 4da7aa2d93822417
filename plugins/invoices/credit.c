#include "credit.h"

/* Columns of the query `get`. */
enum { OPERATOR = 1, KIND, NUMBER, USER, REFERS_TO = 7, CREDITED, CURRENCY = 10, CONTENT = 12 };

struct credit {
	struct issue *t;
	struct credit_spec spec;
	const struct bb_json *content;
	int64_t total;
	struct taxes left; /* of the invoice, or of the session */
};

static struct bb_arena *arena_of(const struct credit *c)
{
	return c->t->arena;
}

static const char *kept(const struct credit *c, const char *text)
{
	return text ? bb_strdup(arena_of(c), text) : NULL;
}

static const struct bb_json *session_of(const struct credit *c)
{
	const struct bb_json *sessions = bb_json_get(c->content, "sessions");
	for (uint32_t i = 0; i < bb_json_count(sessions); i++)
		if (bb_json_get_int(bb_json_at(sessions, i), "transaction_id", 0) ==
		    c->spec.transaction_id)
			return bb_json_at(sessions, i);
	return NULL;
}

static void refuse(struct credit *c, const char *path, const char *rule)
{
	issue_refuse(c->t, "409", rule, bb_json_fault(arena_of(c), path, rule));
}

/* The document's amounts are less than 0. */
static void take(struct credit *c, int64_t amount)
{
	struct document *d = &c->t->document;
	struct taxes share = tax_share(arena_of(c), &c->left, amount);
	d->taxes = (struct taxes){.arena = arena_of(c)};
	for (uint32_t i = 0; i < share.count; i++)
		tax_add(&d->taxes, share.rates[i].percent, -share.rates[i].net,
			-share.rates[i].tax);
	c->t->credit = amount;
	issue_basis(c->t, issue_times);
}

/* How much there is to take off, and whether that is what is wanted. */
static void judge(struct credit *c)
{
	int64_t left = c->total - c->t->credited_before;
	int64_t here = tax_net(&c->left) + tax_tax(&c->left);
	if (here < left)
		left = here;
	int64_t amount = c->spec.amount_minor ? c->spec.amount_minor : left;
	if (left <= 0)
		refuse(c, "amount_minor", "leaves nothing: all of it has been credited");
	else if (amount > left)
		refuse(
		    c, "amount_minor",
		    bb_printf(arena_of(c), "is more than the %lld that are left", (long long)left));
	else if (c->spec.cancels && c->t->credited_before)
		refuse(c, "cancel", "is for an invoice of which nothing has been credited");
	else
		take(c, amount);
}

static void on_credits(int err, const struct bb_rows *rows, void *arg)
{
	struct credit *c = ((struct issue *)arg)->credit_note;
	const struct bb_api *api = c->t->p->api;
	(void)err;
	for (uint32_t i = 0; i < rows->rows; i++) {
		struct bb_json content = bb_cell_parsed(api, arena_of(c), bb_cell(rows, i, 1));
		int64_t about = bb_cell_int(rows, i, 0, 0);
		if (!c->spec.transaction_id || about == c->spec.transaction_id)
			tax_add_json(&c->left, bb_json_get(&content, "taxes"));
	}
	judge(c);
}

static void read_credits(struct credit *c)
{
	const struct bb_json *session = session_of(c);
	c->left = (struct taxes){.arena = arena_of(c)};
	if (c->spec.transaction_id && !session) {
		refuse(c, "transaction_id", "is no session of this invoice");
		return;
	}
	if (session)
		tax_add_lines(&c->left, bb_json_get(session, "lines"));
	else
		tax_add_json(&c->left, bb_json_get(c->content, "taxes"));
	const struct bb_val v = bb_text(c->spec.invoice_id);
	issue_read(c->t, Q_CREDITS, 1, &v, on_credits);
}

static void on_invoice(int err, const struct bb_rows *rows, void *arg)
{
	struct credit *c = ((struct issue *)arg)->credit_note;
	const struct bb_api *api = c->t->p->api;
	(void)err;
	const char *kind = rows->rows ? bb_cell_text(rows, 0, KIND) : "";
	if (strcmp(kind, "invoice") != 0) {
		issue_refuse(c->t, "409", "only invoices are credited", NULL);
		return;
	}
	struct bb_json content = bb_cell_parsed(api, arena_of(c), bb_cell(rows, 0, CONTENT));
	c->content = memcpy(bb_alloc(arena_of(c), sizeof content), &content, sizeof content);
	c->total = bb_json_get_int(c->content, "total_minor", 0);
	c->t->credited_before = bb_cell_int(rows, 0, CREDITED, 0);
	c->t->document = (struct document){
	    .kind = "credit_note",
	    .operator_id = kept(c, bb_cell_text(rows, 0, OPERATOR)),
	    .user_id = kept(c, bb_cell_text(rows, 0, USER)),
	    .currency = kept(c, bb_cell_text(rows, 0, CURRENCY)),
	    .language = bb_json_get_str(c->content, "language", NULL),
	    .recipient = bb_json_get(c->content, "recipient"),
	    .transaction_id = c->spec.transaction_id,
	    .refers_to = c->spec.invoice_id,
	    .refers_to_number = kept(c, bb_cell_text(rows, 0, NUMBER)),
	    .refers_to_issued_on = bb_json_get_str(c->content, "issued_on", ""),
	    .reason = c->spec.reason,
	};
	read_credits(c);
}

static void read_invoice(struct issue *t)
{
	const struct credit *c = t->credit_note;
	const struct bb_val v[] = {bb_text(c->spec.invoice_id), bb_null()};
	issue_read(t, Q_GET, 2, v, on_invoice);
}

/* One with the same reference is the one that is wanted, or in its way. */
static void on_reference(int err, const struct bb_rows *rows, void *arg)
{
	struct issue *t = arg;
	const struct credit *c = t->credit_note;
	(void)err;
	if (!rows->rows) {
		read_invoice(t);
		return;
	}
	int64_t amount = -bb_cell_int(rows, 0, 2, 0);
	if (!strcmp(bb_cell_text(rows, 0, 1), c->spec.invoice_id) &&
	    (!c->spec.amount_minor || c->spec.amount_minor == amount))
		issue_end(t, &(struct issued){.id = bb_cell_text(rows, 0, 0), .repeated = true});
	else
		issue_refuse(t, "409", "this reference was used before, otherwise", NULL);
}

static void begin(struct issue *t)
{
	const struct credit *c = t->credit_note;
	if (!c->spec.reference) {
		read_invoice(t);
		return;
	}
	const struct bb_val v[] = {bb_text(c->spec.invoice_id), bb_text(c->spec.reference)};
	issue_read(t, Q_CREDIT_BY_REFERENCE, 2, v, on_reference);
}

void credit_begin(struct invoices *p, const struct credit_spec *spec, issued_fn *fn, void *arg)
{
	struct issue *t = issue_new(p, fn, arg);
	struct credit *c = bb_zalloc(t->arena, sizeof *c);
	c->t = t;
	c->spec = *spec;
	c->spec.invoice_id = kept(c, spec->invoice_id);
	c->spec.reason = kept(c, spec->reason);
	c->spec.reference = kept(c, spec->reference);
	t->credit_note = c;
	t->reference = c->spec.reference;
	t->cancels = spec->cancels;
	t->again = begin;
	begin(t);
}

static void on_found(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *body = r->api->payload(r->call);
	const struct credit_spec spec = {
	    .invoice_id = bb_cell_text(rows, 0, 0),
	    .amount_minor = bb_json_get_int(body, "amount_minor", 0),
	    .transaction_id = bb_json_get_int(body, "transaction_id", 0),
	    .reason = bb_json_get_str(body, "reason", ""),
	    .reference = bb_json_get_str(body, "reference", NULL),
	    .cancels = bb_json_get_bool(body, "cancel", false),
	};
	if (spec.cancels && (spec.amount_minor || spec.transaction_id)) {
		bb_rest_fault(r->api, r->call, "cancel", "is all of the invoice");
		bb_rest_fail(r, "422", "cancel goes with neither amount_minor nor transaction_id");
		return;
	}
	credit_begin(r->self, &spec, issue_answer, r);
}

int invoice_credit(struct bb_call *call, void *self)
{
	invoice_begin(call, self, on_found);
	return BB_LATER;
}
