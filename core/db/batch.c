/* Units collect while lanes are busy; one batch is one commit. */
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/stats.h"
#include "db/internal.h"

#define DEADLOCK_TRIES 5
#define WORTH_A_COMMIT 64 /* units */

static void on_batch_done(int err, void *arg);
static void pump(struct db *db);

static struct batch *batch_get(struct db *db)
{
	struct batch *b = db->batches;
	while (b && b->units)
		b = b->next;
	if (!b) {
		b = mem_zalloc(sizeof *b);
		b->next = db->batches;
		db->batches = b;
	}
	b->db = db;
	b->narrowed = b->alone = false;
	b->deadlocks = 0;
	unit_list_init(&b->rest);
	return b;
}

static void end_units(struct bb_storage_unit *u, int err)
{
	while (u) {
		struct bb_storage_unit *next = u->next;
		unit_end(unit_of(u), err);
		u = next;
	}
}

/* Nothing more of this batch is at the engine's: the next one goes there before callers are told,
 * so that the database works while they do. */
static void batch_end(struct batch *b, int err)
{
	struct db *db = b->db;
	struct bb_storage_unit *units = b->units;
	struct bb_storage_unit *rest = unit_list_take(&b->rest, b->rest.count);
	b->units = NULL;
	db->batches_busy--;
	pump(db);
	end_units(units, err);
	end_units(rest, err);
	batch_flush_soon(db);
}

static int batch_run(struct batch *b)
{
	for (struct bb_storage_unit *u = b->units; u; u = u->next)
		unit_rewind(u);
	b->began_us = clock_mono_us();
	return b->db->engine->run(b->db->self, b->units, on_batch_done, b);
}

static bool has_culprit(const struct bb_storage_unit *u)
{
	while (u && !u->culprit)
		u = u->next;
	return u;
}

/* The first time the engine's culprit is set apart and the others go together again; when that
 * fails too, all go one by one. */
static void batch_split(struct batch *b)
{
	struct bb_storage_unit *failed = b->units;
	struct unit_list innocent;
	unit_list_init(&innocent);
	b->alone = b->narrowed || !has_culprit(failed);
	b->narrowed = true;
	b->deadlocks = 0;
	while (failed) {
		struct bb_storage_unit *next = failed->next;
		unit_list_add(failed->culprit || b->alone ? &b->rest : &innocent, failed);
		failed = next;
	}
	b->units = innocent.first ? innocent.first : unit_list_take(&b->rest, 1);
}

static void batch_next(struct batch *b, int err)
{
	struct bb_storage_unit *ended = b->units;
	b->units = unit_list_take(&b->rest, b->alone ? 1 : b->rest.count);
	end_units(ended, err);
}

static uint32_t count_units(const struct batch *b)
{
	uint32_t n = 0;
	for (const struct bb_storage_unit *u = b->units; u; u = u->next)
		n++;
	return n;
}

static bool worth_retrying(struct batch *b, int err)
{
	if (err == -EDEADLK && b->deadlocks++ < DEADLOCK_TRIES)
		return true;
	if (!err || err == -EAGAIN || !b->units->next)
		return false;
	batch_split(b);
	return true;
}

static void count_outcome(const struct batch *b, int err, uint32_t units, bool again)
{
	const struct db_counts *c = &b->db->counts;
	if (!err) {
		stats_observe(c->commit_seconds, clock_mono_us() - b->began_us);
		stats_observe(c->batch_units, units);
	} else if (again) {
		stats_add(c->retried, units);
	}
}

static void on_batch_done(int err, void *arg)
{
	struct batch *b = arg;
	while (true) {
		uint32_t units = count_units(b);
		bool again = worth_retrying(b, err);
		count_outcome(b, err, units, again);
		if (!again && (err == -EAGAIN || !b->rest.first)) {
			batch_end(b, err);
			return;
		}
		if (!again)
			batch_next(b, err);
		err = batch_run(b);
		if (!err)
			return;
	}
}

static void batch_start(struct db *db, uint32_t most)
{
	struct batch *b = batch_get(db);
	b->units = unit_list_take(&db->queued, most);
	db->batches_busy++;
	int err = batch_run(b);
	if (!err)
		return;
	db->batches_busy--;
	for (struct bb_storage_unit *u = b->units, *next; u; u = next) {
		next = u->next;
		batch_settle(unit_of(u), err);
	}
	b->units = NULL;
}

/* Free lanes share the queue: two that work beside each other are done before one that has it
 * all. A few units are not worth a commit of their own, though. */
static uint32_t share(const struct db *db, uint32_t lanes)
{
	uint32_t fair = db->queued.count / lanes + 1;
	uint32_t most = fair > WORTH_A_COMMIT ? fair : WORTH_A_COMMIT;
	return most < db->options.batch_units ? most : db->options.batch_units;
}

static void pump(struct db *db)
{
	while (db->queued.first) {
		uint32_t lanes = db->engine->lanes(db->self);
		if (db->batches_busy >= lanes)
			return;
		batch_start(db, share(db, lanes - db->batches_busy));
	}
}

static void tell_drained(struct db *db)
{
	while (db->drains && db_idle(db)) {
		struct drain *d = db->drains;
		db->drains = d->next;
		d->fn(d->arg);
		free(d);
	}
}

static void flush(void *arg)
{
	struct db *db = arg;
	db->flush_due = false;
	if (db->gone) {
		free(db);
		return;
	}
	pump(db);
	for (struct bb_storage_unit *u; (u = unit_list_take(&db->settled, 1));)
		unit_end(unit_of(u), unit_of(u)->err);
	tell_drained(db);
}

void batch_flush_soon(struct db *db)
{
	if (!db->flush_due)
		loop_defer(db->loop, flush, db);
	db->flush_due = true;
}

void batch_settle(struct bb_unit *u, int err)
{
	u->err = err;
	unit_list_add(&u->db->settled, &u->pub);
	batch_flush_soon(u->db);
}

static void on_read_done(int err, void *arg)
{
	struct bb_unit *u = arg;
	struct db *db = u->db;
	db->reads_busy--;
	stats_observe(db->counts.read_seconds, clock_mono_us() - u->began_us);
	unit_end(u, err);
	if (db->drains)
		batch_flush_soon(db);
}

void batch_read(struct bb_unit *u)
{
	struct db *db = u->db;
	int err = u->err;
	if (!err && db->reads_busy >= db->options.queue_units)
		err = -EAGAIN;
	u->began_us = clock_mono_us();
	if (!err)
		err = db->engine->read(db->self, &u->pub, on_read_done, u);
	if (err)
		batch_settle(u, err);
	else
		db->reads_busy++;
}

void db_drain(struct db *db, bb_fn *fn, void *arg)
{
	struct drain *d = mem_alloc(sizeof *d), **end = &db->drains;
	*d = (struct drain){fn, arg, NULL};
	while (*end)
		end = &(*end)->next;
	*end = d;
	batch_flush_soon(db);
}
