/* Chargers as JSON: their rows with the state of their links on this node. */
#include "chargers.h"

static void put_time(const struct chargers *p, struct bb_builder *b, const char *key, int64_t ms)
{
	bb_put_str(b, key, p->api->time_format(b->arena, ms));
}

static void put_link(const struct chargers *p, struct bb_builder *b, const struct bb_link *l)
{
	bb_put_str(b, "node", bb_strdup(b->arena, p->node));
	bb_put_str(b, "ocpp", bb_strdup(b->arena, l->ocpp));
	bb_put_str(b, "remote", bb_strdup(b->arena, l->remote));
	bb_put_bool(b, "tls", l->tls);
	bb_put_str(b, "client_cn", l->client_cn ? bb_strdup(b->arena, l->client_cn) : NULL);
	put_time(p, b, "connected_at", l->connected_at_ms);
}

static void put_no_link(struct bb_builder *b)
{
	static const char *const members[] = {"node", "ocpp",      "remote",
					      "tls",  "client_cn", "connected_at"};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		bb_put_str(b, members[i], NULL);
}

static uint32_t column_of(const struct bb_rows *r, const char *name)
{
	uint32_t c = 0;
	while (c < r->columns && strcmp(r->names[c], name) != 0)
		c++;
	return c;
}

static struct bb_json last_seen(struct chargers *p, struct bb_arena *a, const struct bb_link *link,
				const char *charge_point_id, const struct bb_val *stored)
{
	const struct charger *c = registry_find(&p->registry, charge_point_id);
	int64_t ms = link ? link->last_seen_ms : c ? c->seen_ms : 0;
	return ms ? bb_json_make_str(p->api->time_format(a, ms)) : bb_cell_json(a, stored);
}

struct live_columns live_columns(struct bb_arena *a, const struct bb_rows *r)
{
	struct live_columns c = {
	    .names = bb_alloc(a, r->columns * sizeof *c.names),
	    .identity = column_of(r, "charge_point_id"),
	    .quirks = column_of(r, "quirks"),
	    .seen = column_of(r, "last_seen_at"),
	    .password = column_of(r, "has_password"),
	};
	for (uint32_t i = 0; i < c.seen; i++)
		c.names[i] = bb_strdup(a, r->names[i]);
	return c;
}

/* What holds for the messages of a link. */
static const struct bb_json *in_force(struct bb_arena *a, const struct bb_link *l)
{
	static const char *const members[] = {"rules", "quirks"};
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "validation", l->validation);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const struct bb_json *names = bb_json_get(l->quirks, members[i]);
		struct bb_builder list = bb_build(a);
		for (uint32_t k = 0; k < bb_json_count(names); k++)
			bb_push(&list, bb_json_make_str(bb_strdup(a, names->items[k].s)));
		bb_put_json(&b, members[i], bb_build_array(&list));
	}
	return bb_build_object(&b);
}

static void put_live(struct chargers *p, struct bb_builder *b, const char *charge_point_id,
		     const struct bb_val *stored_seen)
{
	const struct bb_link *link = p->api->link_find(charge_point_id);
	bb_put_bool(b, "connected", link != NULL);
	if (link)
		put_link(p, b, link);
	else
		put_no_link(b);
	bb_put_json(b, "in_force", link ? in_force(b->arena, link) : NULL);
	bb_put(b, "last_seen", last_seen(p, b->arena, link, charge_point_id, stored_seen));
}

const struct bb_json *live_connectors(struct bb_arena *a, const struct bb_rows *r, uint32_t *row,
				      int64_t charger, uint32_t first)
{
	struct bb_builder list = bb_build(a);
	for (; *row < r->rows && bb_cell_int(r, *row, 0, 0) == charger; ++*row) {
		if (bb_cell(r, *row, first)->type == BB_NULL)
			continue;
		struct bb_builder b = bb_build(a);
		bb_put_row(&b, r, *row, first);
		bb_push(&list, *bb_build_object(&b));
	}
	return bb_build_array(&list);
}

void live_put(struct chargers *p, struct bb_builder *b, const struct live_columns *c,
	      const struct bb_rows *r, uint32_t row)
{
	struct bb_arena *a = b->arena;
	for (uint32_t i = 0; i < c->seen; i++) {
		const struct bb_val *cell = bb_cell(r, row, i);
		/* The names of quirks are kept as JSON. */
		bb_put(b, c->names[i],
		       i == c->quirks ? bb_cell_parsed(p->api, a, cell) : bb_cell_json(a, cell));
	}
	bb_put_bool(b, "has_password", bb_cell_int(r, row, c->password, 0) != 0);
	put_live(p, b, bb_cell_text(r, row, c->identity), bb_cell(r, row, c->seen));
}

const struct bb_json *live_charger(struct chargers *p, struct bb_arena *a, const struct bb_rows *r)
{
	struct live_columns c = live_columns(a, r);
	struct bb_builder b = bb_build(a);
	uint32_t row = 0;
	live_put(p, &b, &c, r, 0);
	bb_put_json(&b, "connectors",
		    live_connectors(a, r, &row, bb_cell_int(r, 0, 0, 0), c.password + 1));
	return bb_build_object(&b);
}

void live_show_one(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = live_charger(r->self, r->arena, rows);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, v);
}

static const struct bb_json *link_json(const struct chargers *p, struct bb_arena *a,
				       const struct bb_link *l)
{
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "charge_point_id", bb_strdup(a, l->charge_point_id));
	bb_put_int(&b, "charger_id", l->charger_id);
	bb_put_str(&b, "operator_id", bb_strdup(a, l->operator_id));
	put_link(p, &b, l);
	put_time(p, &b, "last_seen", l->last_seen_ms);
	bb_put_str(&b, "validation", bb_strdup(a, l->validation));
	return bb_build_object(&b);
}

/* The links that a caller may see, after the cursor. */
struct gathered {
	struct bb_arena *arena;
	const char *operator_id, *after;
	const struct bb_link **links;
	uint32_t count, cap;
};

static bool gather(const struct bb_link *l, void *arg)
{
	struct gathered *g = arg;
	if ((g->operator_id && strcmp(g->operator_id, l->operator_id) != 0) ||
	    (g->after && strcmp(l->charge_point_id, g->after) <= 0))
		return true;
	if (g->count == g->cap) {
		g->cap = g->cap ? g->cap * 2 : 64;
		const struct bb_link **more = bb_alloc(g->arena, g->cap * sizeof(void *));
		if (g->count)
			memcpy(more, g->links, g->count * sizeof(void *));
		g->links = more;
	}
	g->links[g->count++] = l;
	return true;
}

static int by_identity(const void *a, const void *b)
{
	const struct bb_link *const *x = a, *const *y = b;
	return strcmp((*x)->charge_point_id, (*y)->charge_point_id);
}

int connection_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_TEXT, bb_is_name}};
	struct chargers *p = self;
	struct bb_val cursor;
	int64_t limit;
	if (!bb_filters(p->api, call, filters, 1, &cursor, &limit))
		return BB_DONE;
	struct bb_arena *a = p->api->arena(call);
	struct gathered g = {
	    .arena = a, .operator_id = p->api->attr(call, "operator_id"), .after = cursor.s};
	p->api->link_each(gather, &g);
	if (g.count)
		qsort(g.links, g.count, sizeof(void *), by_identity);
	struct bb_builder items = bb_build(a);
	for (uint32_t i = 0; i < g.count && i < limit; i++)
		bb_push(&items, *link_json(p, a, g.links[i]));
	const char *next = NULL;
	if (g.count > limit)
		next = bb_strdup(a, g.links[limit - 1]->charge_point_id);
	p->api->reply(call, bb_page_of(a, bb_build_array(&items), next));
	return BB_DONE;
}

int connection_get(struct bb_call *call, void *self)
{
	struct chargers *p = self;
	const char *own = p->api->attr(call, "operator_id");
	const struct bb_link *l = p->api->link_find(p->api->attr(call, "charge_point_id"));
	if (!l || (own && strcmp(own, l->operator_id) != 0))
		p->api->fail(call, "404", "no charger of this identity is connected");
	else
		p->api->reply(call, link_json(p, p->api->arena(call), l));
	return BB_DONE;
}
