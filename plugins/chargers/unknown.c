/* Chargers that nobody registered, where the option `unknown` lets them in. An upgrade must be
 * answered at once, so their ids are taken from the database beforehand. */
#include "chargers.h"

struct newcomer {
	struct chargers *p;
	struct bb_arena *arena;
	const char *charge_point_id;
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

static void on_registered(int err, const struct bb_rows *r, void *arg)
{
	struct newcomer *n = arg;
	struct chargers *p = n->p;
	(void)r;
	if (err) {
		/* Another node was faster, or nothing is stored: it comes again. */
		p->api->log(p->me, BB_WARN, "unknown charger %s could not be registered: %s",
			    n->charge_point_id, strerror(-err));
		registry_remove(&p->registry, n->charge_point_id);
		p->api->link_close(n->charge_point_id, 1013, "the charger could not be registered");
		if (err == -EEXIST)
			sync_run(p);
	}
	p->api->arena_free(n->arena);
}

static void store(struct chargers *p, const struct facts *f)
{
	struct bb_arena *a = p->api->arena_new();
	struct newcomer *n = bb_alloc(a, sizeof *n);
	*n = (struct newcomer){p, a, bb_strdup(a, f->charge_point_id)};
	struct bb_val v[] = {bb_i64(f->id), bb_text(f->operator_id), bb_text(f->charge_point_id),
			     bb_text(f->registration),
			     bb_text(p->api->time_format(a, p->api->now_ms()))};
	struct bb_unit *u = p->api->begin(p->me);
	p->api->add(u, p->q[Q_REGISTER_UNKNOWN], 5, v, NULL, NULL);
	int err = p->api->commit(u, on_registered, n);
	if (err < 0)
		on_registered(err, NULL, n);
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
	    .validation = "strict",
	};
	/* A later generation than that of a pass at work, which cannot have seen the row. */
	registry_put(&p->registry, &f, p->sync.generation + 1);
	store(p, &f);
	p->api->log(p->me, BB_INFO, "unknown charger registered charge_point_id=%s registration=%s",
		    f.charge_point_id, f.registration);
	return registry_find(&p->registry, charge_point_id);
}
