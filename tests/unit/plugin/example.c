/* The template that the plugin guide walks through does what the guide says. */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "stage.h"
#include "json/json.h"

static void setup(void)
{
	static const char *const names[] = {"alpha", BUSBAR_BUILD "/lib/busbar/plugins/example.so",
					    NULL};
	stage_setup();
	int err = stage_begin("example = { report_after = 2 }", names);
	cr_assert_eq(err, 0, "%s", stage.error);
}

TestSuite(example, .init = setup, .fini = stage_teardown);

static char answer[512];
static bool answered;

static void on_answered(struct bb_call *call, const struct call_answer *a, void *arg)
{
	(void)call;
	(void)arg;
	snprintf(answer, sizeof answer, "%s",
		 a->code ? a->text : json_text(stage.arena, a->json, NULL));
	answered = true;
}

static const char *limit;

static const char *param(const struct bb_call *call, const char *name, void *arg)
{
	(void)call;
	(void)arg;
	return strcmp(name, "limit") ? NULL : limit;
}

static void ask(const struct chain *chain, const struct bb_link *link, const char *const *attrs)
{
	answered = false;
	call_start(&(struct call_spec){
	    .loop = stage.loop,
	    .chain = chain,
	    .arena = stage.arena,
	    .link = link,
	    .attrs = attrs,
	    .param = param,
	    .answered = on_answered,
	});
	stage_wait(&answered);
}

static int accept_boot(struct bb_call *call)
{
	stage.bb->reply(call, bb_json_empty(stage.bb->arena(call)));
	return BB_DONE;
}

static void boot(const char *charge_point_id)
{
	struct bb_link link = {.charge_point_id = charge_point_id, .operator_id = "default"};
	stage_script("alpha.ping", accept_boot);
	ask(host_action(stage.host, "ocpp1.6", "BootNotification"), &link, NULL);
	cr_assert_str_eq(answer, "{}");
}

static const char *boots(const char *operator_id)
{
	const char *const *params;
	const struct bb_route *route;
	const char *allowed, *attrs[] = {"operator_id", operator_id, NULL};
	ask(host_route(stage.host, stage.arena, "GET", "/api/admin/example/boots", &params, &route,
		       &allowed),
	    NULL, operator_id ? attrs : NULL);
	return answer;
}

static void expect_boots(const char *expected)
{
	for (int i = 0; i < 300 && !strstr(boots(NULL), expected); i++) {
		bool never = false;
		loop_run_until(stage.loop, &never, 5);
	}
	cr_assert(strstr(answer, expected), "%s", answer);
}

Test(example, counts_boots_and_lists_them)
{
	cr_assert_str_eq(boots(NULL), "{\"items\":[],\"next_cursor\":null}");
	boot("CP1");
	boot("CP2");
	boot("CP1");
	expect_boots("\"charge_point_id\":\"CP1\",\"operator_id\":\"default\",\"boots\":2,");
	expect_boots("\"charge_point_id\":\"CP2\",\"operator_id\":\"default\",\"boots\":1,");
	cr_assert_str_eq(boots("another"), "{\"items\":[],\"next_cursor\":null}");
	limit = "1";
	cr_assert(strstr(boots("default"), "\"next_cursor\":\"CP1\""), "%s", answer);
	limit = "many";
	cr_assert_str_eq(boots(NULL), "the query parameter limit is malformed");
}

static bool reported;

static void on_rows(int err, const struct bb_rows *rows, void *arg)
{
	cr_assert_eq(err, 0);
	reported = rows->rows == 1 && !strcmp(bb_cell_text(rows, 0, 0), "done");
	*(bool *)arg = true;
}

Test(example, reports_a_charger_that_boots_too_often)
{
	boot("CP1");
	boot("CP1");
	for (int i = 0; i < 300 && !reported; i++) {
		bool read = false, never = false;
		loop_run_until(stage.loop, &never, 5);
		stage.bb->read(stage.me[0], stage.bb->query(stage.me[0], "task_rows"), 0, NULL,
			       on_rows, &read);
		stage_wait(&read);
	}
	cr_assert(reported);
}
