/* Transactions that no one has ended: after a configured time they end with their last reading.
 * Each in a unit of its own, so that one that storage refuses does not hold up the others. */
#include <errno.h>

#include "core16.h"
#include "ended.h"

struct sweep {
	struct core16 *core;
	struct bb_arena *arena;
	uint32_t left; /* units that have not come back */
};

struct overdue {
	struct sweep *sweep;
	struct transaction transaction;
	struct ended ended;
};

static void sweep_over(struct sweep *s)
{
	s->core->sweeping = false;
	s->core->api->arena_free(s->arena);
}

static void on_ended(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	struct overdue *o = arg;
	struct sweep *s = o->sweep;
	const struct bb_api *api = s->core->api;
	if (err)
		api->log(s->core->bb, BB_WARN, "transaction %lld could not be ended by estimate",
			 (long long)o->transaction.id);
	else if (o->ended.changed)
		api->log(s->core->bb, BB_INFO, "transaction %lld has ended by estimate",
			 (long long)o->transaction.id);
	ended_tell(&o->ended, s->arena, o->transaction.charge_point_id);
	if (!--s->left)
		sweep_over(s);
}

static void end(struct overdue *o)
{
	struct sweep *s = o->sweep;
	struct work u = work_begin(s->core);
	o->ended = (struct ended){.transaction = &o->transaction,
				  .ending = transaction_estimate(s->arena, &o->transaction)};
	ended_add(&u, s->arena, &o->ended, s->core->api->now_ms());
	work_commit(&u, on_ended, o);
}

static void on_overdue(int err, const struct bb_rows *rows, void *arg)
{
	struct sweep *s = arg;
	if (err || !rows->rows) {
		sweep_over(s);
		return;
	}
	uint32_t count = s->left = rows->rows;
	struct overdue *list = bb_alloc(s->arena, count * sizeof *list);
	for (uint32_t i = 0; i < count; i++) {
		list[i].sweep = s;
		list[i].transaction = transaction_from_row(s->core->api, s->arena, rows, i);
	}
	for (uint32_t i = 0; i < count; i++)
		end(&list[i]);
}

static void on_timer(void *arg)
{
	struct core16 *core = arg;
	const struct bb_api *api = core->api;
	if (core->sweeping)
		return;
	struct bb_arena *a = api->arena_new();
	struct sweep *s = bb_zalloc(a, sizeof *s);
	*s = (struct sweep){.core = core, .arena = a};
	core->sweeping = true;
	int64_t before = api->now_ms() - core->config->reconcile_after_ms;
	const struct bb_val v = bb_time(api, a, before);
	int err = api->read(core->bb, core->query[Q_OVERDUE_TRANSACTIONS], 1, &v, on_overdue, s);
	if (err < 0)
		sweep_over(s);
}

int reconciliation_start(struct core16 *core)
{
	core->sweep = core->api->timer(core->bb, (uint64_t)core->config->reconcile_every_ms, true,
				       on_timer, core);
	return core->sweep ? 0 : -ENOMEM;
}

void reconciliation_stop(struct core16 *core)
{
	if (core->sweep)
		core->api->release(core->sweep);
	core->sweep = NULL;
}
