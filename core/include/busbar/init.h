/* What init() of most plugins does: it fills the plugin's own struct on the stack, finds the
 * queries into it, and keeps it as `self` when nothing can fail any more. */
#ifndef BUSBAR_INIT_H
#define BUSBAR_INIT_H
#include <errno.h>
#include <stdlib.h>

#include <busbar/plugin.h>

/* Finds a plugin's queries by name, into an array in the same order. -ENOENT (and a line in the
 * log) when one is missing. [loop] */
static inline int bb_find_queries(const struct bb_api *api, struct bb *me, const char *const *names,
				  uint32_t n, const struct bb_query **ret)
{
	for (uint32_t i = 0; i < n; i++)
		if (!(ret[i] = api->query(me, names[i])))
			return -ENOENT;
	return 0;
}

/* A copy of the `size` bytes of `filled`, for free() in fini(). -ENOMEM. [any] */
static inline int bb_keep(const void *filled, size_t size, void **ret_self)
{
	void *self = malloc(size);
	if (!self)
		return -ENOMEM;
	*ret_self = memcpy(self, filled, size);
	return 0;
}
#endif
