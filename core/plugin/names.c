#include "plugin/names.h"

#include <errno.h>
#include <string.h>

static uint32_t hash_of(const char *group, const char *name)
{
	return bb_json_hash(name, strlen(name)) * 31 + bb_json_hash(group, strlen(group));
}

static struct name **slot_of(const struct names *n, uint32_t hash, const char *group,
			     const char *name)
{
	for (size_t i = hash;; i++) {
		struct name **slot = &n->slots[i & (n->cap - 1)];
		if (!*slot || ((*slot)->hash == hash && !strcmp((*slot)->name, name) &&
			       !strcmp((*slot)->group, group)))
			return slot;
	}
}

struct name *names_find(const struct names *n, const char *group, const char *name)
{
	return n->cap ? *slot_of(n, hash_of(group, name), group, name) : NULL;
}

static void grow(struct names *n, struct bb_arena *a)
{
	n->cap = n->cap ? n->cap * 2 : 16;
	n->slots = bb_zalloc(a, n->cap * sizeof(struct name *));
	for (struct name *old = n->first; old; old = old->next)
		*slot_of(n, old->hash, old->group, old->name) = old;
}

struct name *names_get(struct names *n, struct bb_arena *a, const char *group, const char *name)
{
	struct name *found = names_find(n, group, name);
	if (found)
		return found;
	if (n->count * 2 >= n->cap)
		grow(n, a);
	found = bb_zalloc(a, sizeof *found);
	found->group = group;
	found->name = name;
	found->hash = hash_of(group, name);
	*slot_of(n, found->hash, group, name) = found;
	if (n->last)
		n->last->next = found;
	else
		n->first = found;
	n->last = found;
	n->count++;
	return found;
}

static bool goes_before(const struct handler *a, const struct handler *b)
{
	return a->phase != b->phase ? a->phase < b->phase : a->order < b->order;
}

static void find_owner(struct name *n)
{
	n->owner = NULL;
	for (size_t i = 0; i < n->count && !n->owner; i++)
		if (n->handlers[i].phase == BB_OWNER)
			n->owner = &n->handlers[i];
	n->chain.handlers = n->handlers;
	n->chain.count = n->count;
}

void name_add(struct name *n, struct bb_arena *a, struct handler h)
{
	if (n->count == n->cap) {
		n->cap = n->cap ? n->cap * 2 : 4;
		struct handler *more = bb_alloc(a, n->cap * sizeof *more);
		if (n->count)
			memcpy(more, n->handlers, n->count * sizeof *more);
		n->handlers = more;
	}
	size_t at = n->count++;
	for (; at > 0 && goes_before(&h, &n->handlers[at - 1]); at--)
		n->handlers[at] = n->handlers[at - 1];
	n->handlers[at] = h;
	find_owner(n);
}

int name_own(struct name *n, struct bb_arena *a, struct handler h, const struct handler **ret_owner)
{
	if (h.phase == BB_OWNER && n->owner) {
		*ret_owner = n->owner;
		return -EEXIST;
	}
	name_add(n, a, h);
	return 0;
}
