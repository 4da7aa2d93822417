/* Chargers that nobody registered, where the option `unknown` lets them in. An upgrade must be
 * answered at once, so their ids are taken from the database beforehand; what they say before
 * their row is committed waits for it. */
#include "chargers.h"

/* One whose row is not committed yet. */
struct newcomer {
	struct chargers *p;
	struct bb_arena *arena;
	const char *charge_point_id;
	struct waiting *waiting;
	struct newcomer *next;
};

/* Its message that waits for that; in the call's arena. */
struct waiting {
	struct bb_reply *reply;
	struct waiting *next;
};

static void on_reserved(int err, const struct bb_rows *r, void *arg)
{
	struct chargers *p = arg;
	if (!err && r->rows && p->reserved_count < RESERVE)
		p->reserved[p->reserved_count++] = bb_cell_int(r, 0, 0, 0);
}

static void on_reserve_done(int err, const struct bb_rows *r, void *arg)
{
	struct chargers *p = arg;
	(void)r;
	p->reserving = false;
	if (err && err != -ECANCELED)
		p->api->log(p->me, BB_WARN, "cannot reserve ids for unknown chargers: %s",
			    strerror(-err));
}

void unknown_reserve(struct chargers *p)
{
	if (p->reserving || p->reserved_count > RESERVE / 2 || !strcmp(p->cfg->unknown, "reject"))
		return;
	struct bb_unit *u = p->api->begin(p->me);
	for (uint32_t i = p->reserved_count; i < RESERVE; i++)
		p->api->add(u, p->q[Q_RESERVE_ID], 0, NULL, on_reserved, p);
	p->reserving = true;
	if (p->api->commit(u, on_reserve_done, p) < 0)
		p->reserving = false;
}

static struct newcomer **newcomer_at(struct chargers *p, const char *charge_point_id)
{
	struct newcomer **at = &p->newcomers;
	while (*at && strcmp((*at)->charge_point_id, charge_point_id) != 0)
		at = &(*at)->next;
	return at;
}

int unknown_wait(struct bb_call *call, void *self)
{
	struct chargers *p = self;
	struct newcomer *n =
	    p->newcomers ? *newcomer_at(p, p->api->link(call)->charge_point_id) : NULL;
	if (!n)
		return BB_PASS;
	struct waiting *w = bb_alloc(p->api->arena(call), sizeof *w);
	*w = (struct waiting){p->api->defer(call, 0, NULL, NULL), n->waiting};
	n->waiting = w;
	return BB_LATER;
}

static void end_waiting(struct newcomer *n, int err)
{
	const struct bb_api *api = n->p->api;
	for (struct waiting *w = n->waiting, *next; w; w = next) {
		next = w->next;
		if (err)
			api->reject(w->reply, "InternalError", "the charger is not registered");
		else
			api->pass(w->reply);
	}
}

/* Another node was faster, or nothing is stored: it shall come again. */
static void turn_away(struct chargers *p, const char *charge_point_id, int err)
{
	p->api->log(p->me, BB_WARN, "unknown charger %s could not be registered: %s",
		    charge_point_id, strerror(-err));
	registry_remove(&p->registry, charge_point_id);
	p->api->link_close(charge_point_id, 1013, "the charger could not be registered");
	if (err == -EEXIST)
		sync_run(p);
}

static void on_registered(int err, const struct bb_rows *r, void *arg)
{
	struct newcomer *n = arg;
	struct chargers *p = n->p;
	(void)r;
	*newcomer_at(p, n->charge_point_id) = n->next;
	end_waiting(n, err);
	if (err)
		turn_away(p, n->charge_point_id, err);
	p->api->arena_free(n->arena);
}

static void store(struct chargers *p, const struct facts *f)
{
	struct bb_arena *a = p->api->arena_new();
	struct newcomer *n = bb_alloc(a, sizeof *n);
	*n = (struct newcomer){p, a, bb_strdup(a, f->charge_point_id), NULL, p->newcomers};
	p->newcomers = n;
	struct bb_val v[] = {bb_i64(f->id), bb_text(f->operator_id), bb_text(f->charge_point_id),
			     bb_text(f->registration), bb_now(p->api, a)};
	struct bb_unit *u = p->api->begin(p->me);
	p->api->add(u, p->q[Q_REGISTER_UNKNOWN], 5, v, NULL, NULL);
	bb_commit(p->api, u, on_registered, n);
}

struct charger *unknown_register(struct chargers *p, const char *charge_point_id)
{
	unknown_reserve(p);
	if (!p->reserved_count)
		return NULL;
	struct facts f = {
	    .id = p->reserved[--p->reserved_count],
	    .charge_point_id = charge_point_id,
	    .operator_id = p->cfg->unknown_operator,
	    .registration = !strcmp(p->cfg->unknown, "accept") ? "accepted" : "pending",
	};
	/* A later generation than that of a pass at work, which cannot have seen the row. */
	registry_put(&p->registry, &f, p->sync.generation + 1);
	store(p, &f);
	struct charger *c = registry_find(&p->registry, charge_point_id);
	if (!c)
		return NULL;
	p->api->log(p->me, BB_INFO, "unknown charger registered charge_point_id=%s registration=%s",
		    f.charge_point_id, f.registration);
	return c;
}
