/* The registry follows the table: the whole of it at start, then every few seconds what has
 * changed since, so that several nodes agree. Rows that another node deleted show as a difference
 * in number; then the whole table is read again and what is not in it goes. */
#include "chargers.h"

#define PAGE 2000
/* Rows become visible at their commit, a little after the time in them; clocks of nodes differ. */
#define OVERLAP_MS 10000

static void read_page(struct chargers *p);

static struct facts facts_of(const struct bb_rows *r, uint32_t i)
{
	return (struct facts){
	    .id = bb_cell_int(r, i, 0, 0),
	    .charge_point_id = bb_cell_text(r, i, 1),
	    .operator_id = bb_cell_text(r, i, 2),
	    .registration = bb_cell_text(r, i, 3),
	    .validation = bb_cell_text(r, i, 4),
	    .security_profile = bb_cell_int(r, i, 5, 0),
	    .password_hash = bb_cell_text(r, i, 6),
	    .quirks = bb_cell_text(r, i, 7),
	    .vendor = bb_cell_text(r, i, 8),
	    .model = bb_cell_text(r, i, 9),
	    .firmware_version = bb_cell_text(r, i, 10),
	    .serial_number = bb_cell_text(r, i, 11),
	    .pending_profile = bb_cell_int(r, i, 12, 0),
	    .pending = bb_cell_text(r, i, 13),
	};
}

void sync_rows(struct chargers *p, const struct bb_rows *r)
{
	for (uint32_t i = 0; i < r->rows; i++) {
		struct facts f = facts_of(r, i);
		if (registry_put(&p->registry, &f, p->sync.generation))
			p->api->link_close(f.charge_point_id, 1012,
					   "the charger's settings have changed");
	}
}

/* The boot has stored it, which is no change of settings and so does not come by refresh here. */
void sync_on_booted(const struct bb_json *event, void *self)
{
	struct chargers *p = self;
	struct charger *c =
	    registry_find(&p->registry, bb_json_get_str(event, "charge_point_id", ""));
	if (c)
		registry_introduce(c, bb_json_get_str(event, "registration", NULL),
				   bb_json_get_str(event, "vendor", NULL),
				   bb_json_get_str(event, "model", NULL),
				   bb_json_get_str(event, "firmware_version", NULL),
				   bb_json_get_str(event, "serial_number", NULL));
}

static void close_gone(const struct charger *c, void *arg)
{
	struct chargers *p = arg;
	p->api->link_close(c->facts.charge_point_id, 1008, "the charger was removed");
}

void sync_forget(struct chargers *p, const char *charge_point_id)
{
	struct charger *c = registry_find(&p->registry, charge_point_id);
	if (!c)
		return;
	close_gone(c, p);
	registry_remove(&p->registry, charge_point_id);
}

static bool failed(struct chargers *p, int err)
{
	if (!err)
		return false;
	p->sync.busy = false;
	if (err != -ECANCELED)
		p->api->log(p->me, BB_WARN, "cannot read chargers now; admitting those known: %s",
			    strerror(-err));
	return true;
}

static void on_page(int err, const struct bb_rows *r, void *arg)
{
	struct chargers *p = arg;
	if (failed(p, err))
		return;
	sync_rows(p, r);
	if (r->rows == PAGE) {
		p->sync.after_id = bb_cell_int(r, r->rows - 1, 0, 0);
		read_page(p);
		return;
	}
	registry_sweep(&p->registry, p->sync.generation, close_gone, p);
	if (!p->sync.loaded)
		p->api->log(p->me, BB_INFO, "chargers loaded count=%zu", p->registry.count);
	p->sync.loaded = true;
	p->api->starting(p->me, false);
	p->sync.busy = false;
	p->sync.since_ms = p->sync.started_ms - OVERLAP_MS;
}

static void read_page(struct chargers *p)
{
	struct bb_val v[] = {bb_i64(p->sync.after_id), bb_i64(PAGE)};
	int err = p->api->read(p->me, p->q[Q_LOAD], 2, v, on_page, p);
	if (err < 0)
		failed(p, err);
}

static void read_all(struct chargers *p)
{
	p->sync.generation++;
	p->sync.after_id = 0;
	read_page(p);
}

static void on_count(int err, const struct bb_rows *r, void *arg)
{
	struct chargers *p = arg;
	if (failed(p, err))
		return;
	if (bb_cell_int(r, 0, 0, 0) != (int64_t)p->registry.count) {
		read_all(p);
		return;
	}
	p->sync.busy = false;
	p->sync.since_ms = p->sync.started_ms - OVERLAP_MS;
}

static void on_changed(int err, const struct bb_rows *r, void *arg)
{
	struct chargers *p = arg;
	if (failed(p, err))
		return;
	sync_rows(p, r);
	err = p->api->read(p->me, p->q[Q_COUNT], 0, NULL, on_count, p);
	if (err < 0)
		failed(p, err);
}

static int read_changed(struct chargers *p)
{
	struct bb_arena *a = p->api->arena_new();
	struct bb_val v[] = {bb_time(p->api, a, p->sync.since_ms)};
	int err = p->api->read(p->me, p->q[Q_LOAD_CHANGED], 1, v, on_changed, p);
	p->api->arena_free(a);
	return err;
}

void sync_run(struct chargers *p)
{
	if (p->sync.busy)
		return;
	p->sync.busy = true;
	p->sync.started_ms = p->api->now_ms();
	int err = 0;
	if (p->sync.loaded)
		err = read_changed(p);
	else
		read_all(p);
	if (err < 0)
		failed(p, err);
}
