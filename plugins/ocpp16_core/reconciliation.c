/* Transactions that no one has ended: after a configured time they end with their last reading. */
#include "core16.h"
#include "ended.h"

struct sweep {
	struct core16 *core;
	struct bb_arena *arena;
	struct transaction *list;
	struct ended *ended;
	uint32_t count;
};

static void sweep_over(struct sweep *s)
{
	const struct bb_api *api = s->core->api;
	s->core->sweeping = false;
	api->arena_free(s->arena);
}

static void on_ended(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	struct sweep *s = arg;
	const struct bb_api *api = s->core->api;
	if (err)
		api->log(s->core->bb, BB_WARN, "reconciliation could not end %u transactions",
			 s->count);
	for (uint32_t i = 0; !err && i < s->count; i++) {
		api->log(s->core->bb, BB_INFO, "transaction %lld has ended by estimate",
			 (long long)s->list[i].id);
		ended_tell(&s->ended[i], s->arena, s->list[i].charge_point_id);
	}
	sweep_over(s);
}

static void on_overdue(int err, const struct bb_rows *rows, void *arg)
{
	struct sweep *s = arg;
	const struct bb_api *api = s->core->api;
	if (err || !rows->rows) {
		sweep_over(s);
		return;
	}
	s->count = rows->rows;
	s->list = transactions_from_rows(api, s->arena, rows);
	s->ended = bb_alloc(s->arena, s->count * sizeof *s->ended);
	struct work u = work_begin(s->core);
	for (uint32_t i = 0; i < s->count; i++) {
		const struct transaction *t = &s->list[i];
		s->ended[i] =
		    (struct ended){.transaction = t, .ending = transaction_estimate(s->arena, t)};
		ended_add(&u, s->arena, &s->ended[i], api->now_ms());
	}
	work_commit(&u, on_ended, s);
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
	const struct bb_val v = bb_text(api->time_format(a, before));
	int err = api->read(core->bb, core->query[Q_OVERDUE_TRANSACTIONS], 1, &v, on_overdue, s);
	if (err < 0)
		sweep_over(s);
}

int reconciliation_start(struct core16 *core)
{
	core->sweep = core->api->timer(core->bb, (uint64_t)core->config->reconcile_every_ms, true,
				       on_timer, core);
	return core->sweep ? 0 : -1;
}

void reconciliation_stop(struct core16 *core)
{
	if (core->sweep)
		core->api->release(core->sweep);
	core->sweep = NULL;
}
