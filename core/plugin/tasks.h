/* Durable jobs: rows of the table `tasks`, run by whoever has the plugin. Private to core/plugin.
 *
 * A job is claimed before it runs, so that of several nodes one runs it; a claim that is not
 * followed by an outcome (the node died) lapses after a while. `tries` counts claims, so a job that
 * takes the node down with it ends as well. */
#ifndef PLUGIN_TASKS_H
#define PLUGIN_TASKS_H
#include "base/id.h"
#include "plugin/host_state.h"

enum task_query {
	TASK_ADD,
	TASKS_DUE,
	TASK_CLAIM,
	TASK_DONE,
	TASK_RETRY,
	TASK_DEAD,
	TASK_PUT_BACK,
	TASKS_RELEASE,
	TASKS_SWEEP,
	TASK_QUERIES,
};

struct job;

struct task_runner {
	struct host *host;
	const struct bb_query *queries[TASK_QUERIES];
	struct loop_timer *poll, *sweep; /* NULL while stopped */
	const char *names;               /* of the tasks that plugins here own, a JSON array */
	struct job *jobs;
	uint32_t job_count;
	uint32_t waiting_count; /* of them, those that wait for others */
	bool looking;           /* for due rows */
	bool again;             /* something was enqueued meanwhile */
	bool more_due;          /* than there was room for */
};

/* job.c: claims a due row and runs it; the row's texts are copied. */
void job_begin(struct task_runner *, const struct name *task, const char *id, const char *payload);
/* Outcomes that wait to be stored again are stored now, or not at all. */
void jobs_stop(struct task_runner *);
/* What is told of jobs in /metrics, until stats_forget(). */
void jobs_count(struct task_runner *);
bool job_is_running(const struct task_runner *, const char *id);
/* Sees which jobs have taken so long that they must be waiting for others, for somebody's server:
 * they make room for more, up to a limit. */
void jobs_see_waiting(struct task_runner *);
/* tasks.c: there is room for another. */
void tasks_look(struct task_runner *);
#endif
