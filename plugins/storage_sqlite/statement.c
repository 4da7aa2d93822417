#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sqlite.h"

/* SQLite takes $1 for a name, and gives out indexes in the order of appearance. */
static int read_parameters(struct statement *s)
{
	int n = sqlite3_bind_parameter_count(s->stmt);
	s->parameters = (uint32_t)n;
	s->numbers = calloc((size_t)n + 1, sizeof *s->numbers);
	for (int i = 0; s->numbers && i < n; i++) {
		const char *name = sqlite3_bind_parameter_name(s->stmt, i + 1);
		s->numbers[i] = name ? (uint32_t)strtoul(name + 1, NULL, 10) : 0;
		if (!s->numbers[i])
			return SQLITE_MISUSE;
	}
	return s->numbers ? SQLITE_OK : SQLITE_NOMEM;
}

/* Kept, because SQLite's own texts die when it prepares anew. */
static int read_columns(struct statement *s)
{
	int n = sqlite3_column_count(s->stmt);
	s->columns = (uint32_t)n;
	s->names = calloc((size_t)n + 1, sizeof *s->names);
	s->reals = calloc((size_t)n + 1, sizeof *s->reals);
	if (!s->names || !s->reals)
		return SQLITE_NOMEM;
	for (int i = 0; i < n; i++) {
		const char *type = sqlite3_column_decltype(s->stmt, i);
		s->reals[i] = type && !strcasecmp(type, "real");
		if (!(s->names[i] = strdup(sqlite3_column_name(s->stmt, i))))
			return SQLITE_NOMEM;
	}
	return SQLITE_OK;
}

int statement_prepare(sqlite3 *db, const char *sql, struct statement *ret)
{
	struct statement s = {0};
	const char *tail;
	int rc = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s.stmt, &tail);
	if (rc)
		return rc;
	rc = s.stmt ? read_parameters(&s) : SQLITE_MISUSE;
	if (!rc)
		rc = read_columns(&s);
	if (rc) {
		statement_free(&s);
		return rc;
	}
	s.writes = !sqlite3_stmt_readonly(s.stmt);
	*ret = s;
	return 0;
}

void statement_free(struct statement *s)
{
	for (uint32_t i = 0; s->names && i < s->columns; i++)
		free((char *)s->names[i]);
	free(s->names);
	free(s->reals);
	free(s->numbers);
	sqlite3_finalize(s->stmt);
	*s = (struct statement){0};
}

static int bind(sqlite3_stmt *stmt, int i, const struct bb_val *v)
{
	switch (v->type) {
	case BB_I64:
		return sqlite3_bind_int64(stmt, i, v->i);
	case BB_F64:
		return sqlite3_bind_double(stmt, i, v->f);
	case BB_TEXT:
		return sqlite3_bind_text(stmt, i, v->s, (int)v->len, SQLITE_STATIC);
	case BB_BLOB:
		return sqlite3_bind_blob(stmt, i, v->s, (int)v->len, SQLITE_STATIC);
	default:
		return sqlite3_bind_null(stmt, i);
	}
}

/* In RETURNING a whole number of a real column comes as an integer. */
static struct bb_val cell(sqlite3_stmt *stmt, int i, bool real, struct bb_arena *arena)
{
	int type = sqlite3_column_type(stmt, i);
	if (type == SQLITE_INTEGER && !real)
		return bb_i64(sqlite3_column_int64(stmt, i));
	if (type == SQLITE_FLOAT || type == SQLITE_INTEGER)
		return bb_f64(sqlite3_column_double(stmt, i));
	if (type == SQLITE_NULL)
		return bb_null();
	const char *bytes = sqlite3_column_blob(stmt, i);
	uint32_t len = (uint32_t)sqlite3_column_bytes(stmt, i);
	const char *copy = bb_strndup(arena, bytes ? bytes : "", len);
	return type == SQLITE_TEXT ? bb_textn(copy, len) : bb_blob(copy, len);
}

/* Room for one more row. */
static struct bb_val *grow(struct bb_arena *arena, const struct bb_rows *rows, uint32_t *room)
{
	size_t row = rows->columns * sizeof(struct bb_val);
	if (rows->rows < *room)
		return (struct bb_val *)rows->cells;
	*room = *room ? *room * 2 : 1;
	struct bb_val *cells = bb_alloc(arena, *room * row);
	if (rows->rows)
		memcpy(cells, rows->cells, rows->rows * row);
	return cells;
}

static int collect(struct statement *s, struct bb_arena *arena, struct bb_rows *ret)
{
	uint32_t room = 0;
	int rc;
	while ((rc = sqlite3_step(s->stmt)) == SQLITE_ROW) {
		struct bb_val *cells = grow(arena, ret, &room);
		for (uint32_t i = 0; i < s->columns; i++)
			cells[(size_t)ret->rows * s->columns + i] =
			    cell(s->stmt, (int)i, s->reals[i], arena);
		ret->cells = cells;
		ret->rows++;
	}
	return rc == SQLITE_DONE ? 0 : rc;
}

int statement_run(sqlite3 *db, struct statement *s, const struct bb_val *params,
		  struct bb_arena *arena, struct bb_rows *ret)
{
	struct bb_rows rows = {.columns = s->columns, .names = s->names};
	int rc = 0;
	for (uint32_t i = 0; i < s->parameters && !rc; i++)
		rc = bind(s->stmt, (int)i + 1, &params[s->numbers[i] - 1]);
	if (!rc)
		rc = collect(s, arena, &rows);
	if (!rc && s->writes)
		rows.changed = sqlite3_changes64(db);
	if (!rc)
		*ret = rows;
	return rc;
}
