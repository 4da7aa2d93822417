/* What a storage engine (storage_sqlite, storage_postgres) is to the core: the service
 * "storage/1", given by the engine's plugin. Plugins that only use storage do not include this;
 * they use the unit-of-work calls of plugin.h.
 *
 * The core (core/db) owns named queries, units of work, batching, retries and migrations; the
 * engine runs what it is handed. All functions are called on the loop thread; `done` callbacks
 * come back on the loop thread. */
#ifndef BUSBAR_STORAGE_H
#define BUSBAR_STORAGE_H
#include <stdbool.h>
#include <stdint.h>

#include <busbar/arena.h>
#include <busbar/rows.h>

/* A query as the engine sees it: `id` is its index in what was prepared. */
struct bb_storage_query {
	uint32_t id;
	const char *name; /* "ocpp16_core/start_transaction", for messages */
	const char *sql;  /* parameters are $1..$n */
};

/* One statement of a unit. The engine fills `result` (allocated in the unit's arena). */
struct bb_statement {
	const struct bb_storage_query *query;
	uint32_t count;
	const struct bb_val *params; /* texts are NUL-terminated and have no other NUL */
	struct bb_rows result;
	struct bb_statement *next;
};

/* A unit of work as the engine sees it. Its memory belongs to the engine between run() and
 * done(), whatever thread the engine uses. */
struct bb_storage_unit {
	struct bb_arena *arena;
	struct bb_statement *first;
	const struct bb_statement *culprit; /* set by the engine: the statement that failed */
	const char *error;                  /* set by the engine: the database's message */
	bool constraint;                    /* set by the engine: a key or a check refused it */
	struct bb_storage_unit *next;
};

/* Outcome of a batch: 0 = committed as one; -EAGAIN = storage is away, nothing was committed or
 * it is unknown whether it was (units are written so that running them twice is harmless);
 * -EDEADLK = rolled back because of another lane, and may well pass
 * when run again; another -errno = rolled back because of some unit. */
typedef void bb_storage_done_fn(int err, void *arg);

struct bb_storage {
	uint32_t size;
	const char *dialect; /* "sqlite" or "postgres": which @variants of SQL apply */

	/* How many batches may be in flight at once now, and reads beside them. At least 1. */
	uint32_t (*lanes)(void *self);

	/* At start, synchronous. `error` is filled with the engine's message on failure. script:
	 * any number of statements, all in one transaction of their own. prepare: once, after the
	 * migrations; the queries live as long as the engine is used, and `ret_bad` is the index
	 * of the one that failed. */
	int (*script)(void *self, const char *sql, char *error, uint32_t error_size);
	int (*select)(void *self, struct bb_arena *, const char *sql, struct bb_rows *ret,
		      char *error, uint32_t error_size);
	int (*prepare)(void *self, const struct bb_storage_query *queries, uint32_t count,
		       uint32_t *ret_bad, char *error, uint32_t error_size);

	/* Runs the units in one transaction on a free lane, in order, or any that it knows to
	 * come to the same. `done` is told later, never before this has returned, and not at all
	 * if this returns an error. */
	int (*run)(void *self, struct bb_storage_unit *first, bb_storage_done_fn *done, void *arg);
	/* Runs one unit of reading statements outside any transaction of run(); `done` likewise. */
	int (*read)(void *self, struct bb_storage_unit *unit, bb_storage_done_fn *done, void *arg);

	/* Is the database reachable as far as the engine knows? */
	bool (*healthy)(void *self);
};
#endif
