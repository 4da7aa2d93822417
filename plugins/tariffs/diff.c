/* POST /api/admin/tariffs/diff: sessions that a tariff has priced, once more with another, from the
 * facts that are kept. One session for each turn of the loop. */
#include "trial.h"

#define PAGE_DEFAULT 50

/* Columns of the query diff_list. */
enum { CURSOR, ID, STARTED_AT, ENERGY_WH, CURRENCY, PRICE_MINOR };

struct charged {
	struct bb_val id, started_at, energy_wh;
	const char *currency;
	int64_t minor;
};

struct diff {
	struct bb_rest *rest;
	struct trial *trial;
	struct charged *sessions;
	uint32_t count, at;
	const char *next_cursor;
	struct bb_builder items;
	int64_t compared, errors, charged_minor, would_minor;
};

static void price_next(struct diff *);

static struct bb_json money(const struct diff *d, int64_t minor, const char *currency)
{
	struct bb_val m = bb_i64(minor), c = bb_text(currency);
	return bb_money_json(d->rest->arena, &m, &c);
}

static void finish(struct diff *d)
{
	struct bb_rest *r = d->rest;
	const char *currency = d->trial->source.currency;
	struct bb_builder totals = bb_build(r->arena), b = bb_build(r->arena);
	bb_put_int(&totals, "sessions", d->compared);
	bb_put_int(&totals, "errors", d->errors);
	bb_put(&totals, "charged", money(d, d->charged_minor, currency));
	bb_put(&totals, "would", money(d, d->would_minor, currency));
	bb_put_int(&totals, "difference_minor", d->would_minor - d->charged_minor);
	bb_put_json(&b, "items", bb_build_array(&d->items));
	bb_put_json(&b, "totals", bb_build_object(&totals));
	bb_put_str(&b, "next_cursor", d->next_cursor);
	bb_rest_done(r, bb_build_object(&b));
}

static void item_done(struct diff *d, const struct bb_json *bill, const char *error)
{
	const struct charged *s = &d->sessions[d->at];
	struct bb_builder b = bb_build(d->rest->arena);
	int64_t would = bb_json_get_int(bill, "total_minor", 0);
	bb_put(&b, "transaction_id", bb_cell_json(b.arena, &s->id));
	bb_put(&b, "started_at", bb_cell_json(b.arena, &s->started_at));
	bb_put(&b, "energy_wh", bb_cell_json(b.arena, &s->energy_wh));
	bb_put(&b, "charged", money(d, s->minor, s->currency));
	bb_put(&b, "would",
	       bill ? money(d, would, d->trial->source.currency) : bb_json_make_null());
	bb_put(&b, "difference_minor",
	       error ? bb_json_make_null() : bb_json_make_int(would - s->minor));
	bb_put_str(&b, "error", error);
	bb_push(&d->items, *bb_build_object(&b));
	if (error) {
		d->errors++;
	} else {
		d->compared++;
		d->charged_minor += s->minor;
		d->would_minor += would;
	}
	d->at++;
	price_next(d);
}

static void priced(void *arg, const struct bb_json *bill, const char *error)
{
	struct diff *d = arg;
	if (bill && strcmp(d->sessions[d->at].currency, d->trial->source.currency) != 0)
		error = "it was charged in another currency";
	item_done(d, bill, error);
}

static void with_evidence(struct bb_rest *r, const struct bb_rows *rows)
{
	struct diff *d = r->arg;
	const struct bb_json *session =
	    rows->rows ? run_parsed(r->self, r->arena, bb_cell_text(rows, 0, EVIDENCE_SESSION))
		       : NULL;
	if (session)
		run_tariff(r->self, r->arena, &d->trial->source, session, priced, d);
	else
		item_done(d, NULL, "what it was priced from is not kept");
}

static void price_next(struct diff *d)
{
	const struct tariffs *p = d->rest->self;
	if (d->at == d->count) {
		finish(d);
		return;
	}
	struct bb_val v[] = {d->sessions[d->at].id, bb_null()};
	bb_rest_read(d->rest, p->q[Q_PRICE_EVIDENCE], 2, v, with_evidence);
}

static struct charged charged(struct bb_arena *a, const struct bb_rows *rows, uint32_t row)
{
	return (struct charged){
	    .id = *bb_cell(rows, row, ID),
	    .started_at = bb_text(bb_strdup(a, bb_cell_text(rows, row, STARTED_AT))),
	    .energy_wh = *bb_cell(rows, row, ENERGY_WH),
	    .currency = bb_strdup(a, bb_cell_text(rows, row, CURRENCY)),
	    .minor = bb_cell_int(rows, row, PRICE_MINOR, 0),
	};
}

static void with_list(struct bb_rest *r, const struct bb_rows *rows)
{
	struct diff *d = r->arg;
	int64_t limit = bb_json_get_int(r->api->payload(r->call), "limit", PAGE_DEFAULT);
	d->count = rows->rows > limit ? (uint32_t)limit : rows->rows;
	d->sessions = bb_alloc(r->arena, (d->count + 1) * sizeof *d->sessions);
	for (uint32_t i = 0; i < d->count; i++)
		d->sessions[i] = charged(r->arena, rows, i);
	if (rows->rows > limit)
		d->next_cursor = bb_cursor(r->arena, bb_cell(rows, d->count - 1, CURSOR));
	price_next(d);
}

/* A time of the body as storage writes it. */
static struct bb_val time_val(struct bb_rest *r, const char *member)
{
	const char *text = bb_json_get_str(r->api->payload(r->call), member, NULL);
	int64_t ms;
	if (!text || r->api->time_parse(text, strlen(text), &ms))
		return bb_null();
	return bb_time(r->api, r->arena, ms);
}

static void with_trial(struct bb_rest *r, struct trial *t)
{
	const struct tariffs *p = r->self;
	const struct bb_json *body = r->api->payload(r->call);
	const char *cursor = bb_json_get_str(body, "cursor", NULL);
	int64_t after = 0;
	struct diff *d = bb_zalloc(r->arena, sizeof *d);
	if (cursor && !bb_parse_int(cursor, &after)) {
		refuse(r, "cursor", "is malformed");
		return;
	}
	*d = (struct diff){.rest = r, .trial = t, .items = bb_build(r->arena)};
	r->arg = d;
	struct bb_val v[] = {bb_member_val(body, "tariff_id"), time_val(r, "from"),
			     time_val(r, "to"), bb_i64(after),
			     bb_i64(bb_json_get_int(body, "limit", PAGE_DEFAULT) + 1)};
	bb_rest_read(r, p->q[Q_DIFF_LIST], 5, v, with_list);
}

int tariff_diff(struct bb_call *call, void *self)
{
	struct tariffs *p = self;
	trial_read(bb_rest_later(p->api, p->me, call, p), with_trial, NULL);
	return BB_LATER;
}
