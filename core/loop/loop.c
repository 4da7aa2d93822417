#include "loop/loop.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/stats.h"
#include "loop/wheel.h"

static const struct bb_metric cpu_metric = {
    "busbar_loop_cpu_seconds_total", "CPU time of the event loop's thread.", BB_COUNTER, 1000000};
static const struct bb_metric jobs_metric = {
    "busbar_offload_jobs", "Blocking work that waits for a thread of the pool or has one.",
    BB_GAUGE};
static const int64_t job_bounds[] = {1000, 5000, 20000, 100000, 500000, 2000000, 10000000}; /* us */
static const struct bb_metric job_metric = {"busbar_offload_duration_seconds",
					    "From handing blocking work to the pool to its end.",
					    BB_HISTOGRAM, 1000000, BB_BOUNDS(job_bounds)};

struct post {
	struct post *next;
	bb_fn *fn;
	void *arg;
};

struct queue {
	struct post *first, **last;
};

struct loop_signal {
	uv_signal_t handle;
	struct loop_signal *next;
	bb_fn *fn;
	void *arg;
};

struct loop {
	uv_loop_t uv;
	uv_async_t wake;
	uv_idle_t
	    keep_turning; /* runs while something is deferred, so that the loop does not wait */
	uv_check_t turn_end;
	uv_mutex_t lock; /* guards `posts` */
	struct queue posts, deferred;
	struct loop_signal *signals;
	struct wheel *wheel;
	int64_t jobs; /* handed to the pool and not done */
	struct bb_series *job_seconds;
};

struct loop_timer {
	uv_timer_t handle;
	bb_fn *fn;
	void *arg;
	bool repeat;
};

static void queue_init(struct queue *q)
{
	q->first = NULL;
	q->last = &q->first;
}

static void queue_add(struct queue *q, bb_fn *fn, void *arg)
{
	struct post *p = mem_alloc(sizeof *p);
	*p = (struct post){NULL, fn, arg};
	*q->last = p;
	q->last = &p->next;
}

static void run_posts(struct post *p)
{
	while (p) {
		struct post *next = p->next;
		p->fn(p->arg);
		free(p);
		p = next;
	}
}

static void drain_posts(struct loop *l)
{
	uv_mutex_lock(&l->lock);
	struct post *p = l->posts.first;
	queue_init(&l->posts);
	uv_mutex_unlock(&l->lock);
	run_posts(p);
}

static void on_wake(uv_async_t *h)
{
	drain_posts(h->data);
}

static void on_idle(uv_idle_t *h)
{
	(void)h;
}

static void on_turn_end(uv_check_t *h)
{
	struct loop *l = h->data;
	struct post *p = l->deferred.first;
	queue_init(&l->deferred);
	if (p)
		uv_idle_stop(&l->keep_turning);
	run_posts(p);
}

static void set_figures(void *arg)
{
	const struct loop *l = arg;
	stats_set(stats_single(&cpu_metric), clock_cpu_us());
	stats_set(stats_single(&jobs_metric), l->jobs);
}

struct loop *loop_new(void)
{
	struct loop *l = mem_zalloc(sizeof *l);
	if (uv_loop_init(&l->uv) || uv_async_init(&l->uv, &l->wake, on_wake) ||
	    uv_mutex_init(&l->lock)) {
		free(l);
		return NULL;
	}
	queue_init(&l->posts);
	queue_init(&l->deferred);
	uv_idle_init(&l->uv, &l->keep_turning);
	uv_check_init(&l->uv, &l->turn_end);
	uv_check_start(&l->turn_end, on_turn_end);
	l->wake.data = l->turn_end.data = l;
	l->wheel = wheel_new(l);
	l->job_seconds = stats_single(&job_metric);
	stats_before(l, set_figures, l);
	return l;
}

static void free_signal(uv_handle_t *h)
{
	free(h);
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	stats_forget(l);
	drain_posts(l);
	on_turn_end(&l->turn_end);
	wheel_free(l->wheel);
	while (l->signals) {
		struct loop_signal *s = l->signals;
		l->signals = s->next;
		uv_close((uv_handle_t *)&s->handle, free_signal);
	}
	uv_close((uv_handle_t *)&l->wake, NULL);
	uv_close((uv_handle_t *)&l->keep_turning, NULL);
	uv_close((uv_handle_t *)&l->turn_end, NULL);
	uv_run(&l->uv, UV_RUN_DEFAULT);
	uv_loop_close(&l->uv);
	uv_mutex_destroy(&l->lock);
	free(l);
}

uv_loop_t *loop_uv(struct loop *l)
{
	return &l->uv;
}

struct wheel *loop_wheel(struct loop *l)
{
	return l->wheel;
}

void loop_run(struct loop *l)
{
	uv_run(&l->uv, UV_RUN_DEFAULT);
}

void loop_stop(struct loop *l)
{
	uv_stop(&l->uv);
}

static void set_true(void *arg)
{
	*(bool *)arg = true;
}

bool loop_run_until(struct loop *l, const bool *done, uint64_t ms)
{
	bool late = false;
	struct loop_timer *t = loop_timer(l, ms, false, set_true, &late);
	while (!*done && !late)
		uv_run(&l->uv, UV_RUN_ONCE);
	if (!late)
		loop_timer_release(t);
	return *done;
}

static void free_timer(uv_handle_t *h)
{
	free(h);
}

void loop_timer_release(struct loop_timer *t)
{
	if (t && !uv_is_closing((uv_handle_t *)&t->handle))
		uv_close((uv_handle_t *)&t->handle, free_timer);
}

static void on_timer(uv_timer_t *h)
{
	struct loop_timer *t = (struct loop_timer *)h;
	if (!t->repeat)
		loop_timer_release(t);
	t->fn(t->arg);
}

struct loop_timer *loop_timer(struct loop *l, uint64_t ms, bool repeat, bb_fn *fn, void *arg)
{
	struct loop_timer *t = mem_zalloc(sizeof *t);
	t->fn = fn;
	t->arg = arg;
	t->repeat = repeat;
	uv_timer_init(&l->uv, &t->handle);
	uv_timer_start(&t->handle, on_timer, ms, repeat ? (ms ? ms : 1) : 0);
	return t;
}

struct offload {
	uv_work_t work;
	struct loop *loop;
	int64_t since_us;
	bb_fn *fn, *done;
	void *arg;
};

static void on_work(uv_work_t *w)
{
	struct offload *o = (struct offload *)w;
	o->fn(o->arg);
}

static void on_work_done(uv_work_t *w, int status)
{
	struct offload *o = (struct offload *)w;
	(void)status;
	o->loop->jobs--;
	stats_observe(o->loop->job_seconds, clock_mono_us() - o->since_us);
	if (o->done)
		o->done(o->arg);
	free(o);
}

int loop_offload(struct loop *l, bb_fn *work, bb_fn *done, void *arg)
{
	struct offload *o = mem_zalloc(sizeof *o);
	*o = (struct offload){
	    .loop = l, .since_us = clock_mono_us(), .fn = work, .done = done, .arg = arg};
	int err = uv_queue_work(&l->uv, &o->work, on_work, on_work_done);
	if (err)
		free(o);
	else
		l->jobs++;
	return err;
}

int loop_post(struct loop *l, bb_fn *fn, void *arg)
{
	uv_mutex_lock(&l->lock);
	queue_add(&l->posts, fn, arg);
	uv_mutex_unlock(&l->lock);
	return uv_async_send(&l->wake);
}

void loop_defer(struct loop *l, bb_fn *fn, void *arg)
{
	if (!l->deferred.first)
		uv_idle_start(&l->keep_turning, on_idle);
	queue_add(&l->deferred, fn, arg);
}

static void on_signal(uv_signal_t *h, int signum)
{
	struct loop_signal *s = (struct loop_signal *)h;
	(void)signum;
	s->fn(s->arg);
}

int loop_signal(struct loop *l, int signum, bb_fn *fn, void *arg)
{
	struct loop_signal *s = mem_zalloc(sizeof *s);
	s->fn = fn;
	s->arg = arg;
	uv_signal_init(&l->uv, &s->handle);
	s->next = l->signals;
	l->signals = s;
	return uv_signal_start(&s->handle, on_signal, signum);
}
