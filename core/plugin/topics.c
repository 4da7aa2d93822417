/* Facts: told to their listeners from the loop, after the commit of what they tell. */
#include "base/arena.h"
#include "plugin/host_state.h"
#include "json/json.h"

struct telling {
	struct bb_arena *arena; /* its own, or NULL if the unit's */
	const struct name *topic;
	const struct bb_json *event;
};

static void tell(void *arg)
{
	struct telling *t = arg;
	for (size_t i = 0; i < t->topic->count; i++) {
		const struct handler *h = &t->topic->handlers[i];
		const struct bb_topic *row = h->row;
		if (h->plugin->phase == BB_STARTED)
			row->fn(t->event, h->plugin->self);
	}
	arena_free(t->arena);
}

int host_emit(struct host *h, struct bb_unit *unit, const char *topic, const struct bb_json *event)
{
	const struct name *n = names_find(&h->topics, "", topic);
	if (!n)
		return 0;
	struct bb_arena *own = unit ? NULL : arena_new(0);
	struct bb_arena *a = unit ? db_arena(unit) : own;
	struct telling *t = bb_alloc(a, sizeof *t);
	*t = (struct telling){own, n, event ? json_copy(a, event) : NULL};
	if (unit)
		db_on_commit(unit, tell, t);
	else
		loop_defer(h->spec.loop, tell, t);
	return 0;
}
