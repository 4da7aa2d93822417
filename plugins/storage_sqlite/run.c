#include <errno.h>
#include <string.h>

#include "sqlite.h"

/* Faults of the file, the disk or the machine: no unit is to blame. */
static const int storage_faults[] = {
    SQLITE_FULL,   SQLITE_BUSY,     SQLITE_LOCKED,   SQLITE_IOERR, SQLITE_CORRUPT,
    SQLITE_NOTADB, SQLITE_CANTOPEN, SQLITE_PROTOCOL, SQLITE_NOMEM,
};

static bool is_storage_fault(int rc)
{
	for (size_t i = 0; i < sizeof storage_faults / sizeof *storage_faults; i++)
		if (storage_faults[i] == (rc & 0xff))
			return true;
	return rc == SQLITE_READONLY_DBMOVED || rc == SQLITE_READONLY_DIRECTORY;
}

static int blame(struct connection *c, struct bb_storage_unit *u, const struct bb_statement *s,
		 int rc)
{
	u->culprit = s;
	u->error = bb_strdup(u->arena, sqlite3_errmsg(c->db));
	u->constraint = (rc & 0xff) == SQLITE_CONSTRAINT;
	return is_storage_fault(rc) ? -EAGAIN : -EIO;
}

static int find(struct connection *c, struct bb_statement *s, struct statement **ret)
{
	if (c->reads)
		return variants_find(c, s, ret);
	*ret = &c->statements[s->query->id].plain;
	return (*ret)->stmt ? 0 : statement_prepare(c->db, s->query->sql, *ret);
}

static int run_statement(struct connection *c, struct bb_storage_unit *u, struct bb_statement *s)
{
	struct statement *prepared = NULL;
	int rc = find(c, s, &prepared);
	if (!rc)
		rc = statement_run(c->db, prepared, s->params, u->arena, &s->result);
	int err = rc ? blame(c, u, s, rc) : 0;
	if (prepared)
		sqlite3_reset(prepared->stmt);
	return err;
}

int run_read(struct connection *c, struct bb_storage_unit *u)
{
	int err = 0;
	for (struct bb_statement *s = u->first; s && !err; s = s->next)
		err = run_statement(c, u, s);
	return err;
}

static int exec(struct connection *c, struct bb_storage_unit *u, const char *sql)
{
	int rc = sqlite3_exec(c->db, sql, NULL, NULL, NULL);
	return rc ? blame(c, u, NULL, rc) : 0;
}

int run_batch(struct connection *c, struct bb_storage_unit *first)
{
	int err = exec(c, first, "begin immediate");
	for (struct bb_storage_unit *u = first; u && !err; u = u->next)
		err = run_read(c, u);
	if (!err)
		err = exec(c, first, "commit");
	if (err && !sqlite3_get_autocommit(c->db))
		sqlite3_exec(c->db, "rollback", NULL, NULL, NULL);
	return err;
}

/* It writes a page, as any unit does: a full disk refuses that and nothing less. */
int run_probe(struct connection *c)
{
	int rc = sqlite3_exec(c->db, "pragma user_version = 0", NULL, NULL, NULL);
	return rc ? -EAGAIN : 0;
}
