#include <stdlib.h>

#include "base/arena.h"
#include "ocppj/internal.h"

static uint64_t id_hash(const char *id)
{
	return replay_hash(id, strlen(id));
}

static struct charger **slot_of(const struct buckets *b, uint64_t hash)
{
	return &b->slots[hash & (b->size - 1)];
}

static void grow(struct buckets *b)
{
	struct buckets bigger = {.size = b->size ? b->size * 2 : 64, .count = b->count};
	bigger.slots = mem_zalloc(bigger.size * sizeof *bigger.slots);
	for (uint32_t i = 0; i < b->size; i++)
		for (struct charger *c = b->slots[i], *next; c; c = next) {
			next = c->next;
			struct charger **slot = slot_of(&bigger, c->hash);
			c->next = *slot;
			*slot = c;
		}
	free(b->slots);
	*b = bigger;
}

struct charger *charger_find(const struct ocppj *o, const char *id)
{
	if (!o->chargers.size)
		return NULL;
	uint64_t hash = id_hash(id);
	for (struct charger *c = *slot_of(&o->chargers, hash); c; c = c->next)
		if (c->hash == hash && !strcmp(c->id, id))
			return c;
	return NULL;
}

struct charger *charger_of(struct ocppj *o, const char *id)
{
	struct charger *c = charger_find(o, id);
	if (c)
		return c;
	if (o->chargers.count >= o->chargers.size)
		grow(&o->chargers);
	size_t len = strlen(id);
	c = mem_zalloc(sizeof *c + len + 1);
	memcpy(c->id, id, len);
	c->hash = id_hash(id);
	c->last = &c->first;
	c->commands_last = &c->commands;
	struct charger **slot = slot_of(&o->chargers, c->hash);
	c->next = *slot;
	*slot = c;
	o->chargers.count++;
	return c;
}

static bool forgettable(const struct charger *c, int64_t now_ms, int64_t older_ms)
{
	return !c->link && !c->first && !c->working && !c->commands && !c->in_flight &&
	       !c->unstored && now_ms - c->gone_ms >= older_ms;
}

void chargers_sweep(struct ocppj *o, int64_t now_ms, int64_t older_ms)
{
	for (uint32_t i = 0; i < o->chargers.size; i++)
		for (struct charger **at = &o->chargers.slots[i]; *at;) {
			struct charger *c = *at;
			if (!forgettable(c, now_ms, older_ms)) {
				at = &c->next;
				continue;
			}
			*at = c->next;
			o->chargers.count--;
			replay_free(o, c);
			free(c);
		}
}

void chargers_each(struct ocppj *o, void (*fn)(struct charger *, void *), void *arg)
{
	for (uint32_t i = 0; i < o->chargers.size; i++)
		for (struct charger *c = o->chargers.slots[i], *next; c; c = next) {
			next = c->next;
			fn(c, arg);
		}
}

void chargers_free(struct ocppj *o)
{
	chargers_sweep(o, INT64_MAX, 0);
	free(o->chargers.slots);
}
