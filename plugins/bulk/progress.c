/* The topics bulk.progress and bulk.ended. One fact has the counts of all chargers, so that a large
 * bulk command tells no more than a small one. */
#include "run.h"

#define EVERY_MS 1000

bool progress_is_due(const struct run *run)
{
	return run->moved && run->p->api->now_ms() - run->told_ms >= EVERY_MS;
}

void progress_counted(int err, const struct bb_rows *rows, void *arg)
{
	struct run *run = arg;
	if (!err)
		run->counts = bulk_counts(run->pass, rows, &run->total);
}

void progress_count(struct run *run, bb_rows_fn *fn)
{
	const struct bulk *p = run->p;
	const struct bb_val id = bb_text(run->id);
	if (p->api->read(p->me, p->q[Q_COUNTS], 1, &id, fn, run) < 0)
		pass_end(run);
}

void progress_add(struct run *run, struct bb_unit *unit)
{
	const struct bb_val id = bb_text(run->id);
	run->p->api->add(unit, run->p->q[Q_COUNTS], 1, &id, progress_counted, run);
}

void progress_tell(struct run *run, const char *topic, const char *state)
{
	const struct bb_api *api = run->p->api;
	struct bb_builder b = bb_build(run->pass);
	bb_put_str(&b, "id", run->id);
	bb_put_str(&b, "operator_id", run->operator_id);
	bb_put_str(&b, "action", run->action);
	bb_put_str(&b, "state", state);
	bb_put_int(&b, "total", run->total);
	bb_put_json(&b, "counts", run->counts);
	api->emit(run->p->me, NULL, topic, bb_build_object(&b));
	run->moved = false;
	run->told_ms = api->now_ms();
}
