#include <errno.h>

#include "core16.h"

int waiting_begin(struct waiting *w, struct core16 *core, struct bb_call *call)
{
	const struct bb_api *api = core->api;
	*w = (struct waiting){
	    .core = core,
	    .call = call,
	    .arena = api->arena(call),
	    .link = api->link(call),
	    .payload = api->payload(call),
	    .now_ms = api->now_ms(),
	};
	w->now = api->time_format(w->arena, w->now_ms);
	w->reply = api->defer(call, 0, NULL, NULL);
	return w->reply ? 0 : -EBUSY;
}

void waiting_answer(struct waiting *w, const struct bb_json *v)
{
	w->core->api->resolve(w->reply, v);
}

void waiting_fail(struct waiting *w, int err, const char *what)
{
	const char *why = err == -EAGAIN      ? "storage is away"
			  : err == -ECANCELED ? "the server is stopping"
			  : err == -EEXIST    ? "storage refused it"
					      : "storage failed";
	w->core->api->log(w->core->bb, err == -EAGAIN ? BB_WARN : BB_ERROR, "%s: %s: %s",
			  w->link->charge_point_id, what, why);
	w->core->api->reject(w->reply, "InternalError", bb_printf(w->arena, "%s: %s", what, why));
}

struct bb_val waiting_time(const struct waiting *w, int64_t ms)
{
	return bb_text(ms == w->now_ms ? w->now : w->core->api->time_format(w->arena, ms));
}

void waiting_read(struct waiting *w, enum core16_query q, uint32_t n, const struct bb_val *v,
		  bb_rows_fn *fn, void *arg)
{
	struct core16 *core = w->core;
	bb_read(core->api, core->bb, core->query[q], n, v, fn, arg);
}

struct work work_begin(struct core16 *core)
{
	struct bb_unit *unit = core->api->begin(core->bb);
	return (struct work){.core = core, .unit = unit, .err = unit ? 0 : -EAGAIN};
}

void work_add(struct work *u, enum core16_query q, uint32_t n, const struct bb_val *v,
	      bb_rows_fn *fn, void *arg)
{
	u->count++;
	if (!u->err)
		u->err = u->core->api->add(u->unit, u->core->query[q], n, v, fn, arg);
}

void work_commit(struct work *u, bb_rows_fn *fn, void *arg)
{
	const struct bb_api *api = u->core->api;
	int err = u->err;
	if (!err && u->count)
		err = api->commit(u->unit, fn, arg);
	else if (u->unit)
		api->rollback(u->unit);
	if (err || !u->count)
		fn(err, NULL, arg);
}
