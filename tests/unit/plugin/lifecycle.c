#include <criterion/criterion.h>
#include <errno.h>
#include <unistd.h>

#include "stage.h"

TestSuite(lifecycle, .init = stage_setup, .fini = stage_teardown);

Test(lifecycle, goes_up_by_needs_and_down_in_reverse)
{
	stage_up(NULL);
	cr_assert_str_eq(stage.trace, "alpha.init,beta.init,alpha.start,beta.start");
	stage_forget();
	host_stop(stage.host);
	cr_assert_str_eq(stage.trace, "beta.stop,alpha.stop");
	stage_forget();
	host_stop(stage.host);
	host_fini(stage.host);
	host_fini(stage.host);
	cr_assert_str_eq(stage.trace, "beta.fini,alpha.fini");
}

static void expect_failure(const char *const *names, const char *said, const char *trace)
{
	cr_assert_lt(stage_begin(NULL, names), 0);
	cr_assert_str_eq(stage.error, said);
	cr_assert_str_eq(stage.trace, trace);
}

Test(lifecycle, rolls_back_in_reverse_when_an_init_fails)
{
	static const char *const names[] = {"alpha", "init_fails", "beta", NULL};
	expect_failure(names, "plugin init_fails: init failed: Permission denied",
		       "alpha.init,init_fails.init,alpha.fini");
}

Test(lifecycle, rolls_back_in_reverse_when_a_start_fails)
{
	static const char *const names[] = {"alpha", "start_fails", "beta", NULL};
	expect_failure(names, "plugin start_fails: start failed: Address already in use",
		       "alpha.init,start_fails.init,beta.init,alpha.start,start_fails.start,"
		       "alpha.stop,beta.fini,start_fails.fini,alpha.fini");
}

Test(lifecycle, needs_a_storage_engine)
{
	static const struct db_options options = {200, 10000};
	stage.host = host_new(&(struct host_spec){.loop = stage.loop});
	cr_assert_eq(host_open_storage(stage.host, &options, &stage.db, &stage.error), -ENOENT);
	cr_assert_str_eq(stage.error, "no plugin of the list gives the service storage/1");
}

static int reload(const char *text)
{
	struct config *config = stage_config(text);
	int err = host_reload(stage.host, config, &stage.error);
	struct config *old = err ? config : stage.config;
	stage.config = err ? stage.config : config;
	config_free(old);
	return err;
}

static int64_t limit(void)
{
	return *(const int64_t *)stage.cfg[0];
}

Test(lifecycle, reloads_what_may_change)
{
	stage_up(NULL);
	stage_forget();
	cr_assert_eq(reload("alpha = { limit = 9 }"), 0, "%s", stage.error);
	cr_assert_str_eq(stage.trace, "alpha.reload,beta.reload");
	cr_assert_eq(limit(), 9);
}

Test(lifecycle, refuses_to_reload_what_may_not_change)
{
	stage_up(NULL);
	stage_forget();
	cr_assert_eq(reload("alpha = { limit = 9, colour = 'green' }"), -EBUSY);
	cr_assert_str_eq(stage.error, "alpha.colour cannot change while busbard runs; restart it");
	cr_assert_str_eq(stage.trace, "");
	cr_assert_eq(limit(), 7);
}

Test(lifecycle, gives_everybody_the_old_configuration_back_when_one_refuses_the_new)
{
	stage_up(NULL);
	stage_forget();
	stage_reload("beta", -EINVAL);
	cr_assert_lt(reload("alpha = { limit = 9 }"), 0);
	cr_assert_str_eq(stage.error, "plugin beta: reload failed: Invalid argument");
	cr_assert_str_eq(stage.trace, "alpha.reload,beta.reload,alpha.reload");
	cr_assert_eq(limit(), 7);
}

Test(lifecycle, refuses_to_reload_a_section_that_nobody_reads)
{
	stage_up(NULL);
	cr_assert_eq(reload("alpah = { limit = 9 }"), -EINVAL);
	cr_assert(strstr(stage.error, "alpah"), "%s", stage.error);
}

static bool fired;

static void count(void *arg)
{
	(void)arg;
	fired = true;
}

static void work(void *arg)
{
	(void)arg;
	usleep(20000);
}

Test(lifecycle, takes_timers_and_waits_for_threads_at_the_end)
{
	stage_up(NULL);
	bool done = false;
	stage.bb->timer(stage.me[0], 5, true, count, NULL);
	struct bb_slot *released = stage.bb->timer(stage.me[0], 1, false, count, NULL);
	stage.bb->release(released);
	cr_assert_eq(stage.bb->offload(stage.me[0], work, (bb_fn *)count, &done), 0);
	cr_assert_eq(stage.bb->post(stage.me[0], count, NULL), 0);
	host_fini(stage.host);
	cr_assert(fired);
	cr_assert_eq(stage.me[0]->slots, NULL);
	cr_assert_eq(stage.me[0]->outstanding, 0);
}

static struct bb_reply *held;
static char answer[64];

static void on_gone(void *arg)
{
	(void)arg;
	stage_trace("gone");
}

static int keep(struct bb_call *call)
{
	held = stage.bb->defer(call, 60000, on_gone, NULL);
	return BB_LATER;
}

static void on_answered(struct bb_call *call, const struct call_answer *a, void *arg)
{
	(void)call;
	(void)arg;
	snprintf(answer, sizeof answer, "%s", a->code ? a->code : "-");
}

Test(lifecycle, fails_the_calls_that_plugins_still_hold_at_the_end)
{
	stage_up(NULL);
	stage_script("alpha.ping", keep);
	call_start(&(struct call_spec){.loop = stage.loop,
				       .chain = host_action(stage.host, "ocpp1.6", "Ping"),
				       .arena = stage.arena,
				       .answered = on_answered});
	stage_forget();
	host_fini(stage.host);
	cr_assert_str_eq(answer, "InternalError");
	cr_assert_str_eq(stage.trace,
			 "beta.stop,alpha.stop,gone,beta.observe,beta.fini,alpha.fini");
}
