/* Scripts that answer hooks: the function is named as the hook; nil passes. Whoever keeps a script,
 * it runs and fails here. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "plugin/call_state.h"
#include "plugin/hook_set.h"

struct asking {
	struct bb *by; /* who keeps the script */
	struct bb_arena *arena;
	const char *operator_id, *script, *version, *hook;
	bb_json_fn *fn;
	void *arg;
};

static const char *describe(int err)
{
	return err == -ENOENT ? "there is no function of the hook's name" : strerror(-err);
}

/* To the log, to whoever counts, and to the asker. */
static void tell_failure(const struct asking *a, int err, const char *detail, int64_t line)
{
	struct bb_builder fact = bb_build(a->arena), b = bb_build(a->arena);
	log_line(BB_ERROR, a->by->name, "hook %s: script %s:%" PRId64 " failed: %s operator=%s",
		 a->hook, a->script, line, detail, a->operator_id);
	bb_put_str(&fact, "operator_id", a->operator_id);
	bb_put_str(&fact, "hook", a->hook);
	bb_put_str(&fact, "script", a->script);
	bb_put_str(&fact, "version", a->version);
	bb_put_int(&fact, "line", line);
	bb_put_str(&fact, "detail", detail);
	host_emit(a->by->host, NULL, "script.failed", bb_build_object(&fact));
	bb_put_str(&b, "code", "ScriptError");
	bb_put_str(&b, "detail",
		   arena_printf(a->arena, "script %s:%" PRId64 ": %s", a->script, line, detail));
	a->fn(err, bb_build_object(&b), a->arg);
}

/* The script that failed may be one that this one requires. */
static void on_script(int err, const struct bb_json *v, void *arg)
{
	struct asking *a = arg;
	bool passes = !err && (!v || bb_json_is(v, BB_JSON_NULL));
	if (err) {
		a->script = bb_json_get_str(v, "script", a->script);
		tell_failure(a, err, bb_json_get_str(v, "detail", describe(err)),
			     bb_json_get_int(v, "line", 0));
	} else {
		const char *fault =
		    passes ? NULL : hook_answer_fault(a->by->host, a->hook, a->arena, v);
		if (fault)
			tell_failure(a, -EPERM, fault, 0);
		else
			a->fn(0, passes ? NULL : v, a->arg);
	}
	arena_free(a->arena);
}

int host_script_ask(struct bb *by, const struct bb_script *script, const char *hook,
		    const struct bb_json *question, uint32_t ms, bb_json_fn *fn, void *arg)
{
	struct bb_arena *arena = arena_new(0);
	struct asking *a = bb_alloc(arena, sizeof *a);
	*a = (struct asking){
	    .by = by,
	    .arena = arena,
	    .operator_id = bb_strdup(arena, script->operator_id),
	    .script = bb_strdup(arena, script->name),
	    .version = bb_strdup(arena, script->version),
	    .hook = bb_strdup(arena, hook),
	    .fn = fn,
	    .arg = arg,
	};
	return script_call(by->host->spec.scripts, script, hook, question, ms, on_script, a);
}

struct answering {
	struct bb_call *call;
	struct bb_reply *reply; /* NULL while the script may still answer at once */
	const struct bb_json *stamp;
	bool answered;
	int verdict;
};

/* The answer with the members of the stamp, in place of its own of these names. */
static const struct bb_json *stamped(const struct answering *a, const struct bb_json *v)
{
	if (!a->stamp || !bb_json_is(v, BB_JSON_OBJECT))
		return v;
	struct bb_builder b = bb_build(a->call->spec.arena);
	for (uint32_t i = 0; i < v->len; i++)
		if (!bb_json_get(a->stamp, v->members[i].key))
			bb_put(&b, v->members[i].key, v->members[i].value);
	for (uint32_t i = 0; i < a->stamp->len; i++)
		bb_put(&b, a->stamp->members[i].key, a->stamp->members[i].value);
	return bb_build_object(&b);
}

static void answer_now(struct answering *a, int err, const struct bb_json *v)
{
	a->verdict = v || err ? BB_DONE : BB_PASS;
	if (err)
		call_fail(a->call, "ScriptError", "%s", bb_json_get_str(v, "detail", ""));
	else if (v)
		call_reply(a->call, stamped(a, v));
}

static void answer_later(struct answering *a, int err, const struct bb_json *v)
{
	if (err)
		call_reject(a->reply, "ScriptError", bb_json_get_str(v, "detail", ""));
	else if (v)
		call_resolve(a->reply, stamped(a, v));
	else
		call_pass(a->reply);
}

static void on_answer(int err, const struct bb_json *v, void *arg)
{
	struct answering *a = arg;
	a->answered = true;
	if (a->reply)
		answer_later(a, err, v);
	else
		answer_now(a, err, v);
}

int host_script_answer_with(struct bb *by, struct bb_call *call, const struct bb_script *script,
			    const char *hook, const struct bb_json *question,
			    const struct bb_json *stamp)
{
	uint32_t ms = call->spec.default_ms;
	struct answering *a = bb_zalloc(call->spec.arena, sizeof *a);
	a->call = call;
	a->stamp = stamp;
	int err = host_script_ask(by, script, hook, question, ms, on_answer, a);
	if (err < 0)
		return err;
	if (a->answered)
		return a->verdict;
	/* The script keeps its own time; this one only catches a script host that forgets. */
	a->reply = call_defer(call, ms + 1000, NULL, NULL);
	return BB_LATER;
}

int host_script_answer(struct bb *by, struct bb_call *call, const struct bb_script *script,
		       const char *hook, const struct bb_json *question)
{
	return host_script_answer_with(by, call, script, hook, question, NULL);
}

int hook_ask_script(struct bb_call *call, void *self)
{
	struct hook_script *s = self;
	const char *operator_id = bb_json_get_str(call_payload(call), "operator_id", "default");
	if (*s->row.only_operator && strcmp(s->row.only_operator, operator_id) != 0)
		return BB_PASS;
	const struct bb_script script = hook_script_for(s, operator_id);
	return host_script_answer(&s->me, call, &script, s->row.hook, call_payload(call));
}
