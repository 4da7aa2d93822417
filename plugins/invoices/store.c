/* A document as rows: its number, itself, its sessions, in one unit. */
#include "issue.h"
#include "series.h"

static void on_added(int err, const struct bb_rows *rows, void *arg)
{
	struct issue *t = arg;
	if (err || !rows->rows)
		return;
	struct bb_builder b = bb_build(t->arena);
	bb_put_row(&b, rows, 0, 0);
	t->event = bb_build_object(&b);
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct issue *t = arg;
	(void)rows;
	if (err) {
		issue_storage_failed(t, err);
		return;
	}
	t->p->api->emit(t->p->me, NULL, "invoice.issued", t->event);
	issue_end(t, &(struct issued){.id = t->id});
}

static void add_document(struct issue *t, struct bb_unit *unit, const char *series)
{
	const struct bb_api *api = t->p->api;
	const struct document *d = &t->document;
	const char *content = api->json_write(t->arena, document_json(t->arena, d), NULL);
	const struct bb_val v[] = {
	    bb_text(t->id),
	    bb_text(d->operator_id),
	    bb_text(d->kind),
	    bb_text(series),
	    bb_text(d->user_id),
	    bb_text(d->month),
	    d->transaction_id ? bb_i64(d->transaction_id) : bb_null(),
	    bb_text(d->refers_to),
	    bb_text(t->reference ? t->reference : t->id),
	    bb_text(d->currency),
	    bb_i64(tax_net(&d->taxes)),
	    bb_i64(tax_tax(&d->taxes)),
	    bb_i64(tax_net(&d->taxes) + tax_tax(&d->taxes)),
	    bb_text(d->issued_at),
	    bb_text(content),
	};
	api->add(unit, t->p->q[Q_SERIES_ADD], 2, (struct bb_val[]){v[1], v[3]}, NULL, NULL);
	api->add(unit, t->p->q[Q_SERIES_NEXT], 2, (struct bb_val[]){v[1], v[3]}, NULL, NULL);
	api->add(unit, t->p->q[Q_INVOICE_ADD], sizeof v / sizeof *v, v, on_added, t);
}

/* What it does to the invoice that it is about. */
static void add_credit(struct issue *t, struct bb_unit *unit)
{
	const struct bb_api *api = t->p->api;
	const struct bb_val v[] = {bb_text(t->document.refers_to), bb_i64(t->credited_before),
				   bb_i64(t->credit)};
	api->add(unit, t->p->q[Q_CREDIT_TAKE], 3, v, NULL, NULL);
	if (!t->cancels)
		return;
	api->add(unit, t->p->q[Q_CANCEL], 1, v, NULL, NULL);
	api->add(unit, t->p->q[Q_SESSIONS_RELEASE], 1, v, NULL, NULL);
}

void issue_store(struct issue *t)
{
	const struct bb_api *api = t->p->api;
	const struct document *d = &t->document;
	const char *year = bb_strndup(t->arena, d->issued_on, strcspn(d->issued_on, "-"));
	struct bb_unit *unit = api->begin(t->p->me);
	t->id = api->new_id(t->arena);
	if (d->refers_to)
		add_credit(t, unit);
	add_document(t, unit, series_of(t->arena, d->issuer, d->kind, year));
	if (!strcmp(d->kind, "invoice")) {
		const struct bb_json *keys = sessions_keys(t->arena, &d->sessions);
		const struct bb_val v[] = {bb_text(t->id),
					   bb_text(api->json_write(t->arena, keys, NULL))};
		api->add(unit, t->p->q[Q_SESSIONS_ADD], 2, v, NULL, NULL);
	}
	if (t->spec.counted) {
		const struct bb_val v[] = {bb_text(d->operator_id), bb_text(d->month)};
		api->add(unit, t->p->q[Q_RUN_ISSUED], 2, v, NULL, NULL);
	}
	bb_commit(api, unit, on_stored, t);
}
