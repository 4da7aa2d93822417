/* Asking a hook's chain. A handler that fails is an error to the asker, or, where the question
 * was declared to fail open, the chain goes on behind it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "plugin/call_state.h"
#include "plugin/hook_set.h"
#include "json/json.h"

#define FALLBACK_MS 10000u

struct question {
	struct host *host;
	struct hook_set *set; /* ours until all attempts are over */
	const struct bb_question *declared;
	const struct name *hook;
	uint32_t ms, attempts;
	bb_json_fn *fn; /* NULL once told */
	void *arg;
};

/* The chain from some handler on. */
struct attempt {
	struct question *question;
	struct bb_arena *arena;
	struct chain rest;
};

static void tell(struct question *q, int err, const struct bb_json *v)
{
	bb_json_fn *fn = q->fn;
	q->fn = NULL;
	fn(err, v, q->arg);
}

static void tell_failure(struct question *q, const char *code, const char *text)
{
	struct bb_arena *a = arena_new(0);
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "code", code);
	bb_put_str(&b, "detail", text);
	tell(q, !strcmp(code, "Timeout") ? -ETIMEDOUT : -EIO, bb_build_object(&b));
	arena_free(a);
}

static const char *answer_fault(const struct host *h, const struct bb_question *declared,
				struct bb_arena *a, const struct bb_json *v)
{
	if (!declared->answer)
		return NULL;
	const struct schema *s = schema_find(h->spec.schemas, declared->answer);
	struct schema_fault fault;
	size_t count = 0;
	if (!s || schema_validate(s, v, a, &fault, 1, &count))
		return NULL;
	return arena_printf(a, "the answer's %s %s", *fault.path ? fault.path : "value",
			    fault.rule);
}

const char *hook_answer_fault(const struct host *h, const char *hook, struct bb_arena *a,
			      const struct bb_json *v)
{
	const struct name *n = names_find(&h->questions, "", hook);
	return n ? answer_fault(h, n->owner->row, a, v) : NULL;
}

static void begin(struct question *q, size_t from, const struct bb_json *payload);

static void fail(struct attempt *t, struct bb_call *call, const char *code, const char *text)
{
	struct question *q = t->question;
	if (strcmp(q->declared->on_failure, "open") != 0) {
		tell_failure(q, code, text);
		return;
	}
	log_line(BB_WARN, call->asked->plugin->name, "hook %s: failed and is passed over: %s: %s",
		 q->hook->name, code, text);
	size_t from = (size_t)(t->rest.handlers - q->hook->handlers) + call->at;
	begin(q, from, call->spec.payload);
}

static void on_answered(struct bb_call *call, const struct call_answer *answer, void *arg)
{
	struct attempt *t = arg;
	if (answer->passed) {
		tell(t->question, -ENOENT, NULL);
		return;
	}
	if (answer->code) {
		fail(t, call, answer->code, answer->text);
		return;
	}
	const char *fault =
	    answer_fault(t->question->host, t->question->declared, t->arena, answer->json);
	if (fault) {
		log_line(BB_ERROR, call->asked->plugin->name, "hook %s: %s",
			 t->question->hook->name, fault);
		fail(t, call, "BadAnswer", fault);
	} else {
		tell(t->question, 0, answer->json);
	}
}

static void release(struct question *q)
{
	if (--q->attempts)
		return;
	hook_set_unref(q->set);
	free(q);
}

static void on_finished(void *arg)
{
	struct attempt *t = arg;
	struct question *q = t->question;
	arena_free(t->arena);
	release(q);
}

static void begin(struct question *q, size_t from, const struct bb_json *payload)
{
	struct bb_arena *a = arena_new(0);
	struct attempt *t = bb_alloc(a, sizeof *t);
	*t = (struct attempt){
	    q, a, {q->hook->handlers + from, q->hook->count - from, q->hook->chain.name}};
	q->attempts++;
	call_start(&(struct call_spec){
	    .loop = q->host->spec.loop,
	    .chain = &t->rest,
	    .arena = a,
	    .payload = payload ? json_copy(a, payload) : NULL,
	    .default_ms = q->ms,
	    .max_ms = q->ms,
	    .answered = on_answered,
	    .finished = on_finished,
	    .arg = t,
	});
}

static void ask(const struct question *as, size_t from, const struct bb_json *payload)
{
	struct question *q = mem_alloc(sizeof *q);
	*q = *as;
	q->attempts = 1;
	q->set->refs++;
	begin(q, from, payload);
	release(q);
}

int host_ask_behind(struct bb_call *call, const struct bb_json *payload, bb_json_fn *fn, void *arg)
{
	if (call->spec.answered != on_answered)
		return -EINVAL;
	const struct attempt *t = call->spec.arg;
	struct question q = *t->question;
	q.fn = fn;
	q.arg = arg;
	ask(&q, (size_t)(t->rest.handlers - q.hook->handlers) + call->at, payload);
	return 0;
}

int host_ask_hook(struct host *h, const char *hook, const struct bb_json *payload, uint32_t ms,
		  bb_json_fn *fn, void *arg)
{
	const struct name *declared = names_find(&h->questions, "", hook);
	if (!declared) {
		log_line(BB_ERROR, "plugin", "the question \"%s\" is asked but not declared", hook);
		return -EINVAL;
	}
	const struct name *n = h->hooks ? names_find(&h->hooks->hooks, "", hook) : NULL;
	if (!n) {
		fn(-ENOENT, NULL, arg);
		return 0;
	}
	const struct question q = {
	    .host = h,
	    .set = h->hooks,
	    .declared = declared->owner->row,
	    .hook = n,
	    .ms = ms ? ms : FALLBACK_MS,
	    .fn = fn,
	    .arg = arg,
	};
	ask(&q, 0, payload);
	return 0;
}
