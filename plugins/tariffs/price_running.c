/* The service "tariffs/1": the price of a session that runs, as if it ended now. Read and asked as
 * by the task price_transaction; nothing is stored. */
#include "price_running.h"
#include "bill.h"

/* The plugin's only instance: a service's functions are asked without one. */
static struct tariffs *the;

struct running {
	bb_running_fn *fn;
	void *arg;
};

static void end(struct pricing *t, int err, const struct bb_running_price *p)
{
	t->running->fn(err, p, t->running->arg);
	t->plugin->api->arena_free(t->arena);
}

void running_end(struct pricing *t, int err)
{
	end(t, err, NULL);
}

int running_facts(struct pricing *t, const char *state, int64_t meter_last_wh)
{
	if (!strcmp(state, "completed"))
		return -ENOENT;
	if (strcmp(state, "active") != 0)
		return -EBUSY;
	int64_t now = t->plugin->api->now_ms();
	struct facts *f = &t->facts;
	if (now > f->session.from_ms)
		f->session.to_ms = now;
	f->energy_wh = meter_last_wh > f->meter_start_wh ? meter_last_wh - f->meter_start_wh : 0;
	return 0;
}

static int64_t power_of(const struct facts *f)
{
	for (size_t i = f->reading_count; i-- > 0;)
		if (f->readings[i].power_w >= 0)
			return f->readings[i].power_w;
	return -1;
}

void running_answered(int err, const struct bb_json *v, void *arg)
{
	struct pricing *t = arg;
	struct bb_running_price p = {.session = t->session, .power_w = power_of(&t->facts)};
	if (err && err != -ENOENT)
		p.error = bb_json_get_str(v, "detail", strerror(-err));
	else if (!err && !(p.error = bill_fault(t->arena, v)))
		p.bill = v;
	end(t, err == -ECANCELED ? err : 0, err == -ECANCELED ? NULL : &p);
}

static void price_running(int64_t transaction_id, bb_running_fn *fn, void *arg)
{
	struct bb_arena *a = the->api->arena_new();
	struct pricing *t = bb_zalloc(a, sizeof *t);
	struct running *r = bb_alloc(a, sizeof *r);
	*r = (struct running){fn, arg};
	*t = (struct pricing){.plugin = the, .arena = a, .id = transaction_id, .running = r};
	pricing_read(t);
}

void running_open(struct tariffs *p)
{
	the = p;
}

const struct bb_tariffs tariffs_service = {sizeof tariffs_service, price_running};
