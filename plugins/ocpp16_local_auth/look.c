/* Finds lists that are not as they should be. All that counts is in the database, so that nothing
 * is forgotten with the process; changes of tokens are taken together until the next look. */
#include "local_auth.h"

/* Brought up to date while the look was reading: what it has read of it is old. */
struct ended {
	struct ended *next;
	int64_t charger_id;
};

struct look {
	struct local_auth *p;
	struct bb_arena *arena;
	int64_t after;
	struct ended *ended;
};

static void look_on(struct look *);

static void over(struct look *l)
{
	l->p->look = NULL;
	l->p->api->arena_free(l->arena);
}

void look_ended(struct local_auth *p, int64_t charger_id)
{
	if (!p->look)
		return;
	struct ended *e = bb_alloc(p->look->arena, sizeof *e);
	*e = (struct ended){p->look->ended, charger_id};
	p->look->ended = e;
}

static bool is_old(const struct look *l, int64_t charger_id)
{
	const struct ended *e = l->ended;
	while (e && e->charger_id != charger_id)
		e = e->next;
	return e;
}

static void on_due(int err, const struct bb_rows *rows, void *arg)
{
	struct look *l = arg;
	struct local_auth *p = l->p;
	for (uint32_t i = 0; !err && i < rows->rows; i++) {
		const struct bb_link *link = p->api->link_find(bb_cell_text(rows, i, 1));
		l->after = bb_cell_int(rows, i, 0, 0);
		if (link && p->sync_count < p->cfg->at_once &&
		    !sync_is_at_work(p, link->charger_id) && !is_old(l, link->charger_id))
			sync_begin(p, link->charger_id, link->charge_point_id);
	}
	if (!err && rows->rows == 500 && p->sync_count < p->cfg->at_once)
		look_on(l);
	else
		over(l);
}

static void look_on(struct look *l)
{
	struct local_auth *p = l->p;
	l->ended = NULL;
	const struct bb_val v[] = {bb_i64(l->after), bb_text(p->cfg->lists),
				   bb_now(p->api, l->arena)};
	if (p->api->read(p->me, p->q[Q_DUE], 3, v, on_due, l) < 0)
		over(l);
}

void look_soon(struct local_auth *p)
{
	if (p->look || p->stopping)
		return;
	struct bb_arena *a = p->api->arena_new();
	struct look *l = bb_alloc(a, sizeof *l);
	*l = (struct look){.p = p, .arena = a};
	p->look = l;
	look_on(l);
}

static void on_timer(void *arg)
{
	look_soon(arg);
}

static void look_at(struct local_auth *p, const struct bb_json *event, enum query why)
{
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val v[] = {bb_i64(bb_json_get_int(event, "charger_id", 0)),
				   bb_now(p->api, a)};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[why], 2, v, NULL, NULL);
	p->api->commit(unit, NULL, NULL);
	p->api->arena_free(a);
}

/* A charger that has started may have lost its list, or been changed. */
void look_on_booted(const struct bb_json *event, void *self)
{
	look_at(self, event, Q_BOOTED);
}

/* So may one that was away: it is asked for its version. */
void look_on_connected(const struct bb_json *event, void *self)
{
	look_at(self, event, Q_CONNECTED);
}

int look_start(struct local_auth *p)
{
	p->timer = p->api->timer(p->me, (uint64_t)p->cfg->check_every_ms, true, on_timer, p);
	return p->timer ? 0 : -ENOMEM;
}

void look_stop(struct local_auth *p)
{
	p->stopping = true;
	if (p->timer)
		p->api->release(p->timer);
	p->timer = NULL;
}
