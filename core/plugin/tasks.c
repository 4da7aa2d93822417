#include "plugin/tasks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/stats.h"
#include "json/json.h"

#define POLL_MS 1000u
#define SWEEP_MS 3600000u
#define KEEP_DONE_MS (7 * 24 * 3600000ll)
#define MOST_JOBS 16u /* at work */

static const char *const query_names[TASK_QUERIES] = {
    [TASK_ADD] = "task_add",           [TASKS_DUE] = "tasks_due",
    [TASK_CLAIM] = "task_claim",       [TASK_DONE] = "task_done",
    [TASK_RETRY] = "task_retry",       [TASK_DEAD] = "task_dead",
    [TASK_PUT_BACK] = "task_put_back", [TASKS_RELEASE] = "tasks_release",
    [TASKS_SWEEP] = "tasks_sweep",
};

static bool is_running(const struct task_runner *r)
{
	return r->poll != NULL;
}

static void write_one(struct task_runner *r, enum task_query q, int64_t ms)
{
	char at[CLOCK_TEXT_SIZE];
	clock_format(ms, at);
	struct bb_val v = bb_text(at);
	struct bb_unit *unit = db_begin(r->host->db, NULL);
	db_add(unit, r->queries[q], 1, &v, NULL, NULL);
	db_commit(unit, NULL, NULL);
}

static void on_due(int err, const struct bb_rows *rows, void *arg)
{
	struct task_runner *r = arg;
	r->looking = false;
	if (!is_running(r))
		return;
	for (uint32_t i = 0; !err && i < rows->rows; i++) {
		const char *id = bb_cell_text(rows, i, 0);
		const struct name *task = names_find(&r->host->tasks, "", bb_cell_text(rows, i, 1));
		if (job_is_running(r, id))
			continue;
		if (r->job_count - r->waiting_count >= MOST_JOBS) {
			r->more_due = true;
			break;
		}
		job_begin(r, task, id, bb_cell_text(rows, i, 2));
	}
	if (r->again)
		tasks_look(r);
}

void tasks_look(struct task_runner *r)
{
	if (!is_running(r) || !r->host->tasks.count)
		return;
	if (r->looking) {
		r->again = true;
		return;
	}
	r->looking = true;
	r->again = r->more_due = false;
	char now[CLOCK_TEXT_SIZE];
	clock_format(clock_now_ms(), now);
	/* Those at work here are among the rows until they are claimed. */
	struct bb_val v[] = {bb_text(now), bb_text(r->names), bb_i64(2 * MOST_JOBS)};
	if (db_read(r->host->db, NULL, r->queries[TASKS_DUE], 3, v, on_due, r) < 0)
		r->looking = false;
}

static void on_poll(void *arg)
{
	jobs_see_waiting(arg);
	tasks_look(arg);
}

static void on_sweep(void *arg)
{
	write_one(arg, TASKS_SWEEP, clock_now_ms() - KEEP_DONE_MS);
}

void tasks_wake(void *arg)
{
	struct host *h = arg;
	if (h->runner)
		tasks_look(h->runner);
}

int host_enqueue(struct host *h, struct bb_unit *unit, const char *task,
		 const struct bb_json *payload)
{
	if (!h->db || !h->runner)
		return -ECANCELED;
	struct bb_unit *own = unit ? NULL : db_begin(h->db, NULL);
	struct bb_unit *in = unit ? unit : own;
	struct bb_arena *a = db_arena(in);
	char id[ID_SIZE], now[CLOCK_TEXT_SIZE];
	id_new(id);
	clock_format(clock_now_ms(), now);
	struct bb_val v[] = {
	    bb_text(id),   bb_text(bb_json_get_str(payload, "operator_id", "default")),
	    bb_text(task), bb_text(payload ? json_text(a, payload, NULL) : "{}"),
	    bb_text(now),
	};
	int err = db_add(in, h->runner->queries[TASK_ADD], sizeof v / sizeof *v, v, NULL, NULL);
	if (err) {
		if (own)
			db_rollback(own);
		return err;
	}
	db_on_commit(in, tasks_wake, h);
	return own ? db_commit(own, NULL, NULL) : 0;
}

static const char *names_json(struct host *h)
{
	struct bb_builder list = bb_build(h->arena);
	for (const struct name *n = h->tasks.first; n; n = n->next)
		bb_push(&list, bb_json_make_str(n->name));
	return json_text(h->arena, bb_build_array(&list), NULL);
}

int tasks_open(struct host *h, char **ret_error)
{
	struct task_runner *r = mem_zalloc(sizeof *r);
	r->host = h;
	r->names = names_json(h);
	h->runner = r;
	jobs_count(r);
	for (size_t i = 0; i < TASK_QUERIES; i++) {
		r->queries[i] = db_query(h->db, "core", query_names[i]);
		if (!r->queries[i])
			return host_error(ret_error, -ENOENT,
					  "sql/core/queries.sql has no query \"%s\"",
					  query_names[i]);
	}
	return 0;
}

void tasks_start(struct host *h)
{
	struct task_runner *r = h->runner;
	r->poll = loop_timer(h->spec.loop, POLL_MS, true, on_poll, r);
	r->sweep = loop_timer(h->spec.loop, SWEEP_MS, true, on_sweep, r);
	write_one(r, TASKS_RELEASE, clock_now_ms());
	on_sweep(r);
	tasks_look(r);
}

void tasks_stop(struct host *h)
{
	struct task_runner *r = h->runner;
	if (!r || !is_running(r))
		return;
	loop_timer_release(r->poll);
	loop_timer_release(r->sweep);
	r->poll = r->sweep = NULL;
	jobs_stop(r);
}

void tasks_free(struct host *h)
{
	if (h->runner)
		stats_forget(h->runner);
	free(h->runner);
	h->runner = NULL;
}
