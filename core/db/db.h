/* Storage as the rest of the core and, through plugin.h, plugins see it: named queries, units of
 * work, batches, migrations. The engine is a plugin's service (<busbar/storage.h>). */
#ifndef DB_DB_H
#define DB_DB_H
#include <busbar/plugin.h>
#include <busbar/storage.h>

#include "loop/loop.h"

struct db;

struct db_options {
	uint32_t batch_units; /* at most so many units in one batch */
	uint32_t queue_units; /* at most so many waiting; more are refused with -EAGAIN */
};

struct db *db_new(struct loop *, const struct bb_storage *engine, void *engine_self,
		  const struct db_options *);
/* The engine has stopped by then. What is left ends with -ECANCELED. */
void db_free(struct db *);

/* At start, in the order of the plugins. Adds DIR/<owner>/queries.sql and DIR/<owner>/NNNN_*.sql
 * for the engine's dialect; a missing folder is fine. Errors (malloc'd) name file, line, query. */
int db_add_owner(struct db *, const char *dir, const char *owner, char **ret_error);
/* Applies what is missing, each migration in a transaction; a changed old one is -EINVAL. Recorded
 * in the table `migrations`. */
int db_migrate(struct db *, char **ret_error);
/* Prepares every query; -EINVAL with its name and the engine's message. */
int db_prepare(struct db *, char **ret_error);

/* NULL if the owner has no query of that name. May be asked before db_prepare(). */
const struct bb_query *db_query(struct db *, const char *owner, const char *name);
/* Is it one that stands there for an owner who is not? Known from db_prepare() on. */
bool db_query_is_absent(const struct db *, const char *owner, const char *name);

/* The contracts of plugin.h's begin, add, commit, rollback and read. They return 0 always: what is
 * wrong with a call comes through its callbacks, and none of these runs before the call has
 * returned. `owner` (may be NULL) is what db_cancel() goes by. */
struct bb_unit *db_begin(struct db *, const void *owner);
int db_add(struct bb_unit *, const struct bb_query *, uint32_t n, const struct bb_val *,
	   bb_rows_fn *fn, void *arg);
int db_commit(struct bb_unit *, bb_rows_fn *fn, void *arg);
void db_rollback(struct bb_unit *);
int db_read(struct db *, const void *owner, const struct bb_query *, uint32_t n,
	    const struct bb_val *, bb_rows_fn *fn, void *arg);
/* A function to run after the unit has committed (topics, tasks); not run if it fails. */
void db_on_commit(struct bb_unit *, bb_fn *fn, void *arg);
/* The unit's arena: what db_on_commit() needs may live there. */
struct bb_arena *db_arena(struct bb_unit *);

/* Calls the callbacks of all that this owner has committed or is reading with -ECANCELED now; they
 * will not be called again. The units themselves go on. */
void db_cancel(struct db *, const void *owner);

/* Nothing is queued or in flight. */
bool db_idle(const struct db *);
/* `fn` once that is so. At stop: everything received is committed first. */
void db_drain(struct db *, bb_fn *fn, void *arg);
bool db_healthy(const struct db *);
const char *db_dialect(const struct db *);
#endif
