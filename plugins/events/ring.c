#include "ring.h"

#include <stdlib.h>
#include <string.h>

void ring_open(struct ring *r, size_t most, size_t most_bytes, int64_t head)
{
	*r = (struct ring){.most = most, .most_bytes = most_bytes, .base = head, .head = head};
	r->slots = calloc(most, sizeof(struct entry *));
	if (!r->slots)
		abort();
}

const struct entry *ring_at(const struct ring *r, size_t position)
{
	return r->slots[(r->first + position) % r->most];
}

static size_t size_of(const struct entry *e)
{
	return sizeof *e + e->len;
}

static void drop_first(struct ring *r)
{
	struct entry *e = r->slots[r->first];
	r->base = e->id;
	r->bytes -= size_of(e);
	r->first = (r->first + 1) % r->most;
	r->count--;
	free(e);
}

void ring_close(struct ring *r)
{
	while (r->count)
		drop_first(r);
	free(r->slots);
	*r = (struct ring){0};
}

static size_t length(const char *s)
{
	return s ? strlen(s) + 1 : 0;
}

static const char *keep(char **at, const char *s)
{
	size_t len = length(s);
	char *kept = *at;
	if (!len)
		return NULL;
	memcpy(kept, s, len);
	*at += len;
	return kept;
}

static struct entry *entry_new(int64_t id, const struct subject *s, const char *text, size_t len)
{
	size_t room = len + length(s->kind) + length(s->operator_id) + length(s->charge_point_id) +
		      length(s->command_id) + length(s->bulk_id) + length(s->user_id);
	struct entry *e = malloc(sizeof *e + room);
	if (!e)
		abort();
	*e = (struct entry){.id = id, .subject = *s, .text = e->room, .len = len};
	char *at = e->room;
	memcpy(at, text, len);
	at += len;
	e->subject.kind = keep(&at, s->kind);
	e->subject.operator_id = keep(&at, s->operator_id);
	e->subject.charge_point_id = keep(&at, s->charge_point_id);
	e->subject.command_id = keep(&at, s->command_id);
	e->subject.bulk_id = keep(&at, s->bulk_id);
	e->subject.user_id = keep(&at, s->user_id);
	return e;
}

void ring_add(struct ring *r, int64_t id, const struct subject *s, const char *text, size_t len)
{
	struct entry *e = entry_new(id, s, text, len);
	while (r->count && (r->count == r->most || r->bytes + size_of(e) > r->most_bytes))
		drop_first(r);
	r->slots[(r->first + r->count) % r->most] = e;
	r->count++;
	r->bytes += size_of(e);
	r->head = id;
}

size_t ring_after(const struct ring *r, int64_t id)
{
	size_t low = 0, high = r->count;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (ring_at(r, mid)->id <= id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
