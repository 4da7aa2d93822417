/* A script as a handler in a hook's chain: its function is named as the hook; nil passes. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "plugin/call_state.h"
#include "plugin/hook_set.h"

struct asked {
	struct hook_script *script;
	struct bb_call *call;
	const char *operator_id;
	struct bb_reply *reply; /* NULL while the script may still answer at once */
	bool answered;
	int verdict;
};

static const char *describe(int err)
{
	return err == -ENOENT ? "there is no function of the hook's name" : strerror(-err);
}

static const char *note_failure(struct asked *a, int err, const struct bb_json *v)
{
	struct hook_script *s = a->script;
	const char *detail = bb_json_get_str(v, "detail", describe(err));
	int64_t line = bb_json_get_int(v, "line", 0);
	s->failures++;
	log_line(BB_ERROR, s->row.file,
		 "hook %s: script failed: %s line=%" PRId64 " operator=%s failures=%" PRIu64,
		 s->row.hook, detail, line, a->operator_id, s->failures);
	return arena_printf(a->call->spec.arena, "script %s:%" PRId64 ": %s", s->row.file, line,
			    detail);
}

static void answer_now(struct asked *a, int err, const struct bb_json *v)
{
	a->verdict = BB_DONE;
	if (err)
		call_fail(a->call, "ScriptError", "%s", note_failure(a, err, v));
	else if (!v || bb_json_is(v, BB_JSON_NULL))
		a->verdict = BB_PASS;
	else
		call_reply(a->call, v);
}

static void answer_later(struct asked *a, int err, const struct bb_json *v)
{
	if (err)
		call_reject(a->reply, "ScriptError", note_failure(a, err, v));
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

int hook_ask_script(struct bb_call *call, void *self)
{
	struct hook_script *s = self;
	const char *operator_id = bb_json_get_str(call_payload(call), "operator_id", "default");
	if (*s->row.only_operator && strcmp(s->row.only_operator, operator_id) != 0)
		return BB_PASS;
	struct asked *a = bb_zalloc(call->spec.arena, sizeof *a);
	*a = (struct asked){.script = s, .call = call, .operator_id = operator_id};
	struct bb_script script = hook_script_for(s, operator_id);
	int err = script_call(s->me.host->spec.scripts, &script, s->row.hook, call_payload(call),
			      call->spec.default_ms, on_answer, a);
	if (err < 0 && !a->answered)
		on_answer(err, NULL, a);
	if (a->answered)
		return a->verdict;
	/* The script keeps its own time; this one only catches a script host that forgets. */
	a->reply = call_defer(call, call->spec.default_ms + 1000, NULL, NULL);
	return BB_LATER;
}
