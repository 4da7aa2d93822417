/* A table of names, in groups, and the handlers registered under each. Everything lives in the
 * arena. Private to core/plugin. */
#ifndef PLUGIN_NAMES_H
#define PLUGIN_NAMES_H
#include <busbar/arena.h>

#include "plugin/call.h"

struct name {
	const char *group, *name; /* borrowed; the group is "" where there are none */
	uint32_t hash;
	struct handler *handlers; /* by phase, order, and the order of registering */
	size_t count, cap;
	const struct handler *owner; /* the first of phase BB_OWNER, or NULL */
	struct chain chain;
	struct name *next; /* in the order of registering */
};

struct names {
	struct name **slots;
	size_t count, cap;
	struct name *first, *last;
};

/* NULL if there is none. */
struct name *names_find(const struct names *, const char *group, const char *name);
/* Found or made. */
struct name *names_get(struct names *, struct bb_arena *, const char *group, const char *name);
void name_add(struct name *, struct bb_arena *, struct handler);
/* The same with -EEXIST, and the owner so far, if an owner is there already. */
int name_own(struct name *, struct bb_arena *, struct handler, const struct handler **ret_owner);
#endif
