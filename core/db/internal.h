/* What the files of this module share; nobody else includes this. */
#ifndef DB_INTERNAL_H
#define DB_INTERNAL_H
#include "base/buf.h"
#include "db/db.h"

struct bb_query {
	struct bb_storage_query pub; /* first: the engine's query is ours */
	const char *owner, *name;
	const char *with; /* there only if the owner of that name is; NULL: always */
	const char *path; /* of the file it stands in */
	uint32_t line;
	uint32_t parameters;
	struct bb_query *next;
};

struct migration {
	const char *owner, *name; /* "chargers", "0001_chargers" */
	const char *path, *sql;
	int64_t number;
	char checksum[17];
	struct migration *next;
};

struct step {
	struct bb_statement pub; /* first */
	bb_rows_fn *fn;
	void *arg;
};

struct after {
	struct after *next;
	bb_fn *fn;
	void *arg;
};

/* A unit or a read, with its arena; recycled. */
struct bb_unit {
	struct bb_storage_unit pub; /* first: the engine's unit is ours */
	struct db *db;
	const void *owner;
	struct bb_statement *last;
	struct after *after, **after_end;
	bb_rows_fn *fn;
	void *arg;
	int err; /* of what the caller did wrong, or what refused it */
	bool reads;
	int64_t began_us; /* of a read */
	struct bb_unit *next_pending, **pending_back;
};

struct unit_list {
	struct bb_storage_unit *first, **end;
	uint32_t count;
};

/* One lane's work: what is in flight, and what of a failed batch still has to be tried. */
struct batch {
	struct db *db;
	struct bb_storage_unit *units;
	struct unit_list rest;
	bool narrowed; /* the culprit was set apart already */
	bool alone;    /* the rest is run one by one */
	uint32_t deadlocks;
	int64_t began_us;
	struct batch *next;
};

struct drain {
	bb_fn *fn;
	void *arg;
	struct drain *next;
};

enum { ENDED_OK, ENDED_REFUSED, ENDED_FAILED, ENDED_AWAY, ENDED_CANCELED, ENDS };

struct db_counts {
	struct bb_series *units[ENDS], *reads[ENDS]; /* by how they ended */
	struct bb_series *retried, *batch_units, *commit_seconds, *read_seconds;
};

struct db {
	struct loop *loop;
	const struct bb_storage *engine;
	void *self; /* the engine's */
	struct db_options options;
	struct bb_arena *arena; /* of the queries and the migrations */

	struct bb_query *queries, **queries_end;
	struct bb_query *absent; /* whose `with` is not there */
	uint32_t query_count;
	struct migration *migrations, **migrations_end;

	struct unit_list queued;
	struct unit_list settled; /* their outcome is known, their callers are not told yet */
	struct bb_unit *pending, **pending_end; /* everything committed or read and not ended */
	struct batch *batches;                  /* all that exist */
	uint32_t batches_busy, reads_busy;
	bool flush_due;
	bool gone; /* db_free() was called; the flush that is due frees */
	struct drain *drains;

	struct bb_unit *spare;
	uint32_t spare_count;
	struct db_counts counts;
};

/* counts.c */
void db_counts_begin(struct db *);
void db_counts_ended(const struct bb_unit *, int err);

static inline struct bb_unit *unit_of(struct bb_storage_unit *u)
{
	return (struct bb_unit *)u;
}

void unit_list_init(struct unit_list *);
void unit_list_add(struct unit_list *, struct bb_storage_unit *);
struct bb_storage_unit *unit_list_take(struct unit_list *, uint32_t count);

/* From now on the unit ends exactly once, by unit_end() or unit_cancel(). */
void unit_pend(struct bb_unit *);
/* Tells its callers, and recycles it. `err` as the engine said it; what the unit itself knows to
 * be wrong goes first. */
void unit_end(struct bb_unit *, int err);
/* Forgets what a failed try has left, for the next one. */
void unit_rewind(struct bb_storage_unit *);
void unit_free(struct bb_unit *);

/* Hands the queue to free lanes and tells what is settled, at the end of this turn. */
void batch_flush_soon(struct db *);
void batch_settle(struct bb_unit *, int err);
/* Reads go around the queue. */
void batch_read(struct bb_unit *);
#endif
