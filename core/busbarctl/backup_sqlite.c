/* Backups of SQLite: its own copy of the file, which works beside a server. */
#include "busbarctl/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "busbarctl/progress.h"

#define STEPS 10000 /* of SQLite's machine, between two looks */

static int fail(const char *path, sqlite3 *db, int rc)
{
	ctl_complain("%s: %s", path, db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
	return CTL_REFUSED;
}

static int refuse(const char *path, const char *why)
{
	ctl_complain("%s: %s", path, why);
	return CTL_REFUSED;
}

/* NULL: printed why not. */
static sqlite3 *open_db(const char *path, int flags, int64_t busy_ms)
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(path, &db, flags, NULL);
	if (rc) {
		fail(path, db, rc);
		sqlite3_close(db);
		return NULL;
	}
	sqlite3_busy_timeout(db, (int)busy_ms);
	return db;
}

struct copying {
	struct progress progress;
	const char *path;
};

static int on_steps(void *arg)
{
	struct copying *c = arg;
	progress_of_file(&c->progress, c->path);
	return 0;
}

static int copy(struct ctl *ctl, const struct storage *s, const char *path)
{
	struct stat st;
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = open_db(s->path, SQLITE_OPEN_READWRITE, s->busy_ms);
	if (!db)
		return CTL_REFUSED;
	struct copying c = {
	    progress_begin(ctl, "copying", true, stat(s->path, &st) ? 0 : st.st_size), path};
	sqlite3_progress_handler(db, STEPS, on_steps, &c);
	int rc = sqlite3_prepare_v2(db, "vacuum into ?", -1, &stmt, NULL);
	if (!rc)
		rc = sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC);
	if (!rc)
		rc = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	progress_end(&c.progress);
	int status = rc == SQLITE_DONE ? CTL_OK : fail(s->path, db, rc);
	sqlite3_close(db);
	return status;
}

static const struct bb_json *read_migrations(struct ctl *ctl, sqlite3 *db)
{
	static const char *const names[] = {"owner", "number", "name", "checksum"};
	struct bb_builder list = bb_build(ctl->arena);
	sqlite3_stmt *s = NULL;
	if (sqlite3_prepare_v2(db,
			       "select owner, number, name, checksum from migrations order by "
			       "owner, number",
			       -1, &s, NULL))
		return NULL;
	while (sqlite3_step(s) == SQLITE_ROW) {
		struct bb_builder b = bb_build(ctl->arena);
		for (int c = 0; c < 4; c++)
			if (sqlite3_column_type(s, c) == SQLITE_INTEGER)
				bb_put_int(&b, names[c], sqlite3_column_int64(s, c));
			else
				bb_put_str(
				    &b, names[c],
				    bb_strdup(ctl->arena, (const char *)sqlite3_column_text(s, c)));
		bb_push(&list, *bb_build_object(&b));
	}
	sqlite3_finalize(s);
	return bb_build_array(&list);
}

static bool is_sound(sqlite3 *db)
{
	sqlite3_stmt *s = NULL;
	bool ok = !sqlite3_prepare_v2(db, "pragma integrity_check(1)", -1, &s, NULL) &&
		  sqlite3_step(s) == SQLITE_ROW &&
		  !strcmp((const char *)sqlite3_column_text(s, 0), "ok");
	sqlite3_finalize(s);
	return ok;
}

static int check(struct ctl *ctl, const char *path, const struct bb_json **ret_migrations)
{
	/* Immutable, so that it makes no files beside it. */
	sqlite3 *db = open_db(
	    arena_printf(ctl->arena, "file:%s?immutable=1", bb_url_encoded(ctl->arena, path)),
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, 0);
	if (!db)
		return CTL_REFUSED;
	int status = is_sound(db) ? CTL_OK : refuse(path, "the copy of the database is damaged");
	*ret_migrations = status ? NULL : read_migrations(ctl, db);
	sqlite3_close(db);
	if (!status && !*ret_migrations)
		status = refuse(path, "the copy has no table of migrations: it is no database of "
				      "Busbar");
	return status;
}

static const struct bb_json *query(struct ctl *ctl, const struct storage *st, const char *sql,
				   const char **ret_error)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	struct bb_builder all = bb_build(ctl->arena);
	int rc = sqlite3_open_v2(st->path, &db, SQLITE_OPEN_READWRITE, NULL);
	sqlite3_busy_timeout(db, (int)st->busy_ms);
	rc = rc ? rc : sqlite3_prepare_v2(db, sql, -1, &s, NULL);
	while (!rc && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		struct bb_builder row = bb_build(ctl->arena);
		for (int c = 0; c < sqlite3_column_count(s); c++) {
			const char *text = (const char *)sqlite3_column_text(s, c);
			bb_push(&row, bb_json_make_str(bb_strdup(ctl->arena, text ? text : "")));
		}
		bb_push(&all, *bb_build_array(&row));
		rc = 0;
	}
	*ret_error = bb_strdup(ctl->arena, db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
	sqlite3_finalize(s);
	sqlite3_close(db);
	return rc == SQLITE_DONE ? bb_build_array(&all) : NULL;
}

/* Whoever has the database open holds a lock on these bytes of it as long (SQLite's file format,
 * "shared lock"); the process, 0: nobody. */
static pid_t user_of(const char *path)
{
	struct flock lock = {.l_type = F_WRLCK, .l_start = 0x40000002, .l_len = 510};
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return 0;
	bool held = !fcntl(fd, F_GETLK, &lock) && lock.l_type != F_UNLCK;
	close(fd);
	return held ? lock.l_pid : 0;
}

static int look(struct ctl *ctl, const struct storage *s, bool *ret_used)
{
	struct stat st;
	(void)ctl;
	*ret_used = false;
	if (stat(s->path, &st))
		return errno == ENOENT ? CTL_OK : refuse(s->path, strerror(errno));
	*ret_used = st.st_size > 0;
	pid_t pid = user_of(s->path);
	if (!pid)
		return CTL_OK;
	ctl_complain("%s: process %d has it open; stop busbard first", s->path, (int)pid);
	return CTL_REFUSED;
}

static bool is_there(const char *path)
{
	return !access(path, F_OK);
}

/* The log of the old database must not be taken for one of the new: it is worked in, or, where that
 * cannot be done, moved away with the database. */
static int settle_log(struct ctl *ctl, const char *path, const char *kept)
{
	sqlite3 *db = NULL;
	const char *log = arena_printf(ctl->arena, "%s-wal", path);
	if (!sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL))
		sqlite3_exec(db, "pragma wal_checkpoint(truncate)", NULL, NULL, NULL);
	sqlite3_close(db);
	if (is_there(log) && rename(log, arena_printf(ctl->arena, "%s-wal", kept)))
		return refuse(log, strerror(errno));
	unlink(arena_printf(ctl->arena, "%s-shm", path));
	return CTL_OK;
}

/* The old one has a second name before the new one takes its first. */
static int keep_old(struct ctl *ctl, const char *path, const char **ret_kept)
{
	char now[CLOCK_TEXT_SIZE];
	clock_format_seconds(clock_now_ms(), now);
	const char *kept = arena_printf(ctl->arena, "%s.before-%s", path, now);
	int status = settle_log(ctl, path, kept);
	if (!status && link(path, kept))
		status = refuse(kept, strerror(errno));
	if (!status)
		*ret_kept = kept;
	return status;
}

/* The server's user owns the database, or the folder that it is in; whoever restores may be root.
 */
static void take_owner(struct ctl *ctl, const char *path, const char *copy_path)
{
	struct stat st;
	bool there = !stat(path, &st);
	if (!there && stat(folder_of(ctl, path), &st))
		return;
	if (geteuid() == 0 && chown(copy_path, st.st_uid, st.st_gid))
		ctl_complain("%s: %s; give it to the user that busbard runs as", path,
			     strerror(errno));
	if (there)
		chmod(copy_path, st.st_mode & 0777);
}

static int replace(struct ctl *ctl, const struct storage *s, const char *archive,
		   const char **ret_kept)
{
	struct manifest m;
	const struct bb_json *migrations;
	const char *path = scratch_new(ctl, s->path);
	*ret_kept = NULL;
	if (!path)
		return CTL_REFUSED;
	int status = archive_read(ctl, archive, path, &m);
	if (!status)
		status = check(ctl, path, &migrations);
	if (!status)
		take_owner(ctl, s->path, path);
	if (!status && is_there(s->path))
		status = keep_old(ctl, s->path, ret_kept);
	if (!status && rename(path, s->path))
		status = refuse(s->path, strerror(errno));
	scratch_drop(path);
	if (!status && !sync_folder_of(ctl, s->path))
		status = refuse(s->path, strerror(errno));
	return status;
}

const struct backup_engine backup_sqlite = {"sqlite", "busbar.sqlite", copy, check, query,
					    look,     replace};
