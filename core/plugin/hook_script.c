/* Scripts as handlers in a hook's chain: the function is named as the hook; nil passes. Whoever
 * keeps a script, it runs and fails here. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "plugin/call_state.h"
#include "plugin/hook_set.h"

struct asked {
	struct bb *by; /* who keeps the script */
	struct bb_call *call;
	const char *operator_id, *script, *version, *hook;
	struct bb_reply *reply; /* NULL while the script may still answer at once */
	bool answered;
	int verdict;
};

static const char *describe(int err)
{
	return err == -ENOENT ? "there is no function of the hook's name" : strerror(-err);
}

/* In the log, and for whoever counts. The text goes to the asker. */
static const char *note_failure(const struct asked *a, const char *detail, int64_t line)
{
	struct bb_arena *arena = a->call->spec.arena;
	struct bb_builder b = bb_build(arena);
	log_line(BB_ERROR, a->by->name, "hook %s: script %s:%" PRId64 " failed: %s operator=%s",
		 a->hook, a->script, line, detail, a->operator_id);
	bb_put_str(&b, "operator_id", a->operator_id);
	bb_put_str(&b, "hook", a->hook);
	bb_put_str(&b, "script", a->script);
	bb_put_str(&b, "version", a->version);
	bb_put_int(&b, "line", line);
	bb_put_str(&b, "detail", detail);
	host_emit(a->by->host, NULL, "script.failed", bb_build_object(&b));
	return arena_printf(arena, "script %s:%" PRId64 ": %s", a->script, line, detail);
}

/* NULL if there was no failure. The script that failed may be one that this one requires. */
static const char *failure(struct asked *a, int err, const struct bb_json *v)
{
	if (err) {
		a->script = bb_json_get_str(v, "script", a->script);
		return note_failure(a, bb_json_get_str(v, "detail", describe(err)),
				    bb_json_get_int(v, "line", 0));
	}
	if (!v || bb_json_is(v, BB_JSON_NULL))
		return NULL;
	const char *fault = hook_answer_fault(a->by->host, a->hook, a->call->spec.arena, v);
	return fault ? note_failure(a, fault, 0) : NULL;
}

static void answer_now(struct asked *a, int err, const struct bb_json *v)
{
	const char *text = failure(a, err, v);
	a->verdict = BB_DONE;
	if (text)
		call_fail(a->call, "ScriptError", "%s", text);
	else if (!v || bb_json_is(v, BB_JSON_NULL))
		a->verdict = BB_PASS;
	else
		call_reply(a->call, v);
}

static void answer_later(struct asked *a, int err, const struct bb_json *v)
{
	const char *text = failure(a, err, v);
	if (text)
		call_reject(a->reply, "ScriptError", text);
	else if (!v || bb_json_is(v, BB_JSON_NULL))
		call_pass(a->reply);
	else
		call_resolve(a->reply, v);
}

static void on_answer(int err, const struct bb_json *v, void *arg)
{
	struct asked *a = arg;
	a->answered = true;
	if (a->reply)
		answer_later(a, err, v);
	else
		answer_now(a, err, v);
}

int host_script_answer(struct bb *by, struct bb_call *call, const struct bb_script *script,
		       const char *hook, const struct bb_json *question)
{
	struct bb_arena *arena = call->spec.arena;
	struct asked *a = bb_alloc(arena, sizeof *a);
	*a = (struct asked){
	    .by = by,
	    .call = call,
	    .operator_id = bb_strdup(arena, script->operator_id),
	    .script = bb_strdup(arena, script->name),
	    .version = bb_strdup(arena, script->version),
	    .hook = hook,
	};
	int err = script_call(by->host->spec.scripts, script, hook, question, call->spec.default_ms,
			      on_answer, a);
	if (err < 0 && !a->answered)
		on_answer(err, NULL, a);
	if (a->answered)
		return a->verdict;
	/* The script keeps its own time; this one only catches a script host that forgets. */
	a->reply = call_defer(call, call->spec.default_ms + 1000, NULL, NULL);
	return BB_LATER;
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
