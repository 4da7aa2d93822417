/* A unit of work: put together by its caller, ended once. */
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/internal.h"

/* Room for a MeterValues with its log rows, so that most units never call malloc. */
#define UNIT_ARENA ((size_t)8192)
#define SPARE_UNITS 2048

void unit_list_init(struct unit_list *l)
{
	l->first = NULL;
	l->end = &l->first;
	l->count = 0;
}

void unit_list_add(struct unit_list *l, struct bb_storage_unit *u)
{
	u->next = NULL;
	*l->end = u;
	l->end = &u->next;
	l->count++;
}

struct bb_storage_unit *unit_list_take(struct unit_list *l, uint32_t count)
{
	struct bb_storage_unit *first = l->first, *last = NULL;
	for (struct bb_storage_unit *u = first; u && count; u = u->next, count--) {
		last = u;
		l->count--;
	}
	if (!last)
		return NULL;
	l->first = last->next;
	if (!l->first)
		l->end = &l->first;
	last->next = NULL;
	return first;
}

struct bb_unit *db_begin(struct db *db, const void *owner)
{
	struct bb_unit *u = db->spare;
	struct bb_arena *arena;
	if (u) {
		db->spare = u->next_pending;
		db->spare_count--;
		arena = u->pub.arena;
	} else {
		u = mem_alloc(sizeof *u);
		arena = arena_new(UNIT_ARENA);
	}
	*u = (struct bb_unit){.db = db, .owner = owner, .pub.arena = arena};
	u->after_end = &u->after;
	return u;
}

void unit_free(struct bb_unit *u)
{
	arena_free(u->pub.arena);
	free(u);
}

void db_rollback(struct bb_unit *u)
{
	struct db *db = u->db;
	if (db->spare_count >= SPARE_UNITS) {
		unit_free(u);
		return;
	}
	arena_reset(u->pub.arena);
	u->next_pending = db->spare;
	db->spare = u;
	db->spare_count++;
}

struct bb_arena *db_arena(struct bb_unit *u)
{
	return u->pub.arena;
}

void db_on_commit(struct bb_unit *u, bb_fn *fn, void *arg)
{
	struct after *a = bb_alloc(u->pub.arena, sizeof *a);
	*a = (struct after){NULL, fn, arg};
	*u->after_end = a;
	u->after_end = &a->next;
}

static bool is_bytes(const struct bb_val *v)
{
	return v->type == BB_TEXT || v->type == BB_BLOB;
}

/* False for a text with U+0000: PostgreSQL could not keep it. */
static bool copy_params(struct bb_arena *arena, uint32_t n, const struct bb_val *from,
			struct bb_val *to)
{
	for (uint32_t i = 0; i < n; i++) {
		to[i] = from[i];
		if (!is_bytes(&from[i]))
			continue;
		if (from[i].type == BB_TEXT && memchr(from[i].s, '\0', from[i].len))
			return false;
		to[i].s = bb_strndup(arena, from[i].s, from[i].len);
	}
	return true;
}

/* A mistake of the caller: the unit will end with -EIO, and the log says why. */
static void refuse(struct bb_unit *u, const struct bb_query *q, const char *why)
{
	log_line(BB_ERROR, "storage", "%s: %s", q ? q->pub.name : "a statement", why);
	u->err = -EIO;
}

int db_add(struct bb_unit *u, const struct bb_query *q, uint32_t n, const struct bb_val *params,
	   bb_rows_fn *fn, void *arg)
{
	struct step *s = bb_zalloc(u->pub.arena, sizeof *s + n * sizeof *params);
	struct bb_val *copies = (struct bb_val *)(s + 1);
	if (!q)
		refuse(u, q, "it has no query");
	else if (n != q->parameters)
		refuse(u, q, "called with a wrong number of parameters");
	else if (!copy_params(u->pub.arena, n, params, copies))
		refuse(u, q, "a text parameter contains U+0000");
	s->pub.query = q ? &q->pub : NULL;
	s->pub.count = n;
	s->pub.params = copies;
	s->fn = fn;
	s->arg = arg;
	*(u->last ? &u->last->next : &u->pub.first) = &s->pub;
	u->last = &s->pub;
	return 0;
}

void unit_pend(struct bb_unit *u)
{
	struct db *db = u->db;
	u->pending_back = db->pending_end;
	*db->pending_end = u;
	db->pending_end = &u->next_pending;
}

static void unpend(struct bb_unit *u)
{
	*u->pending_back = u->next_pending;
	if (u->next_pending)
		u->next_pending->pending_back = u->pending_back;
	else
		u->db->pending_end = u->pending_back;
}

int db_commit(struct bb_unit *u, bb_rows_fn *fn, void *arg)
{
	struct db *db = u->db;
	u->fn = fn;
	u->arg = arg;
	unit_pend(u);
	if (u->err || !u->pub.first) {
		batch_settle(u, u->err);
	} else if (db->queued.count >= db->options.queue_units) {
		batch_settle(u, -EAGAIN);
	} else {
		unit_list_add(&db->queued, &u->pub);
		batch_flush_soon(db);
	}
	return 0;
}

int db_read(struct db *db, const void *owner, const struct bb_query *q, uint32_t n,
	    const struct bb_val *params, bb_rows_fn *fn, void *arg)
{
	struct bb_unit *u = db_begin(db, owner);
	db_add(u, q, n, params, NULL, NULL);
	u->fn = fn;
	u->arg = arg;
	u->reads = true;
	unit_pend(u);
	batch_read(u);
	return 0;
}

void unit_rewind(struct bb_storage_unit *u)
{
	for (struct bb_statement *s = u->first; s; s = s->next)
		s->result = (struct bb_rows){0};
	u->culprit = NULL;
	u->error = NULL;
	u->constraint = false;
}

static void tell(struct bb_unit *u, int err)
{
	static const struct bb_rows none;
	for (struct bb_statement *s = u->pub.first; s; s = s->next) {
		struct step *step = (struct step *)s;
		if (step->fn)
			step->fn(err, err ? NULL : &s->result, step->arg);
		step->fn = NULL;
	}
	if (u->fn)
		u->fn(err, err ? NULL : u->last ? &u->last->result : &none, u->arg);
	u->fn = NULL;
}

/* The one error text there is; callers get a number only. A refusal is often their plan. */
static int verdict(const struct bb_unit *u, int err)
{
	if (!err || err == -EAGAIN || err == -ECANCELED || u->err)
		return err;
	if (err == -EDEADLK)
		return -EAGAIN;
	err = u->pub.constraint ? -EEXIST : -EIO;
	log_line(err == -EEXIST ? BB_DEBUG : BB_ERROR, "storage", "%s: %s",
		 u->pub.culprit ? u->pub.culprit->query->name : "commit",
		 u->pub.error ? u->pub.error : "failed");
	return err;
}

void unit_end(struct bb_unit *u, int err)
{
	err = verdict(u, u->err ? u->err : err);
	db_counts_ended(u, err);
	tell(u, err);
	for (struct after *a = u->after; a && !err; a = a->next)
		a->fn(a->arg);
	unpend(u);
	db_rollback(u);
}

void db_cancel(struct db *db, const void *owner)
{
	struct bb_unit **last = db->pending_end;
	for (struct bb_unit *u = db->pending, *next; u; u = next) {
		next = &u->next_pending == last ? NULL : u->next_pending;
		if (u->owner == owner)
			tell(u, -ECANCELED);
	}
}
