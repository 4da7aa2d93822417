/* A job as messages of the extended protocol, and the answers to them, which come in the same
 * order. A query is prepared on a connection in the pipeline that first needs it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres.h"

#define NUMBER_SIZE 32

static const struct row no_row;

static struct answer *expect(struct job *j, enum answer_kind kind, uint32_t query, struct row row)
{
	struct answer *a = &j->answers[j->count++];
	*a = (struct answer){kind, query, row, {0}};
	return a;
}

static uint32_t count_statements(const struct bb_storage_unit *u)
{
	uint32_t n = 0;
	for (; u; u = u->next)
		for (const struct bb_statement *s = u->first; s; s = s->next)
			n++;
	return n;
}

/* As text but for blobs: the server knows the types. */
static const char *as_text(const struct bb_val *v, struct bb_arena *arena)
{
	char *text;
	switch (v->type) {
	case BB_I64:
		text = bb_alloc(arena, NUMBER_SIZE);
		snprintf(text, NUMBER_SIZE, "%lld", (long long)v->i);
		return text;
	case BB_F64:
		text = bb_alloc(arena, NUMBER_SIZE);
		snprintf(text, NUMBER_SIZE, "%.17g", v->f);
		return text;
	case BB_NULL:
		return NULL;
	default:
		return v->s;
	}
}

static bool send_statement(PGconn *conn, const char *name, struct bb_arena *arena,
			   const struct bb_statement *s)
{
	const char **values = bb_alloc(arena, s->count * sizeof *values);
	int *lengths = bb_alloc(arena, s->count * sizeof *lengths);
	int *formats = bb_alloc(arena, s->count * sizeof *formats);
	for (uint32_t i = 0; i < s->count; i++) {
		values[i] = as_text(&s->params[i], arena);
		lengths[i] = (int)s->params[i].len;
		formats[i] = s->params[i].type == BB_BLOB;
	}
	return PQsendQueryPrepared(conn, name, (int)s->count, values, lengths, formats, 0);
}

static bool prepare(struct lane *l, struct job *j, uint32_t id, struct row row)
{
	const struct query *q = &l->engine->queries[id];
	uint8_t *state = &l->prepared[id];
	if (*state != UNPREPARED)
		return true;
	if (!PQsendPrepare(l->conn, q->name, q->sql, (int)q->type_count, q->types))
		return false;
	*state = ASKED;
	expect(j, ANSWER_PREPARE, id, row);
	return true;
}

bool pipeline_send_statement(struct lane *l, struct job *j, struct row row)
{
	const struct bb_statement *s = row.statement;
	uint32_t id = l->reads ? variants_find(l->engine, s) : s->query->id;
	if (!prepare(l, j, id, row))
		return false;
	expect(j, ANSWER_STATEMENT, id, row);
	return send_statement(l->conn, l->engine->queries[id].name, row.unit->arena, s);
}

bool pipeline_send_rows(struct lane *l, struct job *j, const struct query *q, struct rows rows,
			const char *const *values, const int *lengths)
{
	uint32_t id = (uint32_t)(q - l->engine->queries);
	int *formats = bb_alloc(j->units->arena, q->type_count * sizeof *formats);
	for (uint32_t i = 0; i < q->type_count; i++)
		formats[i] = 1;
	if (!prepare(l, j, id, no_row))
		return false;
	expect(j, ANSWER_STATEMENT, id, no_row)->rows = rows;
	return PQsendQueryPrepared(l->conn, q->name, (int)q->type_count, values, lengths, formats,
				   0);
}

static bool send_plain(struct lane *l, struct job *j, const char *sql, enum answer_kind kind)
{
	expect(j, kind, 0, (struct row){j->units, NULL});
	return PQsendQueryParams(l->conn, sql, 0, NULL, NULL, NULL, NULL, 0);
}

static bool send_units(struct lane *l, struct job *j)
{
	for (struct bb_storage_unit *u = j->units; u; u = u->next)
		for (struct bb_statement *s = u->first; s; s = s->next)
			if ((l->reads || !many_takes(l->engine, j, u)) &&
			    !pipeline_send_statement(l, j, (struct row){u, s}))
				return false;
	return true;
}

bool pipeline_send(struct lane *l, struct job *j)
{
	uint32_t most = 2 * count_statements(j->units) + 2;
	j->answers = bb_alloc(j->units->arena, most * sizeof *j->answers);
	if (l->reads)
		return send_units(l, j) && PQpipelineSync(l->conn);
	return send_plain(l, j, "begin", ANSWER_BEGIN) && send_units(l, j) && many_send(l, j) &&
	       send_plain(l, j, "commit", ANSWER_COMMIT) && PQpipelineSync(l->conn);
}

bool pipeline_send_rollback(struct lane *l, struct job *j)
{
	static struct answer rollback;
	j->answers = &rollback;
	return send_plain(l, j, "rollback", ANSWER_ROLLBACK) && PQpipelineSync(l->conn);
}

static void blame(struct lane *l, struct job *j, const struct answer *a, const PGresult *r)
{
	struct fault fault = fault_of(r, l->reads);
	const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	l->stale |= fault.stale;
	j->err = fault.err;
	struct bb_storage_unit *u = a->row.unit;
	if (!u)
		return;
	u->culprit = a->row.statement;
	u->error = bb_strdup(u->arena, text ? text : PQresultErrorMessage(r));
	u->constraint = fault.constraint;
}

/* Not for what may be otherwise next time. */
static bool refuse(struct lane *l, const struct answer *a, const PGresult *r)
{
	const char *why = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	struct fault fault = fault_of(r, l->reads);
	return a->kind == ANSWER_PREPARE && fault.err == -EIO && !fault.stale &&
	       variants_refused(l->engine, a->query, why ? why : "");
}

static void take_result(const struct answer *a, const PGresult *r)
{
	if (a->row.unit)
		result_rows(r, a->row.unit->arena, &a->row.statement->result);
	else
		many_answered(&a->rows, r);
}

void pipeline_answer(struct lane *l, struct job *j, const PGresult *r)
{
	if (j->next_answer == j->count) /* about the connection, not about a statement */
		return;
	const struct answer *a = &j->answers[j->next_answer++];
	ExecStatusType status = PQresultStatus(r);
	bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
	if (a->kind == ANSWER_PREPARE)
		l->prepared[a->query] = ok ? PREPARED : UNPREPARED;
	if (a->kind == ANSWER_STATEMENT && ok)
		take_result(a, r);
	if (a->kind == ANSWER_COMMIT && ok && strcmp(PQcmdStatus((PGresult *)r), "COMMIT") != 0)
		j->err = -EIO;
	if (ok || status == PGRES_PIPELINE_ABORTED)
		return;
	if (refuse(l, a, r))
		j->again = true;
	else
		blame(l, j, a, r);
	if (!a->row.unit && j->units && j->err == -EIO)
		j->again = j->apart = true;
}
