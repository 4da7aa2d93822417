/* The database: reachable, writable, of this version, and on a disk with room that writes fast. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "busbarctl/doctor.h"
#include "busbarctl/progress.h"

#define ROOM_LEAST (INT64_C(256) << 20)
#define ROOM_SOON (INT64_C(2) << 30)
#define SYNCS 9
#define SYNC_SLOW_US 20000
#define QUERY_SLOW_US 10000

/* What the database says, NULL: `d->why`. */
static const struct bb_json *rows(struct doctor *d, const struct storage *s, const char *sql)
{
	const struct backup_engine *e =
	    !strcmp(s->engine, backup_sqlite.name) ? &backup_sqlite : &backup_postgres;
	return e->query(d->ctl, s, sql, &d->why);
}

static const char *cell(const struct bb_json *all, uint32_t row, uint32_t column)
{
	return bb_json_str(bb_json_at(bb_json_at(all, row), column), "");
}

static bool is_known(struct doctor *d, const char *owner, const char *name)
{
	const char *path = ctl_installed(
	    d->ctl, arena_printf(d->ctl->arena, "share/busbar/sql/%s/%s.sql", owner, name));
	return path && !access(path, R_OK);
}

static void check_migrations(struct doctor *d, const struct storage *s)
{
	const struct bb_json *all = rows(d, s, "select owner, name from migrations");
	for (uint32_t i = 0; i < bb_json_count(all); i++) {
		const char *owner = cell(all, i, 0), *name = cell(all, i, 1);
		if (is_known(d, owner, name))
			continue;
		found(d, WRONG, "install the version, with the plugins, that the database is of",
		      "the database is of a newer version: %s/%s is not known here", owner, name);
		return;
	}
	if (all)
		found(d, FINE, NULL, "%u migrations are applied, all of them known here",
		      bb_json_count(all));
	else
		found(d, NOTICE, "is it Busbar's? The first start of busbard makes its tables",
		      "the database has no table of migrations");
}

static void check_room(struct doctor *d, const char *folder)
{
	struct statvfs fs;
	if (statvfs(folder, &fs))
		return;
	int64_t room = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
	enum level level = room < ROOM_LEAST ? WRONG : room < ROOM_SOON ? NOTICE : FINE;
	found(d, level,
	      level ? "make room, or shorten ocpp.log_retention; a backup needs as much again"
		    : NULL,
	      "%s has %s left", folder, bytes_text(d->ctl->arena, room));
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* How long the disk takes to have it for good: a commit takes no less. -1: it cannot be written. */
static int64_t sync_us(struct doctor *d, const char *near)
{
	int64_t took[SYNCS];
	static const char page[4096];
	const char *path = access(folder_of(d->ctl, near), W_OK) ? NULL : scratch_new(d->ctl, near);
	int fd = path ? open(path, O_WRONLY | O_CLOEXEC) : -1;
	bool ok = fd >= 0;
	for (int i = 0; i < SYNCS && ok; i++) {
		int64_t began = clock_mono_us();
		ok = write(fd, page, sizeof page) == (ssize_t)sizeof page && !fdatasync(fd);
		took[i] = clock_mono_us() - began;
	}
	if (fd >= 0)
		close(fd);
	if (path)
		scratch_drop(path);
	if (!ok)
		return -1;
	qsort(took, SYNCS, sizeof *took, by_size);
	return took[SYNCS / 2];
}

static void check_disk(struct doctor *d, const char *near)
{
	const char *folder = folder_of(d->ctl, near);
	if (access(folder, F_OK)) {
		found(d, WRONG, "make it, for the user that busbard runs as; or change the option",
		      "storage_sqlite.path: %s: %s", folder, strerror(errno));
		return;
	}
	check_room(d, folder);
	int64_t us = sync_us(d, near);
	if (us < 0)
		found(d, WRONG, "run this as the user that busbard runs as, who must own it",
		      "%s cannot be written", folder);
	else
		found(d, us > SYNC_SLOW_US ? NOTICE : FINE,
		      us > SYNC_SLOW_US
			  ? "chargers wait for it at each commit: use a local SSD, no network disk"
			  : NULL,
		      "writing to %s for good takes %.1f ms", folder, (double)us / 1000);
}

static void check_sqlite(struct doctor *d, const struct storage *s)
{
	struct stat st;
	check_disk(d, s->path);
	if (stat(s->path, &st)) {
		if (errno == ENOENT && !access(folder_of(d->ctl, s->path), F_OK))
			found(d, FINE, NULL, "%s: busbard makes it at the first start", s->path);
		else if (errno != ENOENT)
			found(d, WRONG, "give it to the user that busbard runs as", "%s: %s",
			      s->path, strerror(errno));
		return;
	}
	if (st.st_mode & 0007)
		found(d, NOTICE, arena_printf(d->ctl->arena, "chmod o= %s*", s->path),
		      "everybody may read %s (%04o)", s->path, (unsigned)st.st_mode & 07777);
	if (access(s->path, W_OK))
		found(d, WRONG, "give it to the user that busbard runs as",
		      "%s cannot be written: %s", s->path, strerror(errno));
	if (rows(d, s, "pragma schema_version"))
		check_migrations(d, s);
	else
		found(d, WRONG, "if it is damaged, restore a backup: busbarctl restore",
		      "%s cannot be read: %s", s->path, d->why);
}

/* Settings of PostgreSQL that must not be so. */
static const struct {
	const char *sql; /* "t": it is so */
	enum level level;
	const char *text, *advice;
} postgres_checks[] = {
    {"select pg_is_in_recovery()", WRONG, "the database is a standby, which cannot be written",
     "name the primary in storage_postgres.url, or several hosts and "
     "target_session_attrs=read-write"},
    {"select current_setting('fsync') = 'off'", WRONG,
     "fsync is off: what was answered is lost when the machine fails",
     "alter system set fsync = on; select pg_reload_conf()"},
    {"select current_setting('full_page_writes') = 'off'", NOTICE, "full_page_writes is off",
     "set it on, unless the file system never tears a page"},
    {"select not has_schema_privilege(current_schema(), 'create')", WRONG,
     "the user may make no tables", "let the user own the database"},
    {"select current_setting('server_version_num')::int < 130000", NOTICE,
     "PostgreSQL is older than 13", "use a version that is maintained"},
    {"select pg_encoding_to_char(encoding) <> 'UTF8' from pg_database where datname = "
     "current_database()",
     WRONG, "the database's encoding is not UTF8", "make it with encoding 'UTF8'"},
};

static void check_connections(struct doctor *d, const struct storage *s)
{
	const struct bb_json *r = rows(d, s,
				       "select current_setting('max_connections')::int - "
				       "current_setting('superuser_reserved_connections')::int");
	long wanted = strtol(option_value(d, "storage_postgres.connections"), NULL, 10) +
		      strtol(option_value(d, "storage_postgres.readers"), NULL, 10);
	long most = strtol(cell(r, 0, 0), NULL, 10);
	if (r && wanted > most)
		found(d, WRONG, "raise max_connections, or lower storage_postgres.connections",
		      "a node wants %ld connections, and PostgreSQL allows %ld", wanted, most);
}

static void check_postgres(struct doctor *d, const struct storage *s)
{
	int64_t began = clock_mono_us();
	const struct bb_json *version = rows(d, s, "select current_setting('server_version')");
	if (!version) {
		found(d, WRONG, "is it up? Is storage_postgres.url right?",
		      "PostgreSQL does not answer: %s", d->why);
		return;
	}
	int64_t us = clock_mono_us() - began;
	found(d, us > 50 * QUERY_SLOW_US ? NOTICE : FINE,
	      us > 50 * QUERY_SLOW_US ? "chargers wait for it; is the network slow?" : NULL,
	      "PostgreSQL %s answers a new connection in %.0f ms", cell(version, 0, 0),
	      (double)us / 1000);
	for (size_t i = 0; i < sizeof postgres_checks / sizeof *postgres_checks; i++)
		if (!strcmp(cell(rows(d, s, postgres_checks[i].sql), 0, 0), "t"))
			found(d, postgres_checks[i].level, postgres_checks[i].advice, "%s",
			      postgres_checks[i].text);
	check_connections(d, s);
	check_migrations(d, s);
}

void check_storage(struct doctor *d)
{
	struct storage s;
	if (!d->values || storage_read(d->ctl, d->ctl->config, &s))
		return;
	if (!strcmp(s.engine, backup_sqlite.name))
		check_sqlite(d, &s);
	else
		check_postgres(d, &s);
}
