#include "db/db.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/stats.h"
#include "db/internal.h"
#include "db/migrations.h"
#include "db/queries.h"
#include "db/sql.h"

struct db *db_new(struct loop *loop, const struct bb_storage *engine, void *self,
		  const struct db_options *options)
{
	struct db *db = mem_zalloc(sizeof *db);
	db->loop = loop;
	db->engine = engine;
	db->self = self;
	db->options = *options;
	db->arena = arena_new(0);
	db->queries_end = &db->queries;
	db->migrations_end = &db->migrations;
	db->pending_end = &db->pending;
	unit_list_init(&db->queued);
	unit_list_init(&db->settled);
	db_counts_begin(db);
	return db;
}

static void free_spare(struct db *db)
{
	while (db->spare) {
		struct bb_unit *u = db->spare;
		db->spare = u->next_pending;
		unit_free(u);
	}
}

void db_free(struct db *db)
{
	if (!db)
		return;
	stats_forget(db);
	while (db->pending)
		unit_end(db->pending, -ECANCELED);
	free_spare(db);
	while (db->batches) {
		struct batch *b = db->batches;
		db->batches = b->next;
		free(b);
	}
	while (db->drains) {
		struct drain *d = db->drains;
		db->drains = d->next;
		free(d);
	}
	arena_free(db->arena);
	db->gone = true;
	if (!db->flush_due)
		free(db);
}

int db_add_owner(struct db *db, const char *dir, const char *owner, char **ret_error)
{
	char path[4096];
	if (!sql_knows(db->engine->dialect))
		return error_set(ret_error, "nobody knows the dialect %s of this storage engine",
				 db->engine->dialect);
	owner = bb_strdup(db->arena, owner);
	snprintf(path, sizeof path, "%s/%s", dir, owner);
	int err = migrations_read(db, owner, path, ret_error);
	if (err)
		return err;
	snprintf(path, sizeof path, "%s/%s/queries.sql", dir, owner);
	return queries_read(db, owner, path, ret_error);
}

bool db_idle(const struct db *db)
{
	return !db->pending;
}

bool db_healthy(const struct db *db)
{
	return db->engine->healthy(db->self);
}

const char *db_dialect(const struct db *db)
{
	return db->engine->dialect;
}
