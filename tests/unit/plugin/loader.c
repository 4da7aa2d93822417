#include <criterion/criterion.h>

#include "stage.h"

TestSuite(loader, .init = stage_setup, .fini = stage_teardown);

/* Plugins that must be refused, and a part of what is said about it. */
static const struct refusal {
	const char *names[4];
	const char *said;
} refusals[] = {
    {{"no_symbol"}, "exports no symbol bb_plugin_no_symbol"},
    {{"not_elf"}, "plugin not_elf: cannot be loaded: "},
    {{"missing_library_symbol"}, "undefined symbol: nobody_defines_this"},
    {{"absent"}, "plugins/absent.so: No such file or directory"},
    {{"led_astray"}, "is a link that leads out of"},
    {{"../alpha"}, "plugin \"../alpha\": a plugin is named in a-z, 0-9 and _"},
    {{"Alpha"}, "plugin \"Alpha\": a plugin is named in a-z, 0-9 and _"},
    {{"/nowhere/alpha.so"}, "plugin alpha: /nowhere/alpha.so: No such file or directory"},
    {{"alpha", "alpha"}, "plugin alpha is in the list twice"},
    {{"wrong_major"}, "is built for ABI 3.7, this server has 2.7"},
    {{"newer_minor"}, "is built for ABI 2.8, this server has 2.7"},
    {{"wrong_size"}, "its definition is 8 bytes, not "},
    {{"null_name"}, "its definition has no name"},
    {{"other_name"}, "its definition is named somebody unlike its file"},
    {{"no_version"}, "its definition has no version"},
    {{"option_outside"}, "option limit lies outside of the config struct (config_size)"},
    {{"option_unaligned"}, "option name is not aligned in the config struct"},
    {{"option_type"}, "option limit is of an unknown type"},
    {{"option_twice"}, "option limit is declared twice"},
    {{"option_without_default"}, "option limit has no default and is not required"},
    {{"option_required_with_default"}, "option limit is required and has a default"},
    {{"option_without_help"}, "option limit has no help"},
    {{"option_without_choices"}, "option limit has no choices"},
    {{"option_without_name"}, "option 1 has no name"},
    {{"table_without_rows"}, "table actions has a count but no rows"},
    {{"table_stride"}, "table hooks has rows of a wrong size (stride)"},
    {{"action_phase"}, "action Ping has an unknown phase"},
    {{"action_without_function"}, "action Ping has no function"},
    {{"action_twice"}, "plugin action_twice: action Ping is declared twice"},
    {{"route_relative"}, "route GET api/things has a path that does not begin with \"/\""},
    {{"route_braces"}, "route GET /api/things/x{id} has braces that are not around a whole part"},
    {{"route_star"}, "route GET /api/* may have a \"*\" only as the last part of a guard's"},
    {{"route_empty_part"}, "route GET /api//things has an empty part"},
    {{"route_method"}, "route FETCH /api/things has an unknown method"},
    {{"route_without_scope"}, "route GET /api/things has no scope"},
    {{"route_parameter_twice"}, "route GET /api/{id}/of/{id} names a parameter twice"},
    {{"route_parameter_schema"},
     "route GET /api/things: the parameter kind names the schema rest/no_such_thing, which is not "
     "there"},
    {{"route_schema"},
     "route POST /api/things names the schema rest/no_such_thing, which is not there"},
    {{"question_policy"}, "question ask must say on_failure \"open\" or \"closed\""},
    {{"hook_without_function"}, "hook ask has no function"},
    {{"topic_form"}, "topic Thing Happened is not of the form \"thing.happened\""},
    {{"task_without_tries"}, "task job must be tried at least once"},
    {{"lua_without_name"}, "Lua function 1 has no name"},
    {{"need_form"}, "need wallet is not of the form \"service/1\""},
    {{"service_without_table"}, "service wallet/1 has no table of functions"},
    {{"need_missing"}, "plugin need_missing needs the service teleport/1, which no plugin"},
    {{"circle_a", "circle_b", "circle_c"},
     "in a circle: circle_a needs circle_b needs circle_c needs circle_a"},
    {{"same_action_a", "same_action_b"},
     "action Ping is owned by both same_action_a and same_action_b"},
    {{"same_route_a", "same_route_b"},
     "route GET /api/things/{name} is owned by both same_route_a and same_route_b (as "
     "/api/things/{id})"},
    {{"same_question_a", "same_question_b"},
     "question ask is owned by both same_question_a and same_question_b"},
    {{"same_task_a", "same_task_b"}, "task job is owned by both same_task_a and same_task_b"},
    {{"same_service_a", "same_service_b"},
     "the service wallet/1 is given by both same_service_a and same_service_b"},
};

Test(loader, refuses_every_bad_plugin_and_says_why)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		const struct refusal *r = &refusals[i];
		int err = stage_load(NULL, r->names);
		cr_expect_lt(err, 0, "%s was accepted", r->names[0]);
		cr_expect(stage.error && strstr(stage.error, r->said), "%s: %s", r->names[0],
			  stage.error);
		cr_expect(stage.error && strstr(stage.error, r->names[0]), "%s is not named in: %s",
			  r->names[0], stage.error);
		stage_teardown();
		memset(&stage, 0, sizeof stage);
		stage_setup();
	}
}

Test(loader, reads_options_with_their_defaults)
{
	stage_up("alpha = { colour = 'green' }");
	const struct {
		int64_t limit;
		const char *colour;
	} *cfg = stage.cfg[0];
	cr_assert_eq(cfg->limit, 7);
	cr_assert_str_eq(cfg->colour, "green");
}

static void expect_refusal(const char *config, const char *said)
{
	static const char *const names[] = {"alpha", NULL};
	cr_assert_lt(stage_load(config, names), 0);
	cr_assert(strstr(stage.error, said), "%s", stage.error);
}

Test(loader, refuses_an_option_out_of_its_range)
{
	expect_refusal("alpha = { limit = 101 }", "limit");
}

Test(loader, refuses_an_option_that_the_plugin_does_not_have)
{
	expect_refusal("alpha = { limits = 5 }", "limits");
}

Test(loader, refuses_a_script_for_a_hook_that_nobody_asks)
{
	expect_refusal("scripts = { { hook = 'aks', file = 'ask.lua' } }",
		       "scripts[1]: nobody asks the hook \"aks\" (ask.lua)");
}

Test(loader, refuses_a_script_that_is_not_there)
{
	expect_refusal("scripts = { { hook = 'ask', file = 'nothing.lua' } }",
		       "scripts/nothing.lua: No such file or directory");
}

Test(loader, refuses_a_script_that_does_not_compile)
{
	expect_refusal("scripts = { { hook = 'ask', file = 'broken.lua' } }", "broken.lua:1:");
}

Test(loader, describes_what_is_loaded_in_its_order)
{
	static const char *const lines[] = {
	    "plugin storage_sqlite ",
	    "plugin alpha 1.0 gives alpha/1 (/",
	    "plugin beta 1.0 needs alpha/1 (/",
	    "action ocpp1.6 Ping: beta(guard) alpha(owner) beta(observer)\n",
	    "route PUT /api/things/{id}: alpha(owner)\n",
	    "route * /api/*: beta(guard)\n",
	    "hook admit (asked by core, fails closed):\n",
	    "hook ask (asked by alpha, fails closed): beta(5) ask.lua(7) alpha(10)\n",
	    "topic thing.happened: alpha beta\n",
	    "task job: alpha\n",
	    "lua busbar.alpha.twice(n)\n"};
	static const char *const names[] = {"beta", "alpha", NULL};
	cr_assert_eq(
	    stage_load("scripts = { { hook = 'ask', file = 'ask.lua', order = 7 } }", names), 0,
	    "%s", stage.error);
	char *text = host_describe(stage.host), *at = text;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char *found = strstr(at, lines[i]);
		cr_expect_not_null(found, "%sis not in, or not in its place in:\n%s", lines[i],
				   text);
		at = found ? found : at;
	}
	free(text);
}

Test(loader, describes_the_options_of_plugins)
{
	static const char *const names[] = {"alpha", NULL};
	cr_assert_eq(stage_load("alpha = { limit = 9 }", names), 0, "%s", stage.error);
	char *values = host_describe_options(stage.host, true);
	char *help = host_describe_options(stage.host, false);
	cr_expect_not_null(strstr(values, "alpha.limit=9\nalpha.colour=red\n"), "%s", values);
	cr_expect_not_null(strstr(help, "alpha.limit: a whole number, 1 to 100; default 7; "
					"reloadable\n    how many\n"),
			   "%s", help);
	free(values);
	free(help);
}
