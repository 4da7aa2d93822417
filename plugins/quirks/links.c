/* Links of chargers for whom other rules hold than when they connected. */
#include "quirks.h"

struct changed {
	struct quirks *plugin;
	struct bb_arena *arena;
	const char **ids;
	uint32_t count, cap;
};

static bool same_names(const struct bb_json *a, const struct bb_json *b)
{
	if (bb_json_count(a) != bb_json_count(b))
		return false;
	for (uint32_t i = 0; i < bb_json_count(a); i++)
		if (strcmp(a->items[i].s, b->items[i].s) != 0)
			return false;
	return true;
}

static bool is_changed(const struct changed *c, const struct bb_link *l)
{
	const struct bb_json *known = bb_json_get(l->quirks, "known");
	const struct bb_json *v = book_answer(c->plugin, c->arena, known);
	return strcmp(bb_json_get_str(v, "validation", ""), l->validation) != 0 ||
	       !same_names(bb_json_get(v, "rules"), bb_json_get(l->quirks, "rules")) ||
	       !same_names(bb_json_get(v, "quirks"), bb_json_get(l->quirks, "quirks"));
}

static bool collect(const struct bb_link *l, void *arg)
{
	struct changed *c = arg;
	if (!is_changed(c, l))
		return true;
	if (c->count == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 64;
		const char **more = bb_alloc(c->arena, c->cap * sizeof *more);
		if (c->count)
			memcpy(more, c->ids, c->count * sizeof *more);
		c->ids = more;
	}
	c->ids[c->count++] = bb_strdup(c->arena, l->charge_point_id);
	return true;
}

void links_renew(struct quirks *p)
{
	struct changed c = {.plugin = p, .arena = p->api->arena_new()};
	p->api->link_each(collect, &c);
	for (uint32_t i = 0; i < c.count; i++)
		p->api->link_close(c.ids[i], 1012, "the charger's settings have changed");
	p->api->arena_free(c.arena);
}
