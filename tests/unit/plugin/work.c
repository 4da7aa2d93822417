/* Topics and tasks: what follows from a commit. */
#include <criterion/criterion.h>
#include <errno.h>

#include "base/clock.h"
#include "base/id.h"
#include "plugin/tasks.h"
#include "stage.h"
#include "json/json.h"

#define NOON 1795000000000

static void setup(void)
{
	clock_set_ms(NOON);
	stage_setup();
	stage_up(NULL);
	stage_forget();
}

TestSuite(work, .init = setup, .fini = stage_teardown);

static const struct bb_query *query(const char *name)
{
	const struct bb_query *q = stage.bb->query(stage.me[0], name);
	cr_assert_not_null(q, "%s", name);
	return q;
}

static bool committed;
static int commit_err;

static void on_commit(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	(void)arg;
	stage_trace("committed");
	commit_err = err;
	committed = true;
}

static void add_thing(struct bb_unit *unit, const char *name)
{
	struct bb_val v = bb_text(name);
	cr_assert_eq(stage.bb->add(unit, query("add_thing"), 1, &v, NULL, NULL), 0);
}

static void commit(struct bb_unit *unit)
{
	committed = false;
	cr_assert_eq(stage.bb->commit(unit, on_commit, NULL), 0);
	stage_wait(&committed);
	stage_turn();
}

/* "waiting 1 why; done 2 -" */
static char task_rows[256];

static void on_task_rows(int err, const struct bb_rows *r, void *arg)
{
	cr_assert_eq(err, 0);
	size_t len = 0;
	task_rows[0] = '\0';
	for (uint32_t i = 0; i < r->rows; i++) {
		const char *error = bb_cell_text(r, i, 2);
		len += (size_t)snprintf(task_rows + len, sizeof task_rows - len, "%s%s %d %s",
					i ? "; " : "", bb_cell_text(r, i, 0),
					(int)bb_cell_int(r, i, 1, -1), error ? error : "-");
	}
	*(bool *)arg = true;
}

/* The rows of the table, once they are as expected; the clock may be moved meanwhile. */
static void expect_tasks(const char *expected)
{
	for (int i = 0; i < 300; i++) {
		bool read = false;
		stage.bb->read(stage.me[0], query("task_rows"), 0, NULL, on_task_rows, &read);
		stage_wait(&read);
		if (!strcmp(task_rows, expected))
			return;
		bool never = false;
		loop_run_until(stage.loop, &never, 5);
	}
	cr_assert_str_eq(task_rows, expected);
}

/* Due tasks have been looked for, and those found have run or been put off, but for those that are
 * held. */
static void settle(uint32_t held_jobs)
{
	const struct task_runner *r = stage.host->runner;
	bool never = false;
	for (int i = 0; i < 1000 && (r->looking || r->job_count > held_jobs); i++)
		loop_run_until(stage.loop, &never, 2);
	cr_assert(!r->looking && r->job_count <= held_jobs, "tasks do not come to rest");
}

static void pass_time(int64_t ms)
{
	settle(1);
	clock_set_ms(clock_now_ms() + ms);
	tasks_wake(stage.host);
	settle(1);
}

static int done(struct bb_call *call)
{
	stage_trace("%s", bb_json_get_str(stage.bb->payload(call), "name", "?"));
	stage.bb->reply(call, NULL);
	return BB_DONE;
}

static int refuse(struct bb_call *call)
{
	stage.bb->fail(call, "Busy", "not now");
	return BB_DONE;
}

static struct bb_reply *held;
static bool is_held;

static int keep(struct bb_call *call)
{
	held = stage.bb->defer(call, 0, NULL, NULL);
	is_held = true;
	return BB_LATER;
}

static const struct bb_json *named(const char *name)
{
	return bb_json_one(stage.arena, "name", bb_json_make_str(name));
}

Test(work, tells_a_topic_after_the_commit_in_the_order_of_plugins)
{
	struct bb_unit *unit = stage.bb->begin(stage.me[0]);
	add_thing(unit, "one");
	cr_assert_eq(stage.bb->emit(stage.me[0], unit, "thing.happened", named("one")), 0);
	stage_turn();
	cr_assert_str_eq(stage.trace, "");
	commit(unit);
	cr_assert(strstr(stage.trace, "alpha.happened one,beta.happened one"), "%s", stage.trace);
}

Test(work, tells_no_topic_of_a_unit_that_failed_or_was_rolled_back)
{
	struct bb_unit *unit = stage.bb->begin(stage.me[0]);
	add_thing(unit, "twice");
	add_thing(unit, "twice");
	stage.bb->emit(stage.me[0], unit, "thing.happened", named("twice"));
	stage.bb->enqueue(stage.me[0], unit, "job", named("twice"));
	commit(unit);
	cr_assert_eq(commit_err, -EEXIST);
	unit = stage.bb->begin(stage.me[0]);
	stage.bb->emit(stage.me[0], unit, "thing.happened", named("dropped"));
	stage.bb->rollback(unit);
	stage_turn();
	cr_assert_str_eq(stage.trace, "committed");
	expect_tasks("");
}

Test(work, tells_a_topic_without_a_unit_from_the_loop)
{
	stage.bb->emit(stage.me[0], NULL, "thing.happened", named("now"));
	stage.bb->emit(stage.me[0], NULL, "thing.unheard", named("now"));
	cr_assert_str_eq(stage.trace, "");
	stage_turn();
	cr_assert_str_eq(stage.trace, "alpha.happened now,beta.happened now");
}

Test(work, runs_a_task_once_its_fact_is_committed)
{
	stage_script("alpha.job", done);
	struct bb_unit *unit = stage.bb->begin(stage.me[0]);
	add_thing(unit, "x");
	cr_assert_eq(stage.bb->enqueue(stage.me[0], unit, "job", named("x")), 0);
	stage_turn();
	cr_assert_str_eq(stage.trace, "");
	commit(unit);
	expect_tasks("done 1 -");
	cr_assert(strstr(stage.trace, "alpha.job,x"), "%s", stage.trace);
}

Test(work, runs_a_task_without_a_unit_and_answers_later)
{
	stage_script("alpha.job", keep);
	cr_assert_eq(stage.bb->enqueue(stage.me[0], NULL, "job", named("x")), 0);
	expect_tasks("waiting 1 -");
	stage_wait(&is_held);
	pass_time(1000);
	stage_turn();
	cr_assert_str_eq(stage.trace, "alpha.job", "it ran twice at once");
	stage.bb->resolve(held, NULL);
	expect_tasks("done 1 -");
}

Test(work, tries_a_failed_task_again_with_doubling_backoff_until_it_is_dead)
{
	stage_script("alpha.job", refuse);
	stage.bb->enqueue(stage.me[0], NULL, "job", named("x"));
	expect_tasks("waiting 1 Busy: not now");
	pass_time(999);
	settle(0);
	expect_tasks("waiting 1 Busy: not now");
	pass_time(1);
	expect_tasks("waiting 2 Busy: not now");
	pass_time(1999);
	settle(0);
	expect_tasks("waiting 2 Busy: not now");
	pass_time(1);
	expect_tasks("dead 3 Busy: not now");
	pass_time(10000000);
	settle(0);
	cr_assert_str_eq(stage.trace, "alpha.job,alpha.job,alpha.job,alpha.dead,Busy: not now");
}

Test(work, runs_a_task_that_failed_before_when_it_succeeds_at_last)
{
	stage_script("alpha.job", refuse);
	stage.bb->enqueue(stage.me[0], NULL, "job", named("x"));
	expect_tasks("waiting 1 Busy: not now");
	stage_script("alpha.job", done);
	pass_time(1000);
	expect_tasks("done 2 -");
}

/* More than the database's queue takes: the outcome is refused. */
static bool flooded;

static int flood(struct bb_call *call)
{
	for (int i = 0; i < 10000; i++) {
		struct bb_unit *unit = stage.bb->begin(stage.me[0]);
		add_thing(unit, bb_printf(stage.arena, "thing %d", i));
		stage.bb->commit(unit, NULL, NULL);
	}
	stage.bb->reply(call, NULL);
	flooded = true;
	return BB_DONE;
}

Test(work, stores_an_outcome_again_that_could_not_be_stored)
{
	stage_script("alpha.job", flood);
	stage.bb->enqueue(stage.me[0], NULL, "job", named("x"));
	stage_wait(&flooded);
	settle(0);
	expect_tasks("done 1 -");
	cr_assert_str_eq(stage.trace, "alpha.job", "it ran twice");
}

Test(work, leaves_tasks_that_nobody_here_owns)
{
	char id[ID_SIZE], now[CLOCK_TEXT_SIZE];
	id_new(id);
	clock_format(NOON - 5000, now);
	struct bb_val v[] = {bb_text(id), bb_text("teleport"), bb_text(now)};
	struct bb_unit *unit = stage.bb->begin(stage.me[0]);
	stage.bb->add(unit, query("foreign_task"), 3, v, NULL, NULL);
	commit(unit);
	pass_time(600000);
	settle(0);
	expect_tasks("waiting 0 -");
}

/* As a node leaves it that died while it ran the task for the `tries`-th time. */
static void leave_claimed(int64_t tries)
{
	char id[ID_SIZE], now[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];
	id_new(id);
	clock_format(NOON - 5000, now);
	clock_format(NOON + 300000, until);
	struct bb_val v[] = {bb_text(id), bb_text(now), bb_text(until), bb_i64(tries)};
	struct bb_unit *unit = stage.bb->begin(stage.me[0]);
	stage.bb->add(unit, query("claimed_task"), 4, v, NULL, NULL);
	commit(unit);
}

Test(work, leaves_a_task_that_is_claimed_until_the_claim_lapses)
{
	stage_script("alpha.job", done);
	leave_claimed(1);
	pass_time(299999);
	settle(0);
	expect_tasks("waiting 1 -");
	pass_time(1);
	expect_tasks("done 2 -");
}

Test(work, runs_a_task_again_after_a_restart_that_an_orderly_stop_has_interrupted)
{
	stage_script("alpha.job", keep);
	stage.bb->enqueue(stage.me[0], NULL, "job", named("x"));
	stage_wait(&is_held);
	stage_script("alpha.job", done);
	stage_restart(NULL);
	expect_tasks("done 1 -");
}

Test(work, runs_claimed_tasks_after_a_crash_at_once_where_there_is_one_node)
{
	stage_script("alpha.job", done);
	leave_claimed(1);
	bool one_node = !strcmp(db_dialect(stage.db), "sqlite");
	stage_restart(NULL);
	expect_tasks(one_node ? "done 2 -" : "waiting 1 -");
}

Test(work, gives_up_a_task_that_took_the_node_down_in_its_last_try)
{
	stage_script("alpha.job", done);
	leave_claimed(3);
	pass_time(300000);
	expect_tasks("dead 4 was interrupted in its last try");
	cr_assert_str_eq(stage.trace, "committed,alpha.dead,was interrupted in its last try");
}

Test(work, removes_tasks_a_week_after_they_were_done)
{
	stage_script("alpha.job", done);
	stage.bb->enqueue(stage.me[0], NULL, "job", named("x"));
	expect_tasks("done 1 -");
	clock_set_ms(NOON + 7 * 24 * 3600000ll);
	stage_restart(NULL);
	expect_tasks("done 1 -");
	clock_set_ms(NOON + 7 * 24 * 3600000ll + 1);
	stage_restart(NULL);
	expect_tasks("");
}

Test(work, runs_many_tasks_a_few_at_a_time)
{
	stage_script("alpha.job", done);
	struct bb_unit *unit = stage.bb->begin(stage.me[0]);
	for (int i = 0; i < 100; i++)
		stage.bb->enqueue(stage.me[0], unit, "job", named(""));
	stage_forget();
	commit(unit);
	size_t ran = 0;
	for (int i = 0; i < 1000 && ran < 100; i++) {
		for (const char *at = stage.trace; (at = strstr(at, "alpha.job")); at++)
			ran++;
		stage_forget();
		cr_assert_leq(stage.host->runner->job_count, 16);
		bool never = false;
		loop_run_until(stage.loop, &never, 5);
	}
	cr_assert_eq(ran, 100, "%zu", ran);
}
