#include "script/pool.h"

#include <stdlib.h>

struct pool_block {
	struct pool_block *next;
};

/* Larger ones have none of their own: POOL_CLASSES or more. */
static size_t class_of(size_t size)
{
	return (size - 1) / POOL_GRAIN;
}

static size_t rounded(size_t size)
{
	size_t class = class_of(size);
	return class < POOL_CLASSES ? (class + 1) * POOL_GRAIN : size;
}

void *pool_alloc(struct pool *p, size_t size)
{
	size_t class = class_of(size);
	struct pool_block *b = class < POOL_CLASSES ? p->free[class] : NULL;
	if (!b)
		return malloc(rounded(size));
	p->free[class] = b->next;
	p->bytes -= rounded(size);
	return b;
}

void *pool_resize(void *block, size_t old_size, size_t size)
{
	return rounded(old_size) == rounded(size) ? block : realloc(block, rounded(size));
}

void pool_give_back(struct pool *p, void *block, size_t size)
{
	size_t class = class_of(size);
	struct pool_block *b = block;
	if (class >= POOL_CLASSES || p->bytes >= POOL_KEPT) {
		free(block);
		return;
	}
	b->next = p->free[class];
	p->free[class] = b;
	p->bytes += rounded(size);
}

void pool_empty(struct pool *p)
{
	for (size_t class = 0; class < POOL_CLASSES; class ++)
		while (p->free[class]) {
			struct pool_block *b = p->free[class];
			p->free[class] = b->next;
			free(b);
		}
	p->bytes = 0;
}
