#include <criterion/criterion.h>
#include <errno.h>

#include "base/clock.h"
#include "base/version.h"
#include "stage.h"

static void setup(void)
{
	stage_setup();
	stage_up(NULL);
	stage_forget();
}

TestSuite(api, .init = setup, .fini = stage_teardown);

Test(api, every_member_is_there)
{
	const void *const *members = (const void *const *)&stage.bb->log;
	size_t count = (sizeof(struct bb_api) - offsetof(struct bb_api, log)) / sizeof *members;
	for (size_t i = 0; i < count; i++)
		cr_assert_not_null(members[i], "member %zu", i);
	cr_assert_eq(stage.bb->size, sizeof(struct bb_api));
}

Test(api, tells_and_reads_the_time_of_the_one_clock)
{
	clock_set_ms(1795000000123);
	int64_t ms = 0;
	const char *text = stage.bb->time_format(stage.arena, stage.bb->now_ms());
	cr_assert_str_eq(text, "2026-11-18T11:06:40.123Z", "%s", text);
	cr_assert_eq(stage.bb->time_parse(text, strlen(text), &ms), 0);
	cr_assert_eq(ms, 1795000000123);
	clock_set_ms(-1);
	cr_assert_eq(strlen(stage.bb->new_id(stage.arena)), 26);
	cr_assert_str_eq(stage.bb->version(), BUSBAR_VERSION);
}

Test(api, tells_what_clocks_of_a_zone_show_and_when)
{
	int64_t midnight = 1795025700000, ms = 0; /* 2026-11-18T18:15:00Z */
	cr_assert_eq(stage.bb->zone_local("Asia/Kathmandu", midnight + 1, &ms), 0);
	cr_assert_eq(ms, midnight + 1 + 20700000);
	cr_assert_eq(stage.bb->zone_utc("Asia/Kathmandu", ms, &ms), 0);
	cr_assert_eq(ms, midnight + 1);
	cr_assert_eq(stage.bb->zone_utc("America/St_Johns", -1, &ms), 0);
	cr_assert_eq(ms, 12600000 - 1);
	cr_assert_eq(stage.bb->zone_local("Mars/Base", 0, &ms), -ENOENT);
	cr_assert_eq(stage.bb->zone_utc("Mars/Base", 0, &ms), -ENOENT);
	cr_assert_eq(ms, 12600000 - 1);
}

Test(api, parses_and_validates)
{
	const struct bb_json *v = NULL, *errors = NULL;
	const char *error = NULL;
	struct bb_arena *a = stage.bb->arena_new();
	cr_assert_eq(stage.bb->json_parse(a, "[1", 2, &v, &error), -EINVAL);
	cr_assert_not_null(error);
	cr_assert_eq(stage.bb->json_parse(a, "{\"by\":1}", 8, &v, NULL), 0);
	cr_assert_str_eq(stage.bb->json_write(a, v, NULL), "{\"by\":1}");
	cr_assert_eq(stage.bb->validate("test/answer", v, a, &errors), -EBADMSG);
	cr_assert_eq(bb_json_count(errors), 1);
	cr_assert_str_eq(bb_json_get_str(bb_json_at(errors, 0), "path", "?"), "by");
	cr_assert_eq(stage.bb->validate("test/answer", stage_json("{\"by\":\"x\"}"), a, NULL), 0);
	cr_assert_eq(stage.bb->validate("test/nothing", v, a, NULL), -ENOENT);
	cr_assert_str_eq(bb_json_get_str(stage.bb->schema("test/answer"), "type", "?"), "object");
	cr_assert_null(stage.bb->schema("test/nothing"));
	stage.bb->arena_free(a);
}

Test(api, finds_services_that_are_new_enough)
{
	const struct {
		uint32_t size;
		int answer;
	} *s = stage.bb->service(stage.me[1], "alpha/1", sizeof *s);
	cr_assert_eq(s->answer, 42);
	cr_assert_null(stage.bb->service(stage.me[1], "alpha/1", sizeof *s + 1));
	cr_assert_null(stage.bb->service(stage.me[1], "alpha/2", 0));
}

Test(api, asks_chargers_in_the_plugins_name)
{
	struct bb_ask ask = {.charge_point_id = "CP1", .action = "Reset"};
	cr_assert_eq(stage.bb->ask_charger(stage.me[1], &ask, stage.arena, NULL, NULL, NULL, NULL),
		     -ENOTCONN);
	cr_assert_str_eq(stage.trace, "beta asks CP1 for Reset");
}

Test(api, knows_only_the_queries_of_the_plugin)
{
	cr_assert_not_null(stage.bb->query(stage.me[0], "add_thing"));
	cr_assert_null(stage.bb->query(stage.me[1], "add_thing"));
	cr_assert_null(stage.bb->query(stage.me[0], "task_add"));
	cr_assert(stage.bb->storage_healthy());
}

static int twice(struct bb_call *call)
{
	int64_t n = bb_json_int(bb_json_at(stage.bb->payload(call), 0), 0);
	struct bb_json v = bb_json_make_int(2 * n);
	cr_assert_str_eq(stage.bb->attr(call, "operator_id"), "northern");
	stage.bb->reply(call, &v);
	return BB_DONE;
}

static int64_t result;

static void on_result(int err, const struct bb_json *v, void *arg)
{
	cr_assert_eq(err, 0, "%s", bb_json_get_str(v, "detail", "?"));
	result = bb_json_int(v, -1);
	*(bool *)arg = true;
}

Test(api, lets_scripts_call_functions_of_plugins)
{
	static const char text[] = "function f(q) return busbar.alpha.twice(q.n) end";
	struct bb_script script = {"northern", "test/f", "1", text, sizeof text - 1};
	bool told = false;
	stage_script("alpha.lua", twice);
	cr_assert_eq(stage.bb->script_call(stage.me[0], &script, "f", stage_json("{\"n\":21}"),
					   1000, on_result, &told),
		     0);
	stage_wait(&told);
	cr_assert_eq(result, 42);
}

static void on_ended(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	stage_trace("%d", err);
	*(bool *)arg = true;
}

Test(api, fails_a_unit_with_a_query_that_is_not_there)
{
	bool ended = false;
	struct bb_unit *unit = stage.bb->begin(stage.me[0]);
	stage.bb->add(unit, NULL, 0, NULL, NULL, NULL);
	cr_assert_eq(stage.bb->commit(unit, on_ended, &ended), 0);
	stage_wait(&ended);
	cr_assert_str_eq(stage.trace, "-5");
}

Test(api, refuses_storage_after_its_end)
{
	bool ended = false;
	host_fini(stage.host);
	cr_assert_null(stage.bb->begin(stage.me[0]));
	cr_assert_eq(stage.bb->commit(NULL, on_ended, &ended), -ECANCELED);
	cr_assert_eq(stage.bb->enqueue(stage.me[0], NULL, "job", NULL), -ECANCELED);
	cr_assert_not(stage.bb->storage_healthy());
}
