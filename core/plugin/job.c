/* One run of a durable job: claimed, run, its outcome written. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/stats.h"
#include "plugin/tasks.h"
#include "json/json.h"

#define RUN_MS 60000u      /* what a handler gets if it does not say */
#define CLAIM_MS 300000u   /* a claim lapses after it */
#define LONGEST_MS 240000u /* the most that a handler may ask for: less than the claim */
#define LONGEST_BACKOFF_MS (24 * 3600000ll)
#define STORE_AGAIN_MS 1000u /* an outcome that could not be; doubled each time */
#define STORE_LATEST_MS 16000u
#define WORK_US 1000000 /* of one that only works; longer than that it waits */
#define WAITING_MOST 240u

static const int64_t run_bounds[] = {10000,   50000,    250000,   1000000,
				     5000000, 30000000, 120000000}; /* us */

enum { RUNS, RUN, RUNNING };

static const struct bb_metric metrics[] = {
    [RUNS] = {"busbar_task_runs_total",
	      "Tries of durable tasks, and what came of them: done, retry, dead, put_back.",
	      BB_COUNTER, .labels = "task result", .most = 300},
    [RUN] = {"busbar_task_run_duration_seconds", "Of one try.", BB_HISTOGRAM, 1000000, "task",
	     BB_BOUNDS(run_bounds), .most = 100},
    [RUNNING] = {"busbar_tasks_running", "Tries of tasks that are being made on this node.",
		 BB_GAUGE},
};

struct job {
	struct task_runner *runner;
	const struct name *task;
	struct bb_arena *arena; /* the call's, and what the row said */
	char id[ID_SIZE];
	const char *payload;
	int64_t tries;
	int64_t claimed_until_ms;
	char error[512];
	enum task_query outcome;
	char outcome_at[CLOCK_TEXT_SIZE];
	uint32_t store_ms; /* the latest wait for storing it again; 0: none yet */
	struct loop_timer *store;
	int64_t began_us;
	bool waits;
	uint32_t holds; /* until its end is stored, and until its call is finished */
	struct job *next, **back;
};

static void let_go(void *arg)
{
	struct job *j = arg;
	if (--j->holds)
		return;
	arena_free(j->arena);
	free(j);
}

static void job_end(struct job *j)
{
	struct task_runner *r = j->runner;
	*j->back = j->next;
	if (j->next)
		j->next->back = j->back;
	r->job_count--;
	if (j->waits)
		r->waiting_count--;
	let_go(j);
	if (r->more_due)
		tasks_look(r);
}

static void store(struct job *j);

static void on_store_again(void *arg)
{
	struct job *j = arg;
	j->store = NULL;
	store(j);
}

/* As long as nobody else may have it. */
static bool store_again(struct job *j)
{
	struct task_runner *r = j->runner;
	uint32_t ms = j->store_ms ? 2 * j->store_ms : STORE_AGAIN_MS;
	if (ms > STORE_LATEST_MS)
		ms = STORE_LATEST_MS;
	if (!r->poll || clock_now_ms() + ms >= j->claimed_until_ms)
		return false;
	j->store_ms = ms;
	j->store = loop_timer(r->host->spec.loop, ms, false, on_store_again, j);
	return true;
}

static void on_written(int err, const struct bb_rows *rows, void *arg)
{
	struct job *j = arg;
	(void)rows;
	bool again = err && store_again(j);
	if (again && j->store_ms == STORE_AGAIN_MS)
		log_line(BB_WARN, "tasks",
			 "task %s %s: its outcome could not be stored (%s); trying again",
			 j->task->name, j->id, strerror(-err));
	if (again)
		return;
	if (err)
		log_line(BB_ERROR, "tasks",
			 "task %s %s: its outcome could not be stored (%s); it will run again",
			 j->task->name, j->id, strerror(-err));
	job_end(j);
}

/* What became of a try is a fact that others may want to know, most of all that nobody will try it
 * any more. */
static void tell(struct job *j, struct bb_unit *unit)
{
	static const char *const topics[TASK_QUERIES] = {
	    [TASK_DONE] = "task.done", [TASK_RETRY] = "task.failed", [TASK_DEAD] = "task.dead"};
	if (!topics[j->outcome])
		return;
	struct bb_builder b = bb_build(db_arena(unit));
	bb_put_str(&b, "task_id", j->id);
	bb_put_str(&b, "name", j->task->name);
	bb_put_int(&b, "tries", j->tries);
	bb_put_str(&b, "error", j->error);
	host_emit(j->runner->host, unit, topics[j->outcome], bb_build_object(&b));
}

static void count_outcome(const struct job *j, enum task_query q)
{
	const char *labels[] = {j->task->name, q == TASK_DONE    ? "done"
					       : q == TASK_RETRY ? "retry"
					       : q == TASK_DEAD  ? "dead"
								 : "put_back"};
	stats_add(stats_series(NULL, &metrics[RUNS], labels), 1);
	if (j->began_us)
		stats_observe(stats_series(NULL, &metrics[RUN], labels),
			      clock_mono_us() - j->began_us);
}

/* Stored twice it changes nothing, and nothing of a later try. */
static void store(struct job *j)
{
	struct task_runner *r = j->runner;
	if (!r->host->db) {
		job_end(j);
		return;
	}
	bool failed = j->outcome == TASK_RETRY || j->outcome == TASK_DEAD;
	struct bb_val v[] = {bb_text(j->id), bb_text(j->outcome_at), bb_i64(j->tries),
			     bb_text(j->error)};
	struct bb_unit *unit = db_begin(r->host->db, NULL);
	db_add(unit, r->queries[j->outcome], failed ? 4 : 3, v, NULL, NULL);
	tell(j, unit);
	int err = db_commit(unit, on_written, j);
	if (err < 0)
		on_written(err, NULL, j);
}

static void write_outcome(struct job *j, enum task_query q, int64_t at_ms)
{
	count_outcome(j, q);
	j->outcome = q;
	clock_format(at_ms, j->outcome_at);
	store(j);
}

static const struct bb_task *task_of(const struct job *j)
{
	return j->task->owner->row;
}

static int64_t backoff_ms(const struct bb_task *t, int64_t tries)
{
	int64_t ms = t->backoff_ms ? t->backoff_ms : 1000;
	for (int64_t i = 1; i < tries && ms < LONGEST_BACKOFF_MS; i++)
		ms *= 2;
	return ms < LONGEST_BACKOFF_MS ? ms : LONGEST_BACKOFF_MS;
}

static void give_up(struct job *j)
{
	log_line(BB_ERROR, j->task->owner->plugin->name,
		 "task %s %s: given up after %" PRId64 " tries: %s", j->task->name, j->id, j->tries,
		 j->error);
	write_outcome(j, TASK_DEAD, clock_now_ms());
}

static void try_again(struct job *j)
{
	int64_t wait = backoff_ms(task_of(j), j->tries);
	log_line(BB_WARN, j->task->owner->plugin->name,
		 "task %s %s: try %" PRId64 " failed, next in %" PRId64 " ms: %s", j->task->name,
		 j->id, j->tries, wait, j->error);
	write_outcome(j, TASK_RETRY, clock_now_ms() + wait);
}

static void on_answered(struct bb_call *call, const struct call_answer *answer, void *arg)
{
	struct job *j = arg;
	(void)call;
	if (!answer->code && !answer->passed) {
		write_outcome(j, TASK_DONE, clock_now_ms());
		return;
	}
	if (answer->passed)
		snprintf(j->error, sizeof j->error, "its handler passed");
	else
		snprintf(j->error, sizeof j->error, "%s: %s", answer->code, answer->text);
	if (!j->runner->poll) /* stopping: it runs after the next start, or on another node */
		write_outcome(j, TASK_PUT_BACK, clock_now_ms());
	else if (j->tries >= task_of(j)->tries)
		give_up(j);
	else
		try_again(j);
}

static void run(struct job *j)
{
	struct bb_arena *a = j->arena;
	const struct bb_json *payload;
	if (json_parse(a, j->payload, strlen(j->payload), &payload, NULL)) {
		snprintf(j->error, sizeof j->error, "its payload is not JSON");
		give_up(j);
		return;
	}
	j->holds++;
	j->began_us = clock_mono_us();
	call_start(&(struct call_spec){
	    .loop = j->runner->host->spec.loop,
	    .chain = &j->task->chain,
	    .arena = a,
	    .payload = payload,
	    .correlation_id = bb_strdup(a, j->id),
	    .default_ms = RUN_MS,
	    .max_ms = LONGEST_MS,
	    .answered = on_answered,
	    .finished = let_go,
	    .arg = j,
	});
}

static void on_claimed(int err, const struct bb_rows *rows, void *arg)
{
	struct job *j = arg;
	if (err || rows->rows != 1) {
		job_end(j); /* somebody else has it */
		return;
	}
	j->tries = bb_cell_int(rows, 0, 0, 1);
	if (!j->runner->poll) {
		write_outcome(j, TASK_PUT_BACK, clock_now_ms());
		return;
	}
	if (j->tries <= task_of(j)->tries) {
		run(j);
		return;
	}
	snprintf(j->error, sizeof j->error, "was interrupted in its last try");
	give_up(j);
}

static void claim(struct job *j)
{
	struct task_runner *r = j->runner;
	char now[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];
	int64_t ms = clock_now_ms();
	clock_format(ms, now);
	j->claimed_until_ms = ms + CLAIM_MS;
	clock_format(j->claimed_until_ms, until);
	struct bb_val v[] = {bb_text(j->id), bb_text(until), bb_text(now)};
	struct bb_unit *unit = db_begin(r->host->db, NULL);
	db_add(unit, r->queries[TASK_CLAIM], 3, v, NULL, NULL);
	int err = db_commit(unit, on_claimed, j);
	if (err < 0)
		on_claimed(err, NULL, j);
}

static void set_figures(void *arg)
{
	const struct task_runner *r = arg;
	stats_set(stats_single(&metrics[RUNNING]), r->job_count);
}

void jobs_count(struct task_runner *r)
{
	stats_know(metrics, sizeof metrics / sizeof *metrics);
	stats_before(r, set_figures, r);
}

void job_begin(struct task_runner *r, const struct name *task, const char *id, const char *payload)
{
	struct job *j = mem_zalloc(sizeof *j);
	j->runner = r;
	j->task = task;
	j->holds = 1;
	j->arena = arena_new(0);
	snprintf(j->id, sizeof j->id, "%s", id);
	j->payload = bb_strdup(j->arena, payload);
	j->next = r->jobs;
	j->back = &r->jobs;
	if (j->next)
		j->next->back = &j->next;
	r->jobs = j;
	r->job_count++;
	claim(j);
}

void jobs_stop(struct task_runner *r)
{
	for (struct job *j = r->jobs, *next; j; j = next) {
		next = j->next;
		if (!j->store)
			continue;
		loop_timer_release(j->store);
		j->store = NULL;
		store(j);
	}
}

bool job_is_running(const struct task_runner *r, const char *id)
{
	for (const struct job *j = r->jobs; j; j = j->next)
		if (!strcmp(j->id, id))
			return true;
	return false;
}

void jobs_see_waiting(struct task_runner *r)
{
	int64_t before_us = clock_mono_us() - WORK_US;
	for (struct job *j = r->jobs; j && r->waiting_count < WAITING_MOST; j = j->next) {
		if (j->waits || !j->began_us || j->began_us > before_us)
			continue;
		j->waits = true;
		r->waiting_count++;
	}
}
