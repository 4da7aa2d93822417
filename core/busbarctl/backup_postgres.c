/* Backups of PostgreSQL: archives of pg_dump, which its own programs write and read. */
#include "busbarctl/backup.h"

#include <errno.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "busbarctl/child.h"
#include "busbarctl/progress.h"

#define PIECE 65536

static int refuse(const char *why)
{
	ctl_complain("%s", why);
	return CTL_REFUSED;
}

/* Programs find the database by libpq's own variables: nothing of the URL, which may have a
 * password, is on a command line. */
static int tell_where(const char *url)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);
	if (!options)
		return refuse("storage_postgres.url is none that libpq reads");
	for (PQconninfoOption *o = options; o->keyword; o++)
		if (o->val && o->envvar)
			setenv(o->envvar, o->val, 1);
	PQconninfoFree(options);
	return CTL_OK;
}

static char *word(const char *text)
{
	return (char *)text; /* as execvp() wants them */
}

static int ended(const char *program, int status)
{
	if (!status)
		return CTL_OK;
	if (status == 127)
		ctl_complain("%s is needed: install postgresql-client", program);
	else
		ctl_complain("%s has failed", program);
	return CTL_REFUSED;
}

static int run(struct ctl *ctl, char *const *argv, unsigned wanted, const char **ret_output)
{
	return ended(argv[0], child_run(ctl, argv, wanted, ret_output));
}

static int copy(struct ctl *ctl, const struct storage *s, const char *path)
{
	char *argv[] = {word("pg_dump"),
			word("--format=custom"),
			word("--no-password"),
			word("--file"),
			word(path),
			NULL};
	struct child dump;
	if (tell_where(s->url) || !child_start(&dump, argv, 0))
		return CTL_REFUSED;
	struct progress p = progress_begin(ctl, "copying", true, 0);
	while (child_works(&dump))
		progress_of_file(&p, path);
	progress_end(&p);
	return ended(argv[0], child_wait(&dump));
}

/* "core\t1\t0001_core\t3d80485a112f6100\t2026-..." */
static bool put_migration(struct ctl *ctl, struct bb_builder *list, const char *line)
{
	static const char *const names[] = {"owner", "number", "name", "checksum"};
	struct bb_builder b = bb_build(ctl->arena);
	for (size_t i = 0; i < 4; i++) {
		size_t len = strcspn(line, "\t\n");
		if (line[len] != '\t')
			return false;
		const char *text = bb_strndup(ctl->arena, line, len);
		if (i == 1)
			bb_put_int(&b, names[i], strtoll(text, NULL, 10));
		else
			bb_put_str(&b, names[i], text);
		line += len + 1;
	}
	bb_push(list, *bb_build_object(&b));
	return true;
}

/* Out of what the table's rows are restored by; NULL: it is not there. */
static const struct bb_json *migrations_in(struct ctl *ctl, const char *script)
{
	struct bb_builder list = bb_build(ctl->arena);
	const char *line = strstr(script, "\nCOPY ");
	while (line && (line = strchr(line + 1, '\n')) && line[1] != '\\')
		if (!put_migration(ctl, &list, line + 1))
			return NULL;
	return line ? bb_build_array(&list) : NULL;
}

/* Reading all of the archive is the proof that it can be. */
static int check(struct ctl *ctl, const char *path, const struct bb_json **ret_migrations)
{
	const char *script = "";
	char *all[] = {word("pg_restore"), word("--file=-"), word(path), NULL};
	char *one[] = {word("pg_restore"), word("--data-only"), word("--table=migrations"),
		       word("--file=-"),   word(path),          NULL};
	int status = run(ctl, all, 0, NULL);
	if (!status)
		status = run(ctl, one, CHILD_OUT, &script);
	*ret_migrations = status ? NULL : migrations_in(ctl, script);
	if (!status && !*ret_migrations)
		return refuse("the copy has no table of migrations: it is no database of Busbar");
	return status;
}

static const struct bb_json *rows_of(struct ctl *ctl, const PGresult *r)
{
	struct bb_builder all = bb_build(ctl->arena);
	for (int i = 0; i < PQntuples(r); i++) {
		struct bb_builder row = bb_build(ctl->arena);
		for (int c = 0; c < PQnfields(r); c++)
			bb_push(&row, bb_json_make_str(bb_strdup(ctl->arena, PQgetvalue(r, i, c))));
		bb_push(&all, *bb_build_array(&row));
	}
	return bb_build_array(&all);
}

static const struct bb_json *query(struct ctl *ctl, const struct storage *s, const char *sql,
				   const char **ret_error)
{
	PGconn *conn = PQconnectdb(s->url);
	bool there = PQstatus(conn) == CONNECTION_OK;
	PGresult *r = there ? PQexec(conn, sql) : NULL;
	const struct bb_json *rows = PQresultStatus(r) == PGRES_TUPLES_OK ? rows_of(ctl, r) : NULL;
	const char *why = PQerrorMessage(conn);
	*ret_error = bb_strndup(ctl->arena, why, strcspn(why, "\n"));
	PQclear(r);
	PQfinish(conn);
	return rows;
}

/* The answer's one number; -1: the query failed. */
static long long number(PGconn *conn, const char *sql)
{
	PGresult *r = PQexec(conn, sql);
	long long n = PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1
			  ? strtoll(PQgetvalue(r, 0, 0), NULL, 10)
			  : -1;
	PQclear(r);
	return n;
}

static int look_at(PGconn *conn, bool *ret_used)
{
	long long tables = number(conn, "select count(*) from pg_class where relnamespace = "
					"current_schema()::regnamespace and relkind in ('r', 'p')");
	long long others = number(conn, "select count(*) from pg_stat_activity where datname = "
					"current_database() and pid <> pg_backend_pid() and "
					"backend_type = 'client backend'");
	if (tables < 0 || others < 0) {
		ctl_complain("PostgreSQL: %s", PQerrorMessage(conn));
		return CTL_REFUSED;
	}
	*ret_used = tables > 0;
	if (!others)
		return CTL_OK;
	ctl_complain("the database has %lld other connections; stop busbard, on all nodes, and "
		     "whatever else uses it",
		     others);
	return CTL_REFUSED;
}

static int look(struct ctl *ctl, const struct storage *s, bool *ret_used)
{
	(void)ctl;
	PGconn *conn = PQconnectdb(s->url);
	int status = CTL_REFUSED;
	if (PQstatus(conn) == CONNECTION_OK)
		status = look_at(conn, ret_used);
	else
		ctl_complain("PostgreSQL: %s", PQerrorMessage(conn));
	PQfinish(conn);
	return status;
}

static bool say(const struct child *psql, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(psql->in, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

/* All that pg_restore says, to psql. */
static bool hand_on(struct ctl *ctl, const struct child *from, const struct child *to)
{
	struct progress p = progress_begin(ctl, "restoring", true, 0);
	char piece[PIECE];
	ssize_t n;
	int64_t done = 0;
	while ((n = read(from->out, piece, sizeof piece)) > 0 && say(to, piece, (size_t)n))
		progress_at(&p, done += n);
	progress_end(&p);
	return !n;
}

/* In one transaction: what is there goes, the copy comes. Only when pg_restore has said all, and
 * well, it is committed; else psql's connection ends, and with it the transaction. */
static int fill(struct ctl *ctl, const char *path, const struct child *psql)
{
	static const char begin[] = "begin;\n", commit[] = "\ncommit;\n";
	char *argv[] = {word("pg_restore"),
			word("--no-owner"),
			word("--no-privileges"),
			word("--no-comments"),
			word("--file=-"),
			word(path),
			NULL};
	struct child restore;
	size_t len;
	const char *script = ctl_installed(ctl, "share/busbar/restore/empty_postgres.sql");
	const char *empty = script ? ctl_file(ctl, script, &len) : NULL;
	if (!empty || !child_start(&restore, argv, CHILD_OUT))
		return CTL_REFUSED;
	bool ok = say(psql, begin, sizeof begin - 1) && say(psql, empty, len) &&
		  hand_on(ctl, &restore, psql);
	ok = !child_wait(&restore) && ok;
	ok = ok && say(psql, commit, sizeof commit - 1);
	return ok ? CTL_OK : CTL_REFUSED;
}

static int put(struct ctl *ctl, const char *path)
{
	char *argv[] = {word("psql"),
			word("--no-psqlrc"),
			word("--quiet"),
			word("--no-password"),
			word("--set"),
			word("ON_ERROR_STOP=1"),
			NULL};
	struct child psql;
	signal(SIGPIPE, SIG_IGN);
	if (!child_start(&psql, argv, CHILD_IN))
		return CTL_REFUSED;
	int status = fill(ctl, path, &psql);
	int ended = child_wait(&psql);
	if (!status && !ended)
		return CTL_OK;
	return refuse("nothing was restored; the database is as it was");
}

static const char *temporary_folder(struct ctl *ctl)
{
	const char *folder = getenv("TMPDIR");
	return arena_printf(ctl->arena, "%s/x", folder && *folder ? folder : "/var/tmp");
}

static int replace(struct ctl *ctl, const struct storage *s, const char *archive,
		   const char **ret_kept)
{
	struct manifest m;
	const struct bb_json *migrations;
	*ret_kept = NULL;
	const char *path = scratch_new(ctl, temporary_folder(ctl));
	if (!path)
		return CTL_REFUSED;
	int status = archive_read(ctl, archive, path, &m);
	if (!status)
		status = check(ctl, path, &migrations);
	if (!status)
		status = tell_where(s->url);
	if (!status)
		status = put(ctl, path);
	scratch_drop(path);
	return status;
}

const struct backup_engine backup_postgres = {"postgres", "busbar.pgdump", copy, check, query,
					      look,       replace};
