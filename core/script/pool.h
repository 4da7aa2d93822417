/* Small blocks of one state that were given back, for its next ones: scripts make and drop the same
 * few sizes in each call, and malloc is dear. */
#ifndef SCRIPT_POOL_H
#define SCRIPT_POOL_H
#include <stddef.h>

#define POOL_GRAIN ((size_t)16)
#define POOL_CLASSES ((size_t)32)
#define POOL_KEPT ((size_t)64 << 10) /* bytes, at most */

struct pool {
	struct pool_block *free[POOL_CLASSES];
	size_t bytes; /* that are kept */
};

/* NULL: there is no memory. */
void *pool_alloc(struct pool *, size_t size);
/* The block has the size that it was asked for with. */
void *pool_resize(void *block, size_t old_size, size_t size);
void pool_give_back(struct pool *, void *block, size_t size);
void pool_empty(struct pool *);
#endif
