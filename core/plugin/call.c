#include "plugin/call.h"

#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "plugin/call_state.h"

static const char *chain_name(const struct bb_call *c)
{
	return c->spec.chain->name ? c->spec.chain->name : "a call";
}

void call_blame(const struct bb_call *c, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	log_line(BB_ERROR, c->asked ? c->asked->plugin->name : "plugin", "%s: %s", chain_name(c),
		 text);
}

static void fail_with(struct bb_call *c, const char *code, const char *text)
{
	c->answer.json = NULL;
	c->answer.bytes = NULL;
	c->answer.status = 0;
	c->answer.code = code;
	c->answer.text = text;
	c->answered = true;
}

void call_fail_internal(struct bb_call *c)
{
	fail_with(c, c->spec.http ? "500" : "InternalError", "the server could not answer");
}

void call_fail_timeout(struct bb_call *c)
{
	const char *code = c->spec.http ? "504" : c->spec.link ? "InternalError" : "Timeout";
	fail_with(c, code, "the server took too long to answer");
}

static int run_handler(struct bb_call *c, const struct handler *h)
{
	const char *charger, *correlation;
	log_context_get(&charger, &correlation);
	if (c->spec.link || c->spec.correlation_id)
		log_context(c->spec.link ? c->spec.link->charge_point_id : NULL,
			    c->spec.correlation_id);
	c->asked = h;
	c->running = true;
	int verdict = h->fn(c, h->plugin->self);
	c->running = false;
	log_context(charger, correlation);
	return verdict;
}

/* The verdict that counts: BB_LATER, BB_DONE with an answer, or BB_PASS. */
static int judge(struct bb_call *c, int verdict)
{
	if (verdict == BB_LATER && c->waiting)
		return BB_LATER;
	if (c->waiting) {
		call_blame(c, "deferred its answer but returned %d", verdict);
		pending_detach(c);
	}
	if (verdict == BB_DONE && c->answered)
		return BB_DONE;
	if (verdict == BB_PASS) {
		if (c->answered)
			call_blame(c, "answered, then passed");
		return c->answered ? BB_DONE : BB_PASS;
	}
	if (verdict == BB_DONE)
		call_blame(c, "said that it had answered, but had not");
	else if (verdict == BB_LATER)
		call_blame(c, "will answer later, but did not call defer()");
	else
		call_blame(c, "failed: %s", verdict < 0 ? strerror(-verdict) : "unknown verdict");
	call_fail_internal(c);
	return BB_DONE;
}

static void observe(struct bb_call *c)
{
	for (; c->at < c->spec.chain->count; c->at++) {
		const struct handler *h = &c->spec.chain->handlers[c->at];
		if (h->phase != BB_OBSERVER)
			continue;
		int verdict = run_handler(c, h);
		if (verdict < 0)
			call_blame(c, "observer failed: %s", strerror(-verdict));
	}
}

bool call_settle(struct bb_call *c)
{
	if (!c->over || c->replies)
		return false;
	if (!c->observed) {
		c->observed = true;
		if (c->answered && !c->abandoned)
			observe(c);
	}
	if (c->replies)
		return false;
	if (c->stream)
		c->stream->over(c->stream->arg);
	if (c->spec.finished)
		c->spec.finished(c->spec.arg);
	return true;
}

void call_finish(struct bb_call *c)
{
	c->over = true;
	c->answer.passed = !c->answered;
	if (c->abandoned)
		return;
	if (c->answered && !c->answer.code && !c->answer.json) {
		c->answer.stream = c->stream;
		c->stream = NULL;
	}
	c->spec.answered(c, &c->answer, c->spec.arg);
}

void call_continue(struct bb_call *c)
{
	const struct chain *chain = c->spec.chain;
	while (!c->answered && !c->abandoned && c->at < chain->count) {
		const struct handler *h = &chain->handlers[c->at];
		if (h->phase == BB_OBSERVER)
			break;
		c->at++;
		if (judge(c, run_handler(c, h)) == BB_LATER)
			return;
	}
	call_finish(c);
}

struct bb_call *call_start(const struct call_spec *spec)
{
	struct bb_call *c = bb_zalloc(spec->arena, sizeof *c);
	c->spec = *spec;
	c->thread = uv_thread_self();
	for (const char *const *a = spec->attrs; a && *a; a += 2)
		call_set_attr(c, a[0], a[1]);
	call_continue(c);
	return call_settle(c) ? NULL : c;
}

void call_abandon(struct bb_call *c)
{
	if (c->over || c->abandoned)
		return;
	c->abandoned = true;
	if (c->waiting && pending_expire(c))
		c->over = true;
}
