/* What a plugin has running: timers, work on other threads, posts. All of it is known, so that
 * nothing calls a plugin that has ended. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "plugin/call_state.h"
#include "plugin/host_state.h"

#define END_MS 10000u

struct bb_slot {
	struct bb *owner;
	struct loop_timer *timer;
	bool repeat;
	bb_fn *fn;
	void *arg;
	struct bb_slot *next, **back;
};

static void unlink_slot(struct bb_slot *s)
{
	*s->back = s->next;
	if (s->next)
		s->next->back = s->back;
	free(s);
}

static void on_timer(void *arg)
{
	struct bb_slot *s = arg;
	bb_fn *fn = s->fn;
	void *fn_arg = s->arg;
	if (!s->repeat)
		unlink_slot(s);
	fn(fn_arg);
}

struct bb_slot *slot_timer(struct bb *p, uint64_t ms, bool repeat, bb_fn *fn, void *arg)
{
	struct bb_slot *s = mem_alloc(sizeof *s);
	*s = (struct bb_slot){p, NULL, repeat, fn, arg, p->slots, &p->slots};
	if (s->next)
		s->next->back = &s->next;
	p->slots = s;
	s->timer = loop_timer(p->host->spec.loop, ms, repeat, on_timer, s);
	return s;
}

void slot_release(struct bb_slot *s)
{
	if (!s)
		return;
	loop_timer_release(s->timer);
	unlink_slot(s);
}

/* An offload or a post on its way. */
struct errand {
	struct bb *owner;
	bb_fn *work, *done;
	void *arg;
};

static struct errand *errand_new(struct bb *p, bb_fn *work, bb_fn *done, void *arg)
{
	struct errand *e = mem_alloc(sizeof *e);
	*e = (struct errand){p, work, done, arg};
	atomic_fetch_add(&p->outstanding, 1);
	return e;
}

static void errand_end(struct errand *e)
{
	atomic_fetch_sub(&e->owner->outstanding, 1);
	free(e);
}

static void on_work(void *arg)
{
	struct errand *e = arg;
	e->work(e->arg);
}

static void on_done(void *arg)
{
	struct errand *e = arg;
	if (e->done)
		e->done(e->arg);
	errand_end(e);
}

int slot_offload(struct bb *p, bb_fn *work, bb_fn *done, void *arg)
{
	struct errand *e = errand_new(p, work, done, arg);
	int err = loop_offload(p->host->spec.loop, on_work, on_done, e);
	if (err)
		errand_end(e);
	return err;
}

int slot_post(struct bb *p, bb_fn *fn, void *arg)
{
	struct errand *e = errand_new(p, NULL, fn, arg);
	int err = loop_post(p->host->spec.loop, on_done, e);
	if (err)
		errand_end(e);
	return err;
}

static void wait_for_errands(struct bb *p)
{
	const bool never = false;
	int64_t waited = 0;
	while (atomic_load(&p->outstanding) && waited < END_MS) {
		loop_run_until(p->host->spec.loop, &never, 10);
		waited += 10;
	}
	if (atomic_load(&p->outstanding))
		log_line(BB_ERROR, p->name, "work on another thread does not end");
}

void slots_end(struct bb *p)
{
	while (p->slots)
		slot_release(p->slots); // NOLINT(clang-analyzer-unix.Malloc): each time another
	wait_for_errands(p);
	uint32_t replies = pending_revoke(p);
	if (replies)
		log_line(BB_WARN, p->name, "ended without answering calls: %u", replies);
}
