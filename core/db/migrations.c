#include "db/migrations.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "db/internal.h"
#include "db/sql.h"

#define ERROR_SIZE 1024
#define NUMBER_DIGITS 4

static const char table_sql[] =
    "create table if not exists migrations (owner text not null, number integer not null, "
    "name text not null, checksum text not null, applied_at {{time}} not null, "
    "primary key (owner, number))";
static const char applied_sql[] =
    "select owner, number, name, checksum from migrations order by owner, number";

enum { OWNER, NUMBER, NAME, CHECKSUM };

/* FNV-1a: it has to notice an edit, not an enemy. */
static void checksum(const char *s, char out[17])
{
	uint64_t h = 0xcbf29ce484222325u;
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	snprintf(out, 17, "%016llx", (unsigned long long)h);
}

static bool is_migration(const char *file)
{
	for (int i = 0; i < NUMBER_DIGITS; i++)
		if (!isdigit((unsigned char)file[i]))
			return false;
	size_t len = strlen(file);
	return file[NUMBER_DIGITS] == '_' && len > 4 && !strcmp(file + len - 4, ".sql");
}

static int is_sql(const struct dirent *e)
{
	size_t len = strlen(e->d_name);
	return len > 4 && !strcmp(e->d_name + len - 4, ".sql") &&
	       strcmp(e->d_name, "queries.sql") != 0;
}

static int add_migration(struct db *db, const char *owner, const char *path, const char *file,
			 const char *sql, char **ret_error)
{
	int64_t number = strtol(file, NULL, 10);
	for (struct migration *m = db->migrations; m; m = m->next)
		if (m->number == number && !strcmp(m->owner, owner))
			return error_set(ret_error, "%s: number %d is taken by %s.sql", path,
					 (int)number, m->name);
	struct migration *m = bb_zalloc(db->arena, sizeof *m);
	m->owner = owner;
	m->number = number;
	m->name = bb_strndup(db->arena, file, strlen(file) - 4);
	m->path = bb_strdup(db->arena, path);
	m->sql = bb_strdup(db->arena, sql);
	checksum(sql, m->checksum);
	*db->migrations_end = m;
	db->migrations_end = &m->next;
	return 0;
}

static int read_file(struct db *db, const char *owner, const char *dir, const char *file,
		     char **ret_error)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", dir, file);
	if (!is_migration(file))
		return error_set(ret_error, "%s: neither queries.sql nor a migration NNNN_x.sql",
				 path);
	struct buf text = {0}, sql = {0};
	int err = buf_read_file(&text, path);
	if (err)
		error_set(ret_error, "%s: %s", path, strerror(-err));
	else
		err = sql_render(path, text.data ? text.data : "", db->engine->dialect, &sql,
				 ret_error);
	if (!err)
		err = add_migration(db, owner, path, file, sql.data, ret_error);
	buf_free(&text);
	buf_free(&sql);
	return err;
}

int migrations_read(struct db *db, const char *owner, const char *path, char **ret_error)
{
	struct dirent **files;
	int n = scandir(path, &files, is_sql, alphasort);
	if (n < 0)
		return errno == ENOENT ? 0 : error_set(ret_error, "%s: %s", path, strerror(errno));
	int err = 0;
	for (int i = 0; i < n; i++) {
		if (!err)
			err = read_file(db, owner, path, files[i]->d_name, ret_error);
		free(files[i]);
	}
	free(files);
	return err;
}

static int run_script(struct db *db, const char *sql, const char *what, char **ret_error)
{
	char text[ERROR_SIZE] = "";
	int err = db->engine->script(db->self, sql, text, sizeof text);
	if (err)
		error_set(ret_error, "%s: %s", what, text);
	return err;
}

static int read_applied(struct db *db, struct bb_arena *arena, struct bb_rows *ret,
			char **ret_error)
{
	char text[ERROR_SIZE] = "";
	int err = db->engine->select(db->self, arena, applied_sql, ret, text, sizeof text);
	if (err)
		error_set(ret_error, "table migrations: %s", text);
	return err;
}

static int make_table(struct db *db, char **ret_error)
{
	struct buf sql = {0};
	int err = sql_render("migrations", table_sql, db->engine->dialect, &sql, ret_error);
	if (!err)
		err = run_script(db, sql.data, "table migrations", ret_error);
	buf_free(&sql);
	return err;
}

/* Its text, and the row that says it was applied. */
static void add_sql(struct buf *out, const struct migration *m)
{
	char now[CLOCK_TEXT_SIZE], number[24];
	clock_format(clock_now_ms(), now);
	snprintf(number, sizeof number, "%lld", (long long)m->number);
	const char *const values[] = {m->owner, number, m->name, m->checksum, now};
	buf_add_str(out, m->sql);
	buf_add_str(out, "\n;insert into migrations values (");
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		buf_add_str(out, i ? ", " : "");
		sql_quote(out, values[i]);
	}
	buf_add_str(out, ");");
}

static const char *applied_checksum(const struct bb_rows *applied, const struct migration *m)
{
	for (uint32_t i = 0; i < applied->rows; i++)
		if (bb_cell_int(applied, i, NUMBER, -1) == m->number &&
		    !strcmp(bb_cell_text(applied, i, OWNER), m->owner))
			return bb_cell_text(applied, i, CHECKSUM);
	return NULL;
}

/* Another node may be starting on the same database: whoever comes second fails on what the first
 * has made, and finds it recorded. */
static bool applied_meanwhile(struct db *db, const struct migration *m)
{
	struct bb_arena *arena = arena_new(0);
	struct bb_rows applied;
	char *ignored = NULL;
	const char *sum = NULL;
	if (!read_applied(db, arena, &applied, &ignored))
		sum = applied_checksum(&applied, m);
	bool same = sum && !strcmp(sum, m->checksum);
	free(ignored);
	arena_free(arena);
	return same;
}

static int apply(struct db *db, const struct migration *m, char **ret_error)
{
	struct buf sql = {0};
	char *error = NULL;
	add_sql(&sql, m);
	int err = run_script(db, sql.data, m->path, &error);
	buf_free(&sql);
	if (err && !applied_meanwhile(db, m)) {
		*ret_error = error;
		return err;
	}
	if (!err)
		log_line(BB_INFO, "storage", "applied migration %s/%s", m->owner, m->name);
	free(error);
	return 0;
}

static int check_or_apply(struct db *db, const struct bb_rows *applied, const struct migration *m,
			  char **ret_error)
{
	const char *sum = applied_checksum(applied, m);
	if (!sum)
		return apply(db, m, ret_error);
	if (strcmp(sum, m->checksum) != 0)
		return error_set(ret_error,
				 "%s: migration %s/%s was applied in another form (checksum %s, "
				 "now %s); write a new migration instead",
				 m->path, m->owner, m->name, sum, m->checksum);
	return 0;
}

/* An owner whose folder lacks what was applied is older than its tables. */
static int check_newer(struct db *db, const struct bb_rows *applied, char **ret_error)
{
	for (uint32_t i = 0; i < applied->rows; i++) {
		const char *owner = bb_cell_text(applied, i, OWNER);
		bool known = false, here = false;
		for (struct migration *m = db->migrations; m; m = m->next)
			if (!strcmp(m->owner, owner)) {
				known = true;
				here |= m->number == bb_cell_int(applied, i, NUMBER, -1);
			}
		if (known && !here)
			return error_set(ret_error,
					 "migration %s/%s was applied, but is not among the files: "
					 "the database is of a newer version",
					 owner, bb_cell_text(applied, i, NAME));
	}
	return 0;
}

int db_migrate(struct db *db, char **ret_error)
{
	struct bb_arena *arena = arena_new(0);
	struct bb_rows applied;
	int err = make_table(db, ret_error);
	if (!err)
		err = read_applied(db, arena, &applied, ret_error);
	if (!err)
		err = check_newer(db, &applied, ret_error);
	for (struct migration *m = db->migrations; m && !err; m = m->next)
		err = check_or_apply(db, &applied, m, ret_error);
	arena_free(arena);
	return err;
}
