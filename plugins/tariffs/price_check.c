/* POST /api/admin/transactions/{id}/price/check: the price once more, from the facts that are kept,
 * by the versions of tariffs that made it, or by the operator's scripts as they were. Nothing is
 * stored. */
#include "tariffs.h"

#include <math.h>

/* Columns of the query price_sources. */
enum { FROM_AT, TARIFF_ID, NAME, VERSION };

struct checking {
	struct bb_rest *rest;
	struct bb_val id;
	const char *operator_id, *currency;
	int64_t activation; /* of the scripts; 0: they did not make it */
	const struct bb_json *session, *bill;
	const char *error;
};

/* A stored cell and a computed member: the same? Numbers however they are written. */
static bool same(const struct bb_val *cell, const struct bb_json *v)
{
	if (cell->type == BB_NULL || !v || v->type == BB_JSON_NULL)
		return cell->type == BB_NULL && (!v || v->type == BB_JSON_NULL);
	if (cell->type == BB_TEXT)
		return v->type == BB_JSON_STRING && !strcmp(cell->s, v->s);
	double stored = cell->type == BB_I64 ? (double)cell->i : cell->f;
	return fabs(stored - bb_json_real(v, stored + 1)) < 1e-9;
}

static const char *shown(const struct bb_rest *r, const struct bb_json *v)
{
	return v ? r->api->json_write(r->arena, v, NULL) : "null";
}

static void compare_line(struct bb_rest *r, const struct bb_rows *rows, uint32_t row,
			 const struct bb_json *line, struct bb_builder *faults)
{
	for (uint32_t c = 0; c < rows->columns; c++) {
		const struct bb_json *v = bb_json_get(line, rows->names[c]);
		const struct bb_val *cell = bb_cell(rows, row, c);
		struct bb_json stored = bb_cell_json(r->arena, cell);
		if (!same(cell, v))
			bb_push(faults, bb_json_make_str(bb_printf(
					    r->arena, "line %u: %s was %s, is %s", row + 1,
					    rows->names[c], shown(r, &stored), shown(r, v))));
	}
}

static void compare(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct checking *k = r->arg;
	const struct bb_json *lines = bb_json_get(k->bill, "lines");
	struct bb_builder faults = bb_build(r->arena), b = bb_build(r->arena);
	const char *currency = bb_json_get_str(k->bill, "currency", k->currency);
	if (k->error)
		bb_push(&faults, bb_json_make_str(k->error));
	if (strcmp(currency, k->currency) != 0)
		bb_push(&faults, bb_json_make_str(bb_printf(r->arena, "currency was %s, is %s",
							    k->currency, currency)));
	if (!k->error && bb_json_count(lines) != rows->rows)
		bb_push(&faults,
			bb_json_make_str(bb_printf(r->arena, "there were %u lines, there are %u",
						   rows->rows, bb_json_count(lines))));
	for (uint32_t i = 0; i < rows->rows && i < bb_json_count(lines); i++)
		compare_line(r, rows, i, bb_json_at(lines, i), &faults);
	bb_put_bool(&b, "same", !faults.count);
	bb_put_json(&b, "differences", bb_build_array(&faults));
	bb_put_json(&b, "computed", k->bill);
	bb_rest_done(r, bb_build_object(&b));
}

static void computed(void *arg, const struct bb_json *bill, const char *error)
{
	struct checking *k = arg;
	const struct tariffs *p = k->rest->self;
	k->bill = bill;
	k->error = error;
	k->rest->arg = k;
	bb_rest_read(k->rest, p->q[Q_STORED_LINES], 1, &k->id, compare);
}

/* As the hook had it answered. */
static void scripts_computed(void *arg, const struct bb_json *bill, const char *error)
{
	const struct checking *k = arg;
	if (bill) {
		struct bb_builder b = bb_build(k->rest->arena);
		bb_put_json(&b, "currency", bb_json_get(bill, "currency"));
		bb_put_json(&b, "lines", bb_json_get(bill, "lines"));
		bb_put_json(&b, "total_minor", bb_json_get(bill, "total_minor"));
		bb_put_int(&b, "script_activation", k->activation);
		bill = bb_build_object(&b);
	}
	computed(arg, bill, error);
}

static void with_scripts(int err, const struct bb_script *set, void *arg)
{
	struct checking *k = arg;
	struct bb_rest *r = k->rest;
	if (err == -ENOENT)
		bb_rest_fail(r, "409",
			     bb_printf(r->arena,
				       "the scripts of activation %lld, which made the price, "
				       "are not there any more",
				       (long long)k->activation));
	else if (err)
		bb_rest_storage_failed(r, err);
	else
		run_scripts(r->self, r->arena, set, k->session, scripts_computed, k);
}

static void ask_scripts(struct checking *k)
{
	const struct tariffs *p = k->rest->self;
	const char *missing = !k->activation ? "no tariff made the price, and no scripts "
					       "of the operator that are known"
			      : !p->scripts  ? "the operator's scripts made the price, and the "
					       "plugin scripts is not loaded"
					     : NULL;
	if (missing)
		bb_rest_fail(k->rest, "409", missing);
	else
		p->scripts->set(k->operator_id, k->activation, k->rest->arena, with_scripts, k);
}

static void with_sources(struct bb_rest *r, const struct bb_rows *rows)
{
	struct checking *k = r->arg;
	if (!rows->rows) {
		ask_scripts(k);
		return;
	}
	struct priced_part *parts = bb_zalloc(r->arena, rows->rows * sizeof *parts);
	for (uint32_t i = 0; i < rows->rows; i++) {
		const char *from = bb_cell_text(rows, i, FROM_AT);
		parts[i].source = source_of_row(r->self, r->arena, rows, i, k->operator_id);
		parts[i].id = bb_cell_int(rows, i, TARIFF_ID, 0);
		parts[i].version = bb_cell_int(rows, i, VERSION, 0);
		parts[i].title =
		    bb_printf(r->arena, "tariff \"%s\", version %lld", bb_cell_text(rows, i, NAME),
			      (long long)parts[i].version);
		r->api->time_parse(from, strlen(from), &parts[i].from_ms);
	}
	parts_run(r->self, r->arena, k->session, parts, rows->rows, computed, k);
}

static void with_evidence(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct tariffs *p = r->self;
	struct checking *k = bb_zalloc(r->arena, sizeof *k);
	k->session = run_parsed(p, r->arena, bb_cell_text(rows, 0, EVIDENCE_SESSION));
	if (strcmp(bb_cell_text(rows, 0, EVIDENCE_STATE), "priced") != 0) {
		bb_rest_fail(r, "409", "the transaction has no price");
		return;
	}
	if (!k->session) {
		bb_rest_fail(r, "409", "what the price was made from is not kept");
		return;
	}
	k->rest = r;
	k->id = *bb_cell(rows, 0, EVIDENCE_ID);
	k->operator_id = bb_strdup(r->arena, bb_cell_text(rows, 0, EVIDENCE_OPERATOR_ID));
	k->currency = bb_strdup(r->arena, bb_cell_text(rows, 0, EVIDENCE_CURRENCY));
	k->activation = bb_cell_int(rows, 0, EVIDENCE_ACTIVATION, 0);
	r->arg = k;
	bb_rest_read(r, p->q[Q_PRICE_SOURCES], 1, &k->id, with_sources);
}

int price_check(struct bb_call *call, void *self)
{
	struct tariffs *p = self;
	return bb_rest_find(p->api, p->me, call, p, "transaction", p->q[Q_PRICE_EVIDENCE],
			    with_evidence, NULL);
}
