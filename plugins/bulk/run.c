/* Working bulk commands off. A pass over one first takes up what its commands have come to, then
 * claims the next chargers, as many as may be asked at once, and asks them once the claim is
 * committed: a charger is never asked twice, whenever the process ends. */
#include "run.h"

/* A claim whose command is not stored by then never will be. */
#define UNASKED_MS 60000

static void on_pace(void *arg);

static void keep_pace(struct bulk *p)
{
	if (p->timer)
		p->api->release(p->timer);
	p->timer =
	    p->runs ? p->api->timer(p->me, (uint64_t)p->cfg->pace_ms, true, on_pace, p) : NULL;
}

void run_add(struct bulk *p, const char *id, const char *operator_id, const char *action,
	     const struct bb_json *payload, int64_t at_once, bool queue, int64_t deadline_ms)
{
	struct bb_arena *a = p->api->arena_new();
	struct run *run = bb_zalloc(a, sizeof *run);
	const char *text = p->api->json_write(a, payload, NULL);
	*run = (struct run){
	    .next = p->runs,
	    .p = p,
	    .arena = a,
	    .id = bb_strdup(a, id),
	    .operator_id = bb_strdup(a, operator_id),
	    .action = bb_strdup(a, action),
	    .requested_by = bb_printf(a, "bulk %s", id),
	    .at_once = at_once,
	    .queue = queue,
	    .deadline_ms = deadline_ms,
	    .moved = true,
	};
	p->api->json_parse(a, text, strlen(text), &run->payload, NULL);
	p->runs = run;
	if (!p->timer)
		keep_pace(p);
}

static void run_free(struct run *run)
{
	const struct bb_api *api = run->p->api;
	if (run->pass)
		api->arena_free(run->pass);
	api->arena_free(run->arena);
}

static void run_end(struct run *run)
{
	struct bulk *p = run->p;
	struct run **at = &p->runs;
	while (*at != run)
		at = &(*at)->next;
	*at = run->next;
	run_free(run);
	if (!p->runs)
		keep_pace(p);
}

void pass_end(struct run *run)
{
	run->p->api->arena_free(run->pass);
	run->pass = NULL;
	run->busy = false;
}

static void mark(struct bb_unit *unit, const struct candidate *c, const char *state,
		 const char *detail)
{
	const struct bulk *p = c->run->p;
	const struct bb_val v[] = {bb_text(c->run->id), bb_i64(c->charger_id), bb_text(state),
				   bb_text(detail)};
	p->api->add(unit, p->q[Q_UNASKED], 4, v, NULL, NULL);
}

/* Why ask_charger() would not take it. */
static const char *reason_of(int err, const struct bb_json *errors)
{
	switch (err) {
	case -EOPNOTSUPP:
		return "NotSupported: no plugin here sends this action";
	case -ENOTCONN:
		return "the charger is not connected";
	default:
		return bb_json_get_str(bb_json_at(errors, 0), "rule", "it may not be sent");
	}
}

static void ask(struct bb_unit *unit, const struct candidate *c)
{
	const struct run *run = c->run;
	const struct bulk *p = run->p;
	int64_t left = run->deadline_ms - p->api->now_ms();
	const struct bb_json *errors = NULL;
	const struct bb_ask question = {
	    .charge_point_id = c->charge_point_id,
	    .action = run->action,
	    .payload = run->payload,
	    .deadline_ms = run->queue && left > 0 ? (uint32_t)left : 0,
	    .queue = run->queue,
	    .requested_by = run->requested_by,
	    .operator_id = run->operator_id,
	};
	int err = p->api->ask_charger(p->me, &question, run->pass, NULL, &errors, NULL, NULL);
	if (err)
		mark(unit, c, "failed", reason_of(err, errors));
}

static void on_marked(int err, const struct bb_rows *rows, void *arg)
{
	(void)err;
	(void)rows;
	pass_end(arg);
}

static void on_claim(int err, const struct bb_rows *rows, void *arg)
{
	((struct candidate *)arg)->claimed = !err && rows->rows;
}

static void on_claimed(int err, const struct bb_rows *rows, void *arg)
{
	struct run *run = arg;
	const struct bb_api *api = run->p->api;
	(void)rows;
	if (err) {
		pass_end(run);
		return;
	}
	struct bb_unit *unit = api->begin(run->p->me);
	for (uint32_t i = 0; i < run->count; i++)
		if (run->candidates[i].claimed)
			ask(unit, &run->candidates[i]);
	if (api->commit(unit, on_marked, run) < 0)
		pass_end(run);
}

/* A charger that is not there fails now, or waits: it will be looked at when it connects. */
static void claim(struct run *run)
{
	const struct bulk *p = run->p;
	const struct bb_val now = bb_now(p->api, run->pass);
	struct bb_unit *unit = p->api->begin(p->me);
	run->moved = true;
	for (uint32_t i = 0; i < run->count; i++) {
		struct candidate *c = &run->candidates[i];
		const struct bb_val v[] = {bb_text(run->id), bb_i64(c->charger_id), now};
		if (p->api->link_find(c->charge_point_id))
			p->api->add(unit, p->q[Q_CLAIM], 3, v, on_claim, c);
		else if (!run->queue)
			mark(unit, c, "failed", "the charger is not connected");
		if (!run->rewound && c->charger_id > run->after_id)
			run->after_id = c->charger_id;
	}
	if (p->api->commit(unit, on_claimed, run) < 0)
		pass_end(run);
}

static void on_next(int err, const struct bb_rows *r, void *arg)
{
	struct run *run = arg;
	if (err || !r->rows) {
		pass_end(run);
		return;
	}
	run->candidates = bb_zalloc(run->pass, r->rows * sizeof *run->candidates);
	run->count = r->rows;
	for (uint32_t i = 0; i < r->rows; i++)
		run->candidates[i] = (struct candidate){
		    .run = run,
		    .charger_id = bb_cell_int(r, i, 0, 0),
		    .charge_point_id = bb_strdup(run->pass, bb_cell_text(r, i, 1)),
		};
	claim(run);
}

static void on_ended(int err, const struct bb_rows *rows, void *arg)
{
	struct run *run = arg;
	if (!err && rows->rows)
		run->ended = bb_strdup(run->pass, bb_cell_text(rows, 0, 0));
}

static void on_done(int err, const struct bb_rows *rows, void *arg)
{
	struct run *run = arg;
	(void)rows;
	if (err) {
		pass_end(run);
		return;
	}
	if (run->ended && run->counts)
		progress_tell(run, "bulk.ended", run->ended);
	run_end(run);
}

/* Only one process ends it, and tells. */
static void finish(struct run *run)
{
	const struct bulk *p = run->p;
	const struct bb_val v[] = {bb_text(run->id), bb_now(p->api, run->pass)};
	struct bb_unit *unit = p->api->begin(p->me);
	run->ended = NULL;
	p->api->add(unit, p->q[Q_DONE], 2, v, on_ended, run);
	progress_add(run, unit);
	if (p->api->commit(unit, on_done, run) < 0)
		pass_end(run);
}

static void read_next(struct run *run)
{
	const struct bulk *p = run->p;
	const struct bb_val v[] = {bb_text(run->id), bb_i64(run->after_id),
				   bb_i64(run->at_once - run->asked)};
	run->rewound = false;
	if (p->api->read(p->me, p->q[Q_NEXT], 3, v, on_next, run) < 0)
		pass_end(run);
}

static void on_open(int err, const struct bb_rows *r, void *arg)
{
	struct run *run = arg;
	if (err || !r->rows)
		return;
	const char *state = bb_cell_text(r, 0, 0);
	run->state = bb_strdup(run->pass, state ? state : "stopped");
	if (!run->stopped && strcmp(run->state, "running") != 0)
		run->stopped = run->moved = true;
	run->open = bb_cell_int(r, 0, 1, 0);
	run->asked = bb_cell_int(r, 0, 2, 0);
}

static void on_moved(int err, const struct bb_rows *rows, void *arg)
{
	struct run *run = arg;
	run->moved = run->moved || (!err && rows->changed);
}

static void go_on(struct run *run)
{
	if (!strcmp(run->state, "running") && run->asked < run->at_once)
		read_next(run);
	else
		pass_end(run);
}

static void on_counted(int err, const struct bb_rows *rows, void *arg)
{
	struct run *run = arg;
	progress_counted(err, rows, run);
	if (run->counts)
		progress_tell(run, "bulk.progress", run->state);
	go_on(run);
}

static void on_settled(int err, const struct bb_rows *rows, void *arg)
{
	struct run *run = arg;
	(void)rows;
	if (err || !run->state)
		pass_end(run);
	else if (!run->open)
		finish(run);
	else if (progress_is_due(run))
		progress_count(run, on_counted);
	else
		go_on(run);
}

static void pass(struct run *run)
{
	const struct bulk *p = run->p;
	run->pass = p->api->arena_new();
	run->busy = true;
	run->state = NULL;
	run->counts = NULL;
	int64_t now_ms = p->api->now_ms();
	const struct bb_val v[] = {bb_text(run->id), bb_time(p->api, run->pass, now_ms)};
	const struct bb_val lost[] = {
	    v[0], bb_time(p->api, run->pass, run->fresh ? now_ms - UNASKED_MS : now_ms)};
	run->fresh = true;
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_UNCLAIM], 2, lost, on_moved, run);
	p->api->add(unit, p->q[Q_SETTLE], 1, v, on_moved, run);
	p->api->add(unit, p->q[Q_EXPIRE], 2, v, on_moved, run);
	p->api->add(unit, p->q[Q_OPEN], 1, v, on_open, run);
	if (p->api->commit(unit, on_settled, run) < 0)
		pass_end(run);
}

static void on_pace(void *arg)
{
	const struct bulk *p = arg;
	for (struct run *run = p->runs; run; run = run->next)
		if (!run->busy)
			pass(run);
}

void run_on_connected(const struct bb_json *event, void *self)
{
	const struct bulk *p = self;
	int64_t id = bb_json_get_int(event, "charger_id", 0);
	for (struct run *run = p->runs; run; run = run->next)
		if (run->queue && run->after_id >= id) {
			run->after_id = id - 1;
			run->rewound = true;
		}
}

static void load_one(struct bulk *p, const struct bb_rows *r, uint32_t i)
{
	struct bb_arena *a = p->api->arena_new();
	const struct bb_json *payload = bb_json_empty(a);
	const char *text = bb_cell_text(r, i, 3), *deadline = bb_cell_text(r, i, 6);
	int64_t deadline_ms = 0;
	if (p->api->json_parse(a, text, strlen(text), &payload, NULL) ||
	    p->api->time_parse(deadline, strlen(deadline), &deadline_ms))
		p->api->log(p->me, BB_ERROR, "bulk command %s cannot be read from the database",
			    bb_cell_text(r, i, 0));
	else
		run_add(p, bb_cell_text(r, i, 0), bb_cell_text(r, i, 1), bb_cell_text(r, i, 2),
			payload, bb_cell_int(r, i, 4, 1), !strcmp(bb_cell_text(r, i, 5), "queue"),
			deadline_ms);
	p->api->arena_free(a);
}

static void on_loaded(int err, const struct bb_rows *r, void *arg)
{
	struct bulk *p = arg;
	if (err && err != -ECANCELED)
		p->api->log(p->me, BB_ERROR, "bulk commands that run could not be read");
	for (uint32_t i = 0; !err && i < r->rows; i++)
		load_one(p, r, i);
}

void run_start(struct bulk *p)
{
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_FORGET_UNREADY], 0, NULL, NULL, NULL);
	p->api->add(unit, p->q[Q_RUNNING], 0, NULL, on_loaded, p);
	p->api->commit(unit, NULL, NULL);
}

void run_stop(struct bulk *p)
{
	if (p->timer)
		p->api->release(p->timer);
	p->timer = NULL;
}

void run_forget(struct bulk *p)
{
	while (p->runs) {
		struct run *run = p->runs;
		p->runs = run->next;
		run_free(run);
	}
}
