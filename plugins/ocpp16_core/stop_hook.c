/* The hook `stop`: who answers it may flag a session that ends, and note something on it. The
 * session ends whatever it says. */
#include "core16.h"
#include "ended.h"

#define STOP_MS 2000u

struct asking {
	struct waiting *waiting;
	struct ending *ending;
	bb_fn *fn;
	void *arg;
};

static const struct bb_json *question(const struct waiting *w, const struct transaction *t,
				      const struct ending *e)
{
	const struct bb_api *api = w->core->api;
	struct bb_builder b = bb_build(w->arena);
	fact_begin(&b, t, w->link->charge_point_id);
	bb_put_str(&b, "parent_id_tag", t->parent_id_tag);
	bb_put_str(&b, "stop_id_tag", e->id_tag);
	bb_put_str(&b, "started_at", api->time_format(w->arena, e->started_ms));
	bb_put_str(&b, "stopped_at", api->time_format(w->arena, e->stopped_ms));
	bb_put_int(&b, "duration_s", (e->stopped_ms - e->started_ms) / 1000);
	bb_put_int(&b, "meter_start_wh", e->meter_start_wh);
	bb_put_int(&b, "meter_stop_wh", e->meter_stop_wh);
	bb_put_int(&b, "energy_wh", e->energy_wh);
	bb_put_str(&b, "reason", e->reason);
	bb_put_str(&b, "flags", e->flags);
	return bb_build_object(&b);
}

static bool is_word(const char *text)
{
	return *text && !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

static void on_answer(int err, const struct bb_json *v, void *arg)
{
	struct asking *ask = arg;
	struct bb_arena *a = ask->waiting->arena;
	const struct bb_json *flags = err ? NULL : bb_json_get(v, "flags");
	const char *note = err ? NULL : bb_json_get_str(v, "note", NULL);
	for (uint32_t i = 0; i < bb_json_count(flags); i++)
		if (is_word(flags->items[i].s))
			ask->ending->flags =
			    flags_add(a, ask->ending->flags, bb_strdup(a, flags->items[i].s));
	ask->ending->note = note ? bb_strdup(a, note) : NULL;
	ask->fn(ask->arg);
}

void stop_ask(struct waiting *w, const struct transaction *t, struct ending *ending, bb_fn *fn,
	      void *arg)
{
	struct asking *ask = bb_alloc(w->arena, sizeof *ask);
	*ask = (struct asking){w, ending, fn, arg};
	int err = w->core->api->ask_hook(w->core->bb, "stop", question(w, t, ending), STOP_MS,
					 on_answer, ask);
	if (err < 0)
		on_answer(err, NULL, ask);
}
