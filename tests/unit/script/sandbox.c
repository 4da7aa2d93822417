#include "sandbox.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

struct loop *loop;
struct script_host *host;
struct bb_arena *arena;
static int versions;

static void setup(const struct script_limits *limits)
{
	loop = loop_new();
	host = script_host_new(loop, limits);
	arena = arena_new(0);
}

/* Time is no limit here: a busy machine must not decide which limit a script breaks. */
void sandbox_setup(void)
{
	setup(&(struct script_limits){
	    .memory_bytes = 4 << 20, .instructions = 2000000, .time_ms = 60000});
}

void sandbox_setup_short(void)
{
	setup(&(struct script_limits){
	    .memory_bytes = 4 << 20, .instructions = 1000000000000, .time_ms = 50});
}

void sandbox_teardown(void)
{
	script_host_free(host);
	loop_free(loop);
	arena = arena_free(arena);
#if defined(__SANITIZE_ADDRESS__)
	cr_assert_eq(__lsan_do_recoverable_leak_check(), 0, "leaks");
#endif
}

void sandbox_echo(void *self, const char *operator_id, const struct bb_json *args, bb_json_fn *done,
		  void *arg)
{
	(void)self;
	(void)operator_id;
	(void)args;
	done(0, NULL, arg);
}

void keep_answer(int err, const struct bb_json *v, void *arg)
{
	struct answer *a = arg;
	a->done = true;
	a->calls++;
	a->err = err;
	a->value = v ? json_copy(arena, v) : NULL;
}

void call_script(const char *text, const char *question, uint32_t ms, struct answer *ret)
{
	const struct bb_json *q = NULL;
	struct bb_script script = {
	    .operator_id = "acme",
	    .name = "test",
	    .version = arena_printf(arena, "%d", ++versions),
	    .text = text,
	    .len = strlen(text),
	};
	*ret = (struct answer){0};
	if (question)
		cr_assert_eq(json_parse(arena, question, strlen(question), &q, NULL), 0, "%s",
			     question);
	cr_assert_eq(script_call(host, &script, "f", q, ms, keep_answer, ret), 0);
}

struct answer run_script(const char *text, const char *question)
{
	struct answer a;
	call_script(text, question, 60000, &a);
	cr_assert(loop_run_until(loop, &a.done, 60000), "no answer");
	cr_assert_eq(a.calls, 1);
	return a;
}

const char *text_of(const struct bb_json *v)
{
	return v ? json_text(arena, v, NULL) : "(none)";
}

const char *value_of(const char *expression)
{
	struct answer a =
	    run_script(arena_printf(arena, "function f() return %s end", expression), NULL);
	cr_assert_eq(a.err, 0, "%s: %s", expression, text_of(a.value));
	return text_of(a.value);
}

void expect_error(const char *text, int err, const char *detail, int64_t line)
{
	struct answer a = run_script(text, NULL);
	cr_assert_eq(a.err, err, "%d: %s", a.err, text_of(a.value));
	if (detail)
		cr_expect_str_eq(bb_json_get_str(a.value, "detail", ""), detail);
	cr_expect_str_eq(bb_json_get_str(a.value, "script", ""), "test");
	if (line)
		cr_expect_eq(bb_json_get_int(a.value, "line", 0), line, "%s", text_of(a.value));
}

void expect_alive(void)
{
	cr_expect_str_eq(value_of("('x'):rep(3) .. #table.pack(1, 2)"), "\"xxx2\"");
}
