#include "running.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS_FIRST 1024u

static void queue_open(struct queue *q)
{
	q->first = NULL;
	q->end = &q->first;
}

void board_open(struct board *b)
{
	*b = (struct board){.bucket_count = BUCKETS_FIRST};
	b->buckets = calloc(b->bucket_count, sizeof(struct running *));
	if (!b->buckets)
		abort();
	queue_open(&b->stops);
}

void board_close(struct board *b)
{
	for (size_t i = 0; i < b->bucket_count; i++)
		for (struct running *r = b->buckets[i], *next; r; r = next) {
			next = r->next;
			free(r);
		}
	free(b->buckets);
	for (struct owner *o = b->owners, *next; o; o = next) {
		next = o->next;
		free(o);
	}
}

static struct owner *owner_of(struct board *b, const char *id)
{
	struct owner *o = b->owners;
	while (o && strcmp(o->id, id) != 0)
		o = o->next;
	if (o)
		return o;
	size_t size = strlen(id) + 1;
	o = calloc(1, sizeof *o + size);
	if (!o)
		abort();
	memcpy(o->id, id, size);
	queue_open(&o->due);
	o->next = b->owners;
	b->owners = o;
	return o;
}

static struct running **bucket(const struct board *b, int64_t charger_id)
{
	return &b->buckets[(uint64_t)charger_id % b->bucket_count];
}

/* Chains stay short, however many there are. */
static void grow(struct board *b)
{
	struct board wide = *b;
	wide.bucket_count *= 4;
	wide.buckets = calloc(wide.bucket_count, sizeof(struct running *));
	if (!wide.buckets)
		abort();
	for (size_t i = 0; i < b->bucket_count; i++)
		for (struct running *r = b->buckets[i], *next; r; r = next) {
			struct running **to = bucket(&wide, r->charger_id);
			next = r->next;
			r->next = *to;
			*to = r;
		}
	free(b->buckets);
	b->buckets = wide.buckets;
	b->bucket_count = wide.bucket_count;
}

struct running *board_find(struct board *b, int64_t transaction_id, int64_t charger_id)
{
	struct running *r = *bucket(b, charger_id);
	while (r && r->transaction_id != transaction_id)
		r = r->next;
	return r;
}

struct running *board_add(struct board *b, const char *operator_id, int64_t transaction_id,
			  int64_t charger_id, int64_t connector_id, int64_t now_ms)
{
	struct running *r = board_find(b, transaction_id, charger_id);
	if (r) {
		r->over = false;
		return r;
	}
	if (b->count >= 2 * b->bucket_count)
		grow(b);
	r = calloc(1, sizeof *r);
	if (!r)
		abort();
	struct running **to = bucket(b, charger_id);
	*r = (struct running){.owner = owner_of(b, operator_id),
			      .transaction_id = transaction_id,
			      .charger_id = charger_id,
			      .connector_id = connector_id,
			      .looked_ms = now_ms,
			      .next = *to};
	*to = r;
	b->count++;
	return r;
}

static void board_free(struct board *b, struct running *gone)
{
	struct running **at = bucket(b, gone->charger_id);
	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	b->count--;
	free(gone);
}

void board_remove(struct board *b, struct running *r)
{
	r->over = true;
	if (!r->busy && !r->queued)
		board_free(b, r);
}

void board_metered(struct board *b, int64_t charger_id, int64_t connector_id)
{
	for (struct running *r = *bucket(b, charger_id); r; r = r->next)
		if (r->charger_id == charger_id &&
		    (!connector_id || r->connector_id == connector_id))
			r->metered = true;
}

void board_connected(struct board *b, int64_t charger_id, int64_t now_ms)
{
	for (struct running *r = *bucket(b, charger_id); r; r = r->next)
		if (r->charger_id == charger_id && r->cut_off)
			r->next_ms = now_ms;
}

static bool is_due(const struct running *r, const struct pace *p, int64_t now_ms)
{
	int64_t since = now_ms - r->looked_ms;
	if (r->next_ms && now_ms >= r->next_ms)
		return true;
	if (r->cut_off)
		return false;
	return since >= (r->metered ? p->every_ms : p->silent_every_ms);
}

static void put(struct board *b, struct running *r)
{
	struct queue *q = r->cut_off ? &b->stops : &r->owner->due;
	r->queued = true;
	r->turn = b->turns++;
	r->next_queued = NULL;
	*q->end = r;
	q->end = &r->next_queued;
}

void board_queue(struct board *b, const struct pace *p, int64_t now_ms)
{
	for (size_t i = 0; i < b->bucket_count; i++)
		for (struct running *r = b->buckets[i]; r; r = r->next)
			if (!r->queued && !r->busy && is_due(r, p, now_ms))
				put(b, r);
}

/* The first that runs still. */
static struct running *first_of(struct board *b, struct queue *q)
{
	struct running *r;
	while ((r = q->first) && r->over) {
		q->first = r->next_queued;
		board_free(b, r);
	}
	if (!r)
		q->end = &q->first;
	return r;
}

static struct running *take(struct board *b, struct queue *q)
{
	struct running *r = first_of(b, q);
	if (!r)
		return NULL;
	q->first = r->next_queued;
	if (!q->first)
		q->end = &q->first;
	r->queued = false;
	r->busy = true;
	return r;
}

struct running *board_take(struct board *b)
{
	struct owner *best = NULL;
	for (struct owner *o = b->owners; o; o = o->next) {
		if (!first_of(b, &o->due))
			continue;
		if (!best || o->at_work < best->at_work ||
		    (o->at_work == best->at_work && o->due.first->turn < best->due.first->turn))
			best = o;
	}
	struct running *r = best ? take(b, &best->due) : NULL;
	if (r) {
		r->looking = true;
		best->at_work++;
	}
	return r;
}

struct running *board_take_stop(struct board *b)
{
	return take(b, &b->stops);
}

void board_done(struct board *b, struct running *r)
{
	if (r->looking)
		r->owner->at_work--;
	r->busy = r->looking = false;
	if (r->over)
		board_free(b, r);
}
