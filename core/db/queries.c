#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "db/internal.h"
#include "db/queries.h"
#include "db/sql.h"

#define MARK "-- name:"
#define WITH "@with "
#define ERROR_SIZE 1024

struct reader {
	struct db *db;
	const char *owner, *path;
	uint32_t line;
	char **ret_error;
};

const struct bb_query *db_query(struct db *db, const char *owner, const char *name)
{
	for (const struct bb_query *q = db->queries; q; q = q->next)
		if (!strcmp(q->name, name) && !strcmp(q->owner, owner))
			return q;
	return NULL;
}

static bool is_mark(const char *line)
{
	return !strncmp(line, MARK, sizeof MARK - 1);
}

static const char *next_line(const char *s)
{
	const char *end = strchrnul(s, '\n');
	return *end ? end + 1 : end;
}

static size_t trimmed(const char *s, const char *end)
{
	while (end > s && (isspace((unsigned char)end[-1]) || end[-1] == ';'))
		end--;
	return (size_t)(end - s);
}

static bool is_name(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!islower((unsigned char)s[i]) && !isdigit((unsigned char)s[i]) && s[i] != '_')
			return false;
	return len > 0;
}

bool db_query_is_absent(const struct db *db, const char *owner, const char *name)
{
	for (const struct bb_query *q = db->absent; q; q = q->next)
		if (!strcmp(q->name, name) && !strcmp(q->owner, owner))
			return true;
	return false;
}

static int add_query(struct reader *r, const char *name, size_t len, const char *with,
		     const char *sql, size_t sql_len)
{
	struct db *db = r->db;
	struct bb_query *q = bb_zalloc(db->arena, sizeof *q);
	q->owner = r->owner;
	q->name = bb_strndup(db->arena, name, len);
	q->with = with;
	q->path = r->path;
	q->line = r->line;
	if (!sql_len)
		return error_set(r->ret_error, "%s:%u: query %s is empty", r->path, r->line,
				 q->name);
	const struct bb_query *other = db_query(db, r->owner, q->name);
	if (other)
		return error_set(r->ret_error, "%s:%u: query %s stands in line %u already", r->path,
				 r->line, q->name, other->line);
	q->pub.name = arena_printf(db->arena, "%s/%s", r->owner, q->name);
	q->pub.sql = bb_strndup(db->arena, sql, sql_len);
	q->parameters = sql_parameters(q->pub.sql);
	*db->queries_end = q;
	db->queries_end = &q->next;
	return 0;
}

/* What stands behind a query's name: "", "@dialect" or "@with owner". False: for another engine. */
static bool is_ours(const struct reader *r, const char *whom, const char **ret_with)
{
	*ret_with = NULL;
	if (!strncmp(whom, WITH, sizeof WITH - 1))
		*ret_with = whom + sizeof WITH - 1;
	return !*whom || *ret_with || !strcmp(whom + 1, r->db->engine->dialect);
}

static bool is_whom(const char *whom)
{
	size_t with = sizeof WITH - 1;
	if (!strncmp(whom, WITH, with))
		return is_name(whom + with, strlen(whom + with));
	return !*whom || (*whom == '@' && sql_knows(whom + 1));
}

/* `s` is at a line `-- name: x` with what is_ours() reads; its SQL ends at `end`. */
static int read_query(struct reader *r, const char *s, const char *end)
{
	const char *sql = next_line(s), *with;
	const char *name = s + sizeof MARK - 1;
	name += strspn(name, " \t");
	size_t len = strcspn(name, " \t\r\n");
	const char *whom = name + len;
	whom += strspn(whom, " \t");
	whom = bb_strndup(r->db->arena, whom, trimmed(whom, sql));
	if (!is_name(name, len) || !is_whom(whom))
		return error_set(r->ret_error,
				 "%s:%u: \"%.*s\" is not '-- name: x', '-- name: x @dialect' "
				 "(postgres, sqlite) or '-- name: x @with plugin'",
				 r->path, r->line, (int)trimmed(s, sql), s);
	return is_ours(r, whom, &with) ? add_query(r, name, len, with, sql, trimmed(sql, end)) : 0;
}

static int skip_head(struct reader *r, const char **s)
{
	for (; **s && !is_mark(*s); *s = next_line(*s), r->line++) {
		const char *text = *s + strspn(*s, " \t\r\n");
		if (text < next_line(*s) && strncmp(text, "--", 2) != 0)
			return error_set(r->ret_error,
					 "%s:%u: SQL in front of the first '" MARK "'", r->path,
					 r->line);
	}
	return 0;
}

static int read_queries(struct reader *r, const char *s)
{
	int err = skip_head(r, &s);
	while (!err && *s) {
		uint32_t lines = 1;
		const char *end = next_line(s);
		for (; *end && !is_mark(end); end = next_line(end))
			lines++;
		err = read_query(r, s, end);
		r->line += lines;
		s = end;
	}
	return err;
}

int queries_read(struct db *db, const char *owner, const char *path, char **ret_error)
{
	struct buf text = {0}, sql = {0};
	int err = buf_read_file(&text, path);
	if (err == -ENOENT)
		err = 0;
	else if (err)
		error_set(ret_error, "%s: %s", path, strerror(-err));
	if (!err && text.len)
		err = sql_render(path, text.data, db->engine->dialect, &sql, ret_error);
	if (!err && text.len) {
		struct reader r = {db, owner, bb_strdup(db->arena, path), 1, ret_error};
		err = read_queries(&r, sql.data);
	}
	buf_free(&text);
	buf_free(&sql);
	return err;
}

static bool is_owner(const struct db *db, const char *name)
{
	for (const struct migration *m = db->migrations; m; m = m->next)
		if (!strcmp(m->owner, name))
			return true;
	return false;
}

/* Numbers those that are there. */
static void take_queries(struct db *db)
{
	struct bb_query **at = &db->queries, *q;
	db->query_count = 0;
	while ((q = *at)) {
		if (!q->with || is_owner(db, q->with)) {
			q->pub.id = db->query_count++;
			at = &q->next;
		} else {
			*at = q->next;
			q->next = db->absent;
			db->absent = q;
		}
	}
	db->queries_end = at;
}

int db_prepare(struct db *db, char **ret_error)
{
	take_queries(db);
	struct bb_storage_query *all = bb_alloc(db->arena, db->query_count * sizeof *all + 1);
	const struct bb_query *q = db->queries;
	for (uint32_t i = 0; i < db->query_count; i++, q = q->next)
		all[i] = q->pub;
	uint32_t bad = db->query_count;
	char text[ERROR_SIZE] = "";
	int err = db->engine->prepare(db->self, all, db->query_count, &bad, text, sizeof text);
	if (!err)
		return 0;
	for (q = db->queries; q && q->pub.id != bad;)
		q = q->next;
	if (!q)
		return error_set(ret_error, "preparing the queries: %s", text);
	return error_set(ret_error, "%s:%u: query %s: %s", q->path, q->line, q->pub.name, text);
}
