/* The one libuv loop of a node: timers, work on the pool, posts from other threads, signals.
 * Everything but loop_post() is for the loop's own thread. */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include <busbar/plugin.h>

struct loop;
struct loop_timer;
struct wheel;

struct loop *loop_new(void);
/* Every handle must have been released; what was posted is run first. NULL is fine. */
void loop_free(struct loop *);
uv_loop_t *loop_uv(struct loop *);

/* Until loop_stop(). */
void loop_run(struct loop *);
/* Lets loop_run() return after this turn. */
void loop_stop(struct loop *);
/* Runs turns until `*done` or `ms` are over; true if done. For starting, stopping and tests. */
bool loop_run_until(struct loop *, const bool *done, uint64_t ms);

/* `fn` after `ms`, again every `ms` if `repeat`. A timer that does not repeat is released by
 * firing or by loop_timer_release(), whichever comes first; the pointer is dead afterwards. */
struct loop_timer *loop_timer(struct loop *, uint64_t ms, bool repeat, bb_fn *fn, void *arg);
void loop_timer_release(struct loop_timer *);

/* A time-out that most often does not happen: set and cleared without allocating, up to 100 ms
 * late. Embed it, zeroed, in what waits. Setting one that is set is the caller's mistake; clearing
 * one that is not set is fine, and it may be cleared or set again in any deadline's callback. */
struct loop_deadline {
	bb_fn *fn;
	void *arg;
	uint64_t tick;
	struct wheel *wheel; /* NULL: not set */
	struct loop_deadline *next, **back;
};
void loop_deadline_set(struct loop *, struct loop_deadline *, uint64_t ms, bb_fn *fn, void *arg);
void loop_deadline_clear(struct loop_deadline *);

/* `work` on a thread of the pool, then `done` (may be NULL) on the loop. */
int loop_offload(struct loop *, bb_fn *work, bb_fn *done, void *arg);

/* Runs `fn` on the loop, in the order of posting. From any thread. */
int loop_post(struct loop *, bb_fn *fn, void *arg);
/* Runs `fn` at the end of the current turn, before the loop waits. */
void loop_defer(struct loop *, bb_fn *fn, void *arg);

/* `fn(arg)` whenever the process gets `signum`; until the loop is freed. */
int loop_signal(struct loop *, int signum, bb_fn *fn, void *arg);
#endif
