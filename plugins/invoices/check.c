/* GET /api/admin/invoices/check: proves that no number is missing and that all figures add up. */
#include "invoices.h"

#define PROBLEMS_MOST 100u
#define DOCUMENTS_AT_ONCE 50

struct check {
	const char *operator_id, *after;
	struct bb_builder series, problems;
	int64_t documents;
};

static void problem(struct bb_rest *r, const char *what, const char *where, const char *detail)
{
	struct check *c = r->arg;
	if (c->problems.count == PROBLEMS_MOST)
		return;
	struct bb_builder b = bb_build(r->arena);
	bb_put_str(&b, "problem", what);
	bb_put_str(&b, "number", where);
	bb_put_str(&b, "detail", detail);
	bb_push(&c->problems, *bb_build_object(&b));
}

static const char *differ(struct bb_rest *r, const char *what, int64_t is, int64_t should)
{
	return bb_printf(r->arena, "%s %lld, not %lld", what, (long long)is, (long long)should);
}

/* What a document says of itself. */

static int64_t sum(const struct bb_json *list, const char *member)
{
	int64_t total = 0;
	for (uint32_t i = 0; i < bb_json_count(list); i++)
		total += bb_json_get_int(bb_json_at(list, i), member, 0);
	return total;
}

static void check_sum(struct bb_rest *r, const char *number, const char *what, int64_t is,
		      int64_t should)
{
	if (is != should)
		problem(r, "sum", number, differ(r, what, is, should));
}

static void check_content(struct bb_rest *r, const char *number, const struct bb_json *content,
			  int64_t total)
{
	const struct bb_json *sessions = bb_json_get(content, "sessions");
	const struct bb_json *taxes = bb_json_get(content, "taxes");
	int64_t net = bb_json_get_int(content, "net_minor", 0);
	int64_t tax = bb_json_get_int(content, "tax_minor", 0);
	check_sum(r, number, "its document says", bb_json_get_int(content, "total_minor", 0),
		  total);
	check_sum(r, number, "net and tax are", net + tax, total);
	check_sum(r, number, "the rates' nets are", sum(taxes, "net_minor"), net);
	check_sum(r, number, "the rates' taxes are", sum(taxes, "tax_minor"), tax);
	if (bb_json_count(sessions))
		check_sum(r, number, "the sessions are", sum(sessions, "total_minor"), total);
	for (uint32_t i = 0; i < bb_json_count(sessions); i++) {
		const struct bb_json *s = bb_json_at(sessions, i);
		check_sum(r, number, "a session's lines are",
			  sum(bb_json_get(s, "lines"), "amount_minor"),
			  bb_json_get_int(s, "total_minor", 0));
	}
}

static void finish(struct bb_rest *r)
{
	struct check *c = r->arg;
	struct bb_builder b = bb_build(r->arena);
	bb_put_bool(&b, "sound", !c->problems.count);
	bb_put_int(&b, "documents", c->documents);
	bb_put_json(&b, "series", bb_build_array(&c->series));
	bb_put_json(&b, "problems", bb_build_array(&c->problems));
	bb_rest_done(r, bb_build_object(&b));
}

static void read_documents(struct bb_rest *r);

static void on_documents(struct bb_rest *r, const struct bb_rows *rows)
{
	struct check *c = r->arg;
	for (uint32_t i = 0; i < rows->rows; i++) {
		/* Contents may be large: they go page by page. */
		struct bb_arena *a = r->api->arena_new();
		struct bb_json content = bb_cell_parsed(r->api, a, bb_cell(rows, i, 3));
		check_content(r, bb_strdup(r->arena, bb_cell_text(rows, i, 1)), &content,
			      bb_cell_int(rows, i, 2, 0));
		r->api->arena_free(a);
		c->after = bb_strdup(r->arena, bb_cell_text(rows, i, 0));
		c->documents++;
	}
	if (rows->rows < DOCUMENTS_AT_ONCE)
		finish(r);
	else
		read_documents(r);
}

static void read_documents(struct bb_rest *r)
{
	const struct invoices *p = r->self;
	const struct check *c = r->arg;
	const struct bb_val v[] = {bb_text(c->operator_id), bb_text(c->after),
				   bb_i64(DOCUMENTS_AT_ONCE)};
	bb_rest_read(r, p->q[Q_CHECK_DOCUMENTS], 3, v, on_documents);
}

/* What documents say of each other, and of sessions. */

static void on_relations(struct bb_rest *r, const struct bb_rows *rows)
{
	for (uint32_t i = 0; i < rows->rows; i++) {
		const char *number = bb_strdup(r->arena, bb_cell_text(rows, i, 0));
		int64_t total = bb_cell_int(rows, i, 1, 0), credited = bb_cell_int(rows, i, 2, 0);
		int64_t sessions = bb_cell_int(rows, i, 3, 0), notes = bb_cell_int(rows, i, 4, 0);
		int64_t repriced = bb_cell_int(rows, i, 5, 0);
		if (credited != notes)
			problem(r, "credit", number,
				differ(r, "its credit notes are", notes, credited));
		if (!bb_cell_int(rows, i, 6, 0) && sessions != total)
			problem(r, "sessions", number,
				differ(r, "its sessions are", sessions, total));
		if (repriced)
			problem(r, "repriced", number,
				bb_printf(r->arena, "%lld of its sessions have another price now",
					  (long long)repriced));
	}
	read_documents(r);
}

static void read_relations(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct invoices *p = r->self;
	const struct check *c = r->arg;
	for (uint32_t i = 0; i < rows->rows; i++)
		problem(r, "gap", bb_strdup(r->arena, bb_cell_text(rows, i, 0)),
			bb_printf(r->arena, "number %lld is missing",
				  (long long)bb_cell_int(rows, i, 1, 0)));
	const struct bb_val v[] = {bb_text(c->operator_id), bb_i64(PROBLEMS_MOST)};
	bb_rest_read(r, p->q[Q_CHECK_RELATIONS], 2, v, on_relations);
}

static void on_series(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct invoices *p = r->self;
	struct check *c = r->arg;
	for (uint32_t i = 0; i < rows->rows; i++) {
		struct bb_builder b = bb_build(r->arena);
		bb_put_row(&b, rows, i, 0);
		bb_push(&c->series, *bb_build_object(&b));
		int64_t last = bb_cell_int(rows, i, 1, 0), count = bb_cell_int(rows, i, 2, 0);
		if (last != count)
			problem(r, "count", bb_strdup(r->arena, bb_cell_text(rows, i, 0)),
				differ(r, "there are", count, last));
	}
	const struct bb_val v[] = {bb_text(c->operator_id), bb_i64(PROBLEMS_MOST)};
	bb_rest_read(r, p->q[Q_CHECK_GAPS], 2, v, read_relations);
}

int invoice_check(struct bb_call *call, void *self)
{
	struct invoices *p = self;
	const char *operator_id = operator_asked(p->api, call);
	if (!operator_id)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct check *c = bb_zalloc(r->arena, sizeof *c);
	c->operator_id = bb_strdup(r->arena, operator_id);
	c->series = c->problems = bb_build(r->arena);
	r->arg = c;
	const struct bb_val v = bb_text(c->operator_id);
	return bb_rest_read(r, p->q[Q_CHECK_SERIES], 1, &v, on_series);
}
