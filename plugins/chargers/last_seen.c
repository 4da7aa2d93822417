/* chargers.last_seen_at: a sign of life is kept in memory and stored once a minute. */
#include "chargers.h"

#define UNIT_MOST 1000u

struct flush {
	struct chargers *p;
	struct bb_arena *arena;
	struct bb_unit *unit;
	uint32_t count;
};

static void note(struct chargers *p, const char *charge_point_id, int64_t seen_ms)
{
	struct charger *c = registry_find(&p->registry, charge_point_id);
	if (c && seen_ms > c->seen_ms)
		c->seen_ms = seen_ms;
}

static bool note_link(const struct bb_link *link, void *arg)
{
	note(arg, link->charge_point_id, link->last_seen_ms);
	return true;
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	struct chargers *p = arg;
	(void)rows;
	if (err && err != -ECANCELED)
		p->api->log(p->me, BB_WARN, "when chargers were last seen could not be stored: %s",
			    strerror(-err));
}

static void end_unit(struct flush *f)
{
	if (f->unit)
		f->p->api->commit(f->unit, on_stored, f->p);
	f->unit = NULL;
	f->count = 0;
}

static void store_one(struct charger *c, void *arg)
{
	struct flush *f = arg;
	if (c->seen_ms <= c->stored_seen_ms)
		return;
	const struct bb_api *api = f->p->api;
	if (!f->unit)
		f->unit = api->begin(f->p->me);
	struct bb_val v[] = {bb_i64(c->facts.id), bb_time(api, f->arena, c->seen_ms)};
	api->add(f->unit, f->p->q[Q_SET_LAST_SEEN], 2, v, NULL, NULL);
	c->stored_seen_ms = c->seen_ms;
	if (++f->count == UNIT_MOST)
		end_unit(f);
}

void last_seen_flush(struct chargers *p)
{
	struct flush f = {.p = p, .arena = p->api->arena_new()};
	p->api->link_each(note_link, p);
	registry_each(&p->registry, store_one, &f);
	end_unit(&f);
	p->api->arena_free(f.arena);
}

void last_seen_on_disconnect(const struct bb_json *event, void *self)
{
	struct chargers *p = self;
	const char *id = bb_json_get_str(event, "charge_point_id", NULL);
	if (id)
		note(p, id, p->api->now_ms());
}
