#include <criterion/criterion.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "loop/loop.h"
#include "plugin/call.h"
#include "plugin/instance.h"
#include "json/json.h"

/* A chain of scripted handlers, and what came of asking it. */
struct step {
	int verdict;
	const char *reply, *fail; /* the status replied with, the code failed with */
	bool defer;
	uint32_t ms;
	bool resolve_inside;
};

struct stage {
	struct loop *loop;
	struct bb_arena *arena;
	struct step steps[4];
	struct bb plugins[4];
	struct handler handlers[4];
	struct chain chain;
	struct bb_call *call;
	struct bb_reply *held;
	char trace[256];
	char answer[128];
	int status;
	bool answered, finished, gone, in_handler;
};

static struct stage s;

static void trace(const char *what)
{
	size_t len = strlen(s.trace);
	snprintf(s.trace + len, sizeof s.trace - len, "%s%s", len ? " " : "", what);
}

static void on_gone(void *arg)
{
	(void)arg;
	s.gone = true;
	trace("gone");
}

static const struct bb_json *status_json(const char *text)
{
	return bb_json_one(s.arena, "status", bb_json_make_str(text));
}

static int on_step(struct bb_call *call, void *self)
{
	const struct step *step = self;
	char number[8];
	snprintf(number, sizeof number, "h%d", (int)(step - s.steps));
	trace(number);
	s.in_handler = true;
	if (step->reply)
		call_reply(call, status_json(step->reply));
	if (step->fail)
		call_fail(call, step->fail, "because of %d", 7);
	if (step->defer)
		s.held = call_defer(call, step->ms, on_gone, NULL);
	if (step->resolve_inside)
		call_resolve(s.held, status_json("inside"));
	s.in_handler = false;
	return step->verdict;
}

static void on_answered(struct bb_call *call, const struct call_answer *a, void *arg)
{
	(void)call;
	(void)arg;
	cr_assert_not(s.in_handler, "an answer was delivered inside a handler");
	cr_assert_not(s.answered, "answered twice");
	s.answered = true;
	trace("answered");
	s.status = a->status;
	if (a->passed)
		strcpy(s.answer, "passed");
	else if (a->code)
		snprintf(s.answer, sizeof s.answer, "%s: %s", a->code, a->text);
	else
		snprintf(s.answer, sizeof s.answer, "%s", bb_json_get_str(a->json, "status", "-"));
}

static void on_finished(void *arg)
{
	(void)arg;
	s.finished = true;
	trace("finished");
	s.arena = arena_free(s.arena);
}

static void setup(void)
{
	s.loop = loop_new();
}

static void teardown(void)
{
	loop_free(s.loop);
}

/* Steps before the first observer are owners unless `phases` says otherwise. */
static void ask(const int *phases, size_t count)
{
	static const char *const names[] = {"one", "two", "three", "four"};
	s.arena = arena_new(0);
	for (size_t i = 0; i < count; i++) {
		s.plugins[i] = (struct bb){.name = names[i], .self = &s.steps[i]};
		s.handlers[i] = (struct handler){&s.plugins[i], phases[i], 0, on_step, NULL};
	}
	s.chain = (struct chain){s.handlers, count, "action Test"};
	s.call = call_start(&(struct call_spec){.loop = s.loop,
						.chain = &s.chain,
						.arena = s.arena,
						.default_ms = 5000,
						.answered = on_answered,
						.finished = on_finished});
}

static void wait_for(const bool *what)
{
	cr_assert(loop_run_until(s.loop, what, 5000), "it did not happen: %s", s.trace);
}

TestSuite(call, .init = setup, .fini = teardown);

static const int phases[] = {BB_GUARD, BB_OWNER, BB_OBSERVER, BB_OBSERVER};

Test(call, goes_through_guards_owner_and_observers_in_order)
{
	s.steps[1] = (struct step){BB_DONE, .reply = "Accepted"};
	ask(phases, 4);
	cr_assert_str_eq(s.trace, "h0 h1 answered h2 h3 finished");
	cr_assert_str_eq(s.answer, "Accepted");
	cr_assert_null(s.call);
}

Test(call, lets_a_guard_answer_in_the_owners_place)
{
	s.steps[0] = (struct step){BB_DONE, .fail = "403"};
	ask(phases, 3);
	cr_assert_str_eq(s.trace, "h0 answered h2 finished");
	cr_assert_str_eq(s.answer, "403: because of 7");
}

Test(call, tells_when_all_have_passed)
{
	ask(phases, 3);
	cr_assert_str_eq(s.trace, "h0 h1 answered finished");
	cr_assert_str_eq(s.answer, "passed");
}

Test(call, turns_a_negative_errno_into_a_failure_without_details)
{
	s.steps[1] = (struct step){.verdict = -ENOMEM};
	ask(phases, 3);
	cr_assert_str_eq(s.answer, "InternalError: the server could not answer");
}

Test(call, fails_when_a_handler_says_done_without_an_answer)
{
	s.steps[1] = (struct step){.verdict = BB_DONE};
	ask(phases, 2);
	cr_assert_str_eq(s.answer, "InternalError: the server could not answer");
}

Test(call, fails_when_a_handler_says_later_without_defer)
{
	s.steps[1] = (struct step){.verdict = BB_LATER};
	ask(phases, 2);
	cr_assert_str_eq(s.answer, "InternalError: the server could not answer");
}

Test(call, keeps_the_answer_of_a_handler_that_then_passes)
{
	s.steps[0] = (struct step){BB_PASS, .reply = "first"};
	s.steps[1] = (struct step){BB_DONE, .reply = "second"};
	ask(phases, 2);
	cr_assert_str_eq(s.answer, "first");
}

Test(call, refuses_a_second_answer)
{
	s.steps[1] = (struct step){BB_DONE, .reply = "first", .fail = "second"};
	ask(phases, 2);
	cr_assert_str_eq(s.answer, "first");
}

Test(call, is_answered_later_and_never_inside_resolve)
{
	s.steps[1] = (struct step){BB_LATER, .defer = true};
	ask(phases, 3);
	cr_assert_not_null(s.call);
	cr_assert_eq(call_of(s.held), s.call);
	cr_assert_eq(call_resolve(s.held, status_json("later")), 0);
	cr_assert_not(s.answered);
	wait_for(&s.finished);
	cr_assert_str_eq(s.trace, "h0 h1 answered h2 finished");
	cr_assert_str_eq(s.answer, "later");
}

Test(call, may_be_resolved_before_the_handler_returns)
{
	s.steps[1] = (struct step){BB_LATER, .defer = true, .resolve_inside = true};
	ask(phases, 2);
	wait_for(&s.finished);
	cr_assert_str_eq(s.answer, "inside");
}

Test(call, goes_on_with_the_next_handler_after_a_late_pass)
{
	s.steps[0] = (struct step){BB_LATER, .defer = true};
	s.steps[1] = (struct step){BB_DONE, .reply = "owner"};
	ask(phases, 2);
	call_pass(s.held);
	wait_for(&s.finished);
	cr_assert_str_eq(s.trace, "h0 h1 answered finished");
	cr_assert_str_eq(s.answer, "owner");
}

Test(call, can_be_rejected_later)
{
	s.steps[1] = (struct step){BB_LATER, .defer = true};
	ask(phases, 2);
	call_reject(s.held, "SecurityError", "no");
	wait_for(&s.finished);
	cr_assert_str_eq(s.answer, "SecurityError: no");
}

Test(call, ignores_a_second_late_answer_even_when_the_call_has_gone)
{
	s.steps[1] = (struct step){BB_LATER, .defer = true};
	ask(phases, 2);
	struct bb_reply *first = s.held;
	cr_assert_eq(call_resolve(first, status_json("first")), 0);
	cr_assert_eq(call_resolve(first, status_json("second")), -EALREADY);
	wait_for(&s.finished);
	cr_assert_str_eq(s.answer, "first");
	cr_assert_eq(call_reject(first, "x", "y"), -EALREADY);

	/* The next call takes the same slot, and is not reached by the old handle. */
	s.answered = s.finished = false;
	ask(phases, 2);
	cr_assert_eq(call_pass(first), -EALREADY);
	cr_assert_null(call_of(first));
	call_resolve(s.held, status_json("its own"));
	wait_for(&s.finished);
	cr_assert_str_eq(s.answer, "its own");
}

Test(call, times_out_tells_the_holder_and_lives_until_he_lets_go)
{
	s.steps[1] = (struct step){BB_LATER, .defer = true, .ms = 1};
	ask(phases, 3);
	wait_for(&s.answered);
	cr_assert_str_eq(s.answer, "Timeout: the server took too long to answer");
	cr_assert(s.gone);
	cr_assert_not(s.finished);
	cr_assert_eq(call_resolve(s.held, status_json("too late")), 0);
	wait_for(&s.finished);
	cr_assert_str_eq(s.trace, "h0 h1 gone answered h2 finished");
}

Test(call, that_is_abandoned_is_never_answered)
{
	s.steps[1] = (struct step){BB_LATER, .defer = true};
	ask(phases, 3);
	call_abandon(s.call);
	cr_assert(s.gone);
	cr_assert_not(s.finished);
	call_resolve(s.held, status_json("to nobody"));
	wait_for(&s.finished);
	cr_assert_str_eq(s.trace, "h0 h1 gone finished");
}

/* What the log says from here on, in a file that goes away of itself. */
static FILE *catch_log(void)
{
	FILE *log = tmpfile();
	cr_assert(log);
	dup2(fileno(log), STDERR_FILENO);
	return log;
}

static void on_stream_over(void *arg)
{
	*(bool *)arg = true;
}

/* All that one who does not know that nobody waits any more may do before the answer. */
static void shape_in_vain(void)
{
	bool over = false;
	const struct bb_stream stream = {"text/plain", -1, NULL, on_stream_over, &over};
	struct bb_call *call = call_of(s.held);
	FILE *log = catch_log();
	call_set_status(call, 201);
	call_set_header(call, "etag", "1");
	call_set_errors(call, bb_json_empty(s.arena));
	cr_assert_eq(call_reply_bytes(call, "text/plain", "x", 1), -ECANCELED);
	cr_assert_eq(call_reply_stream(call, &stream), -ECANCELED);
	cr_assert_eq(call_reject(s.held, "503", "to nobody"), 0);
	wait_for(&s.finished);
	cr_assert_not(over, "a stream that was refused ended");
	fseek(log, 0, SEEK_END);
	cr_assert_eq(ftell(log), 0, "something was logged");
	fclose(log);
}

Test(call, that_is_abandoned_may_be_shaped_without_a_word_of_blame)
{
	s.steps[1] = (struct step){BB_LATER, .defer = true};
	ask(phases, 3);
	call_abandon(s.call);
	shape_in_vain();
}

Test(call, that_timed_out_may_be_shaped_without_a_word_of_blame)
{
	s.steps[1] = (struct step){BB_LATER, .defer = true, .ms = 1};
	ask(phases, 3);
	wait_for(&s.answered);
	shape_in_vain();
	cr_assert_str_eq(s.answer, "Timeout: the server took too long to answer");
}

Test(call, that_is_abandoned_while_its_answer_is_on_the_way_is_not_answered_either)
{
	s.steps[1] = (struct step){BB_LATER, .defer = true};
	ask(phases, 3);
	call_resolve(s.held, status_json("to nobody"));
	call_abandon(s.call);
	wait_for(&s.finished);
	cr_assert_str_eq(s.trace, "h0 h1 finished");
}

Test(call, counts_only_the_verdict_of_a_handler_that_deferred_and_returned_done)
{
	s.steps[1] = (struct step){BB_DONE, .reply = "now"};
	s.steps[0] = (struct step){BB_PASS, .defer = true};
	ask(phases, 3);
	cr_assert_str_eq(s.answer, "now");
	cr_assert_not(s.finished);
	call_resolve(s.held, status_json("later"));
	wait_for(&s.finished);
	cr_assert_str_eq(s.answer, "now");
}

Test(call, is_kept_alive_by_an_observer_that_defers)
{
	s.steps[1] = (struct step){BB_DONE, .reply = "now"};
	s.steps[2] = (struct step){BB_LATER, .defer = true};
	ask(phases, 4);
	cr_assert_not(s.finished);
	call_resolve(s.held, NULL);
	wait_for(&s.finished);
	cr_assert_str_eq(s.trace, "h0 h1 answered h2 h3 finished");
}

static void *resolve_elsewhere(void *arg)
{
	struct bb_call *call = call_of(s.held);
	*(int *)arg =
	    call_resolve(s.held, bb_json_one(call_arena(call), "status", bb_json_make_str("far")));
	return NULL;
}

Test(call, can_be_resolved_from_another_thread_once)
{
	s.steps[1] = (struct step){BB_LATER, .defer = true};
	ask(phases, 2);
	pthread_t thread;
	int first = -1, second = 0;
	pthread_create(&thread, NULL, resolve_elsewhere, &first);
	pthread_join(thread, NULL);
	second = call_resolve(s.held, NULL);
	cr_assert_eq(first, 0);
	cr_assert_eq(second, -EALREADY);
	cr_assert_not(s.answered);
	wait_for(&s.finished);
	cr_assert_str_eq(s.answer, "far");
}

static int on_shape(struct bb_call *call, void *self)
{
	(void)self;
	cr_assert_str_eq(call_attr(call, "id"), "7");
	call_set_attr(call, "id", "8");
	cr_assert_str_eq(call_attr(call, "id"), "8");
	cr_assert_null(call_attr(call, "nothing"));
	call_set_status(call, 201);
	call_set_header(call, "location", "/there");
	call_reply_bytes(call, "text/plain", "abc", 3);
	return BB_DONE;
}

static void check_shape(struct bb_call *call, const struct call_answer *a, void *arg)
{
	(void)arg;
	s.answered = true;
	int status;
	const char *code;
	cr_assert_null(call_answer(call, &status, &code));
	cr_assert_eq(status, 201);
	cr_assert_null(code);
	cr_assert_str_eq(a->content_type, "text/plain");
	cr_assert_eq(a->len, 3);
	cr_assert_arr_eq(a->bytes, "abc", 3);
	cr_assert_str_eq(a->headers->name, "location");
	cr_assert_str_eq(a->headers->value, "/there");
}

Test(call, carries_attributes_status_headers_and_bytes)
{
	struct bb plugin = {.name = "shape"};
	struct handler h = {&plugin, BB_OWNER, 0, on_shape, NULL};
	const char *attrs[] = {"id", "7", NULL};
	s.arena = arena_new(0);
	s.chain = (struct chain){&h, 1, "route"};
	call_start(&(struct call_spec){.loop = s.loop,
				       .chain = &s.chain,
				       .arena = s.arena,
				       .attrs = attrs,
				       .answered = check_shape,
				       .finished = on_finished});
	cr_assert(s.answered && s.finished);
}
