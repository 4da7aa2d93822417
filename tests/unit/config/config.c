#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "config/config.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

struct http {
	const char *listen, *mode, *secret;
	int64_t threads, timeout_ms, body_bytes;
	bool verbose;
};

#define AT(field) offsetof(struct http, field)
static const struct bb_option http_options[] = {
    {"listen", BB_OPT_STR, 0, AT(listen), "0.0.0.0:8080", "where to listen", 0, 0, NULL},
    {"mode", BB_OPT_ENUM, BB_RELOADABLE, AT(mode), "strict", "how", 0, 0, "strict|lenient|off"},
    {"secret", BB_OPT_STR, BB_SECRET, AT(secret), NULL, "a password", 0, 0, NULL},
    {"threads", BB_OPT_INT, 0, AT(threads), "4", "how many", 1, 64, NULL},
    {"timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(timeout_ms), "30s", "how long", 100, 3600000, NULL},
    {"body", BB_OPT_BYTES, 0, AT(body_bytes), "64k", "how much", 0, 0, NULL},
    {"verbose", BB_OPT_BOOL, BB_RELOADABLE, AT(verbose), "false", "say more", 0, 0, NULL},
};
#define HTTP http_options, sizeof http_options / sizeof *http_options

struct script {
	const char *hook, *file;
};
static const struct bb_option script_options[] = {
    {"hook", BB_OPT_STR, BB_REQUIRED, offsetof(struct script, hook), NULL, "which hook", 0, 0,
     NULL},
    {"file", BB_OPT_STR, 0, offsetof(struct script, file), "x.lua", "which file", 0, 0, NULL},
};

static char path[] = "/tmp/busbar-config-XXXXXX";
static char *error;
static struct config *config;

static void teardown(void)
{
	config_free(config);
	free(error);
	config = NULL;
	error = NULL;
#if defined(__SANITIZE_ADDRESS__)
	cr_assert_eq(__lsan_do_recoverable_leak_check(), 0, "leaks");
#endif
}

TestSuite(config, .fini = teardown);

static int load(const char *text, const char *const *override)
{
	int fd = mkstemp(path);
	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	int err = config_load(path, override, &config, &error);
	unlink(path);
	return err;
}

/* The error with the temporary path taken off. */
static const char *told(void)
{
	cr_assert_not_null(error);
	size_t n = strlen(path);
	return strncmp(error, path, n) == 0 ? error + n : error;
}

static void expect_load_error(const char *text, const char *expected)
{
	cr_assert_eq(load(text, NULL), -EINVAL, "%s", text);
	cr_assert_str_eq(told(), expected);
}

static void expect_section_error(const char *text, const char *expected)
{
	struct http h;
	cr_assert_eq(load(text, NULL), 0, "%s", error);
	cr_assert_eq(config_section(config, "http", HTTP, &h, &error), -EINVAL, "%s", text);
	cr_assert_str_eq(told(), expected);
}

Test(config, an_empty_configuration_gives_the_defaults)
{
	struct http h;
	cr_assert_eq(config_load(NULL, NULL, &config, &error), 0);
	cr_assert_eq(config_section(config, "http", HTTP, &h, &error), 0);
	cr_expect_str_eq(h.listen, "0.0.0.0:8080");
	cr_expect_str_eq(h.mode, "strict");
	cr_expect_str_eq(h.secret, "");
	cr_expect_eq(h.threads, 4);
	cr_expect_eq(h.timeout_ms, 30000);
	cr_expect_eq(h.body_bytes, 65536);
	cr_expect_not(h.verbose);
	cr_expect_eq(config_finish(config, &error), 0);
}

Test(config, a_file_sets_options_of_every_type)
{
	struct http h;
	cr_assert_eq(load("local n = 2\nhttp = { listen = 'a' .. ':1', mode = 'off',\n"
			  " secret = 'x', threads = n * 4, timeout = '2m', body = '1m',\n"
			  " verbose = true }",
			  NULL),
		     0, "%s", error);
	cr_assert_eq(config_section(config, "http", HTTP, &h, &error), 0, "%s", error);
	cr_expect_str_eq(h.listen, "a:1");
	cr_expect_str_eq(h.mode, "off");
	cr_expect_str_eq(h.secret, "x");
	cr_expect_eq(h.threads, 8);
	cr_expect_eq(h.timeout_ms, 120000);
	cr_expect_eq(h.body_bytes, 1048576);
	cr_expect(h.verbose);
	cr_expect_eq(config_finish(config, &error), 0);
}

Test(config, durations_have_units_and_bare_numbers_are_milliseconds)
{
	const struct {
		const char *text;
		int64_t ms;
	} cases[] = {{"250", 250},     {"'250'", 250},    {"'250ms'", 250}, {"'30s'", 30000},
		     {"'5m'", 300000}, {"'1h'", 3600000}, {"1e3", 1000}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[64];
		struct http h;
		snprintf(text, sizeof text, "http = { timeout = %s }", cases[i].text);
		strcpy(path, "/tmp/busbar-config-XXXXXX");
		cr_assert_eq(load(text, NULL), 0);
		cr_assert_eq(config_section(config, "http", HTTP, &h, &error), 0, "%s", error);
		cr_expect_eq(h.timeout_ms, cases[i].ms, "%s", cases[i].text);
		config_free(config);
		config = NULL;
	}
}

Test(config, the_environment_is_read_by_env_and_by_nothing_else)
{
	struct http h;
	setenv("BUSBAR_TEST_LISTEN", "b:2", 1);
	setenv("BUSBAR_TEST_THREADS", "16", 1);
	unsetenv("BUSBAR_TEST_NONE");
	cr_assert_eq(
	    load("http = { listen = env('BUSBAR_TEST_LISTEN'), mode = "
		 "env('BUSBAR_TEST_NONE', 'off'), threads = env('BUSBAR_TEST_THREADS', 1) }",
		 NULL),
	    0);
	cr_assert_eq(config_section(config, "http", HTTP, &h, &error), 0, "%s", error);
	cr_expect_str_eq(h.listen, "b:2");
	cr_expect_str_eq(h.mode, "off");
	cr_expect_eq(h.threads, 16);
}

Test(config, an_unset_variable_without_default_is_an_error)
{
	expect_load_error("http = {\n  listen = env('BUSBAR_TEST_NONE')\n}",
			  ":2: the environment variable BUSBAR_TEST_NONE is not set");
}

Test(config, a_file_that_is_missing_is_named)
{
	cr_assert_eq(config_load("/nonexistent/busbar.lua", NULL, &config, &error), -ENOENT);
	cr_expect_str_eq(error, "cannot read the configuration /nonexistent/busbar.lua: No such "
				"file or directory");
}

Test(config, a_syntax_error_has_file_and_line)
{
	expect_load_error("http = {\n listen = \n}", ":3: unexpected symbol near '}'");
}

Test(config, a_runtime_error_has_file_and_line)
{
	expect_load_error("\nhttp = { listen = nothing.at.all }",
			  ":2: attempt to index a nil value (global 'nothing')");
}

Test(config, a_file_that_never_ends_is_stopped)
{
	expect_load_error("local n = 0\nwhile true do n = n + 1 end",
			  ":2: runs for too long (1000000 instructions)");
}

Test(config, a_text_that_is_doubled_for_ever_is_stopped)
{
	expect_load_error("local s = '0123456789abcdef'\nfor i = 1, 40 do s = s .. s end",
			  ": needs more than 64 MiB of memory");
}

Test(config, the_file_has_no_library_to_call)
{
	expect_load_error("os.exit(1)", ":1: attempt to index a nil value (global 'os')");
}

Test(config, the_strings_of_the_file_have_no_methods)
{
	expect_load_error("x = ('a'):rep(10)",
			  ":1: attempt to index a string value (constant 'a')");
}

Test(config, compiled_chunks_are_refused)
{
	cr_assert_eq(load("\033Lua", NULL), -EINVAL);
	cr_expect_not_null(strstr(error, "attempt to load a binary chunk"), "%s", error);
}

Test(config, a_global_that_is_not_a_table_is_no_section)
{
	expect_load_error("\ndir = '/var/lib'",
			  ":2: dir: a section must be a table, not a string (for a variable write "
			  "\"local dir\")");
}

Test(config, a_section_whose_name_is_a_number_is_refused)
{
	expect_load_error("_ENV[1] = {}", ": a section's name must be a text");
}

Test(config, an_unknown_key_is_an_error_with_a_suggestion)
{
	expect_section_error("http = {\n  -- listn = 1\n  listn = 'a' }",
			     ":3: http.listn: unknown option; did you mean \"listen\"?");
}

Test(config, an_unknown_key_that_resembles_nothing_has_no_suggestion)
{
	expect_section_error("http = { quux = 1 }", ":1: http.quux: unknown option");
}

Test(config, a_key_set_after_the_table_has_its_own_line)
{
	expect_section_error("http = {}\nhttp.threads = 0",
			     ":2: http.threads 0 is out of range: 1 to 64");
}

Test(config, a_key_in_brackets_has_its_own_line)
{
	expect_section_error("http = { --[[ x\n = ]]\n  listen = \"a{\",\n  [\"threads\"] = 65\n}",
			     ":4: http.threads 65 is out of range: 1 to 64");
}

Test(config, a_value_without_a_name_is_an_error)
{
	expect_section_error("http = { 'a' }", ":1: http: a value without a name; write http = { "
					       "name = value, ... }");
}

Test(config, a_number_for_a_text_is_an_error)
{
	expect_section_error("http = { listen = 8080 }",
			     ":1: http.listen must be a text, not a number");
}

Test(config, a_table_for_a_text_is_an_error)
{
	expect_section_error("http = { listen = {} }",
			     ":1: http.listen must be a text, not a table");
}

Test(config, a_word_for_a_number_is_an_error)
{
	expect_section_error("http = { threads = 'many' }",
			     ":1: http.threads must be a whole number, 1 to 64, not \"many\"");
}

Test(config, a_fraction_for_a_whole_number_is_an_error)
{
	expect_section_error("http = { threads = 1.5 }",
			     ":1: http.threads must be a whole number, 1 to 64, not \"1.5\"");
}

Test(config, an_unknown_unit_is_an_error)
{
	expect_section_error("http = { timeout = '3 weeks' }",
			     ":1: http.timeout must be a duration like 250, \"250ms\", \"30s\", "
			     "\"5m\", \"2h\" or \"7d\", 100ms to 1h, not \"3 weeks\"");
}

Test(config, a_duration_out_of_range_is_told_with_units)
{
	expect_section_error("http = { timeout = '2d' }",
			     ":1: http.timeout 2d is out of range: 100ms to 1h");
}

Test(config, a_size_cannot_be_negative)
{
	expect_section_error("http = { body = '-1k' }", ":1: http.body must be a size like 4096, "
							"\"64k\" or \"1m\", not \"-1k\"");
}

Test(config, a_size_cannot_overflow)
{
	expect_section_error("http = { body = '9000000000000000000k' }",
			     ":1: http.body must be a size like 4096, \"64k\" or \"1m\", not "
			     "\"9000000000000000000k\"");
}

Test(config, a_word_for_a_truth_value_is_an_error)
{
	expect_section_error("http = { verbose = 'yes' }",
			     ":1: http.verbose must be true or false, not \"yes\"");
}

Test(config, a_choice_that_is_none_lists_the_choices)
{
	expect_section_error("http = { mode = 'soft' }", ":1: http.mode must be one of \"strict\", "
							 "\"lenient\" or \"off\", not \"soft\"");
}

Test(config, an_error_never_shows_a_secret)
{
	expect_section_error("http = { secret = { 'hunter2' } }",
			     ":1: http.secret must be a text, not a table");
}

Test(config, an_unknown_section_is_an_error_with_a_suggestion)
{
	struct http h;
	cr_assert_eq(load("http = {}\nhtttp = {}", NULL), 0);
	cr_assert_eq(config_section(config, "http", HTTP, &h, &error), 0);
	cr_assert_eq(config_finish(config, &error), -EINVAL);
	cr_assert_str_eq(told(), ":2: htttp: unknown section; did you mean \"http\"?");
}

Test(config, a_section_of_a_plugin_that_is_not_loaded_says_so)
{
	cr_assert_eq(load("wallet = {}", NULL), 0);
	cr_assert_eq(config_finish(config, &error), -EINVAL);
	cr_assert_str_eq(told(), ":1: wallet: unknown section (is the plugin of that name in "
				 "plugins?)");
}

Test(config, overrides_win_over_the_file_and_the_last_wins)
{
	struct http h;
	const char *over[] = {"http.threads=2", "http.threads=3", "http.listen=a=b", NULL};
	cr_assert_eq(load("http = { threads = 9 }", over), 0);
	cr_assert_eq(config_section(config, "http", HTTP, &h, &error), 0, "%s", error);
	cr_expect_eq(h.threads, 3);
	cr_expect_str_eq(h.listen, "a=b");
	cr_expect_eq(config_finish(config, &error), 0);
}

Test(config, an_override_without_a_value_is_an_error)
{
	const char *over[] = {"http.threads", NULL};
	cr_assert_eq(config_load(NULL, over, &config, &error), -EINVAL);
	cr_assert_str_eq(error, "\"http.threads\" is not of the form section.key=value");
}

Test(config, an_override_of_an_unknown_option_is_an_error)
{
	struct http h;
	const char *over[] = {"http.thread=2", NULL};
	cr_assert_eq(config_load(NULL, over, &config, &error), 0);
	cr_assert_eq(config_section(config, "http", HTTP, &h, &error), -EINVAL);
	cr_assert_str_eq(error,
			 "overridden: http.thread: unknown option; did you mean \"threads\"?");
}

Test(config, an_override_of_the_wrong_type_is_an_error)
{
	struct http h;
	const char *over[] = {"http.threads=x", NULL};
	cr_assert_eq(config_load(NULL, over, &config, &error), 0);
	cr_assert_eq(config_section(config, "http", HTTP, &h, &error), -EINVAL);
	cr_assert_str_eq(error, "http.threads as overridden: must be a whole number, 1 to 64, not "
				"\"x\"");
}

Test(config, an_override_of_an_unknown_section_is_an_error)
{
	const char *over[] = {"htp.threads=2", NULL};
	struct http h;
	cr_assert_eq(config_load(NULL, over, &config, &error), 0);
	cr_assert_eq(config_section(config, "http", HTTP, &h, &error), 0);
	cr_assert_eq(config_finish(config, &error), -EINVAL);
	cr_assert_str_eq(error, "overridden: htp: unknown section; did you mean \"http\"?");
}

Test(config, a_list_comes_from_the_file_or_the_fallback_or_an_override)
{
	const char *const none[] = {"z", NULL};
	const char *const *list;
	const char *over[] = {"more=c,d", NULL};
	cr_assert_eq(load("plugins = { 'a', 'b' }\nmore = { 'x' }", over), 0);
	cr_assert_eq(config_list(config, "plugins", none, &list, &error), 0);
	cr_expect(!strcmp(list[0], "a") && !strcmp(list[1], "b") && !list[2]);
	cr_assert_eq(config_list(config, "more", none, &list, &error), 0);
	cr_expect(!strcmp(list[0], "c") && !strcmp(list[1], "d") && !list[2]);
	cr_assert_eq(config_list(config, "absent", none, &list, &error), 0);
	cr_expect_str_eq(list[0], "z");
	cr_expect_eq(config_finish(config, &error), 0);
}

Test(config, a_list_with_something_else_than_texts_is_an_error)
{
	const char *const *list;
	cr_assert_eq(load("plugins = {\n 'a',\n { } }", NULL), 0);
	cr_assert_eq(config_list(config, "plugins", NULL, &list, &error), -EINVAL);
	cr_assert_str_eq(told(), ":3: plugins[2] must be a text, not a table");
}

Test(config, a_list_with_a_key_is_an_error)
{
	const char *const *list;
	cr_assert_eq(load("plugins = {\n 'a',\n b = 'c' }", NULL), 0);
	cr_assert_eq(config_list(config, "plugins", NULL, &list, &error), -EINVAL);
	cr_assert_str_eq(told(), ":3: plugins.b: plugins is a list; write plugins = { ..., ... }");
}

Test(config, items_of_a_list_are_read_as_sections_are)
{
	struct script s;
	cr_assert_eq(
	    load("scripts = {\n { hook = 'price' },\n { hook = 'admit', file = 'a' }\n}", NULL), 0);
	cr_assert_eq(config_count(config, "scripts"), 2);
	cr_assert_eq(config_item(config, "scripts", 0, script_options, 2, &s, &error), 0);
	cr_expect_str_eq(s.hook, "price");
	cr_expect_str_eq(s.file, "x.lua");
	cr_assert_eq(config_item(config, "scripts", 1, script_options, 2, &s, &error), 0);
	cr_expect_str_eq(s.hook, "admit");
	cr_expect_str_eq(s.file, "a");
	cr_expect_eq(config_finish(config, &error), 0);
}

Test(config, items_may_stand_beside_a_sections_options)
{
	struct script s;
	cr_assert_eq(load("scripts = {\n { hook = 'price' },\n hook = 'x' }", NULL), 0);
	cr_assert_eq(config_count(config, "scripts"), 1);
	cr_assert_eq(config_section(config, "scripts", script_options, 2, &s, &error), 0);
	cr_expect_str_eq(s.hook, "x");
	cr_assert_eq(config_item(config, "scripts", 0, script_options, 2, &s, &error), 0);
	cr_expect_str_eq(s.hook, "price");
	cr_expect_eq(config_finish(config, &error), 0);
}

Test(config, a_key_beside_items_must_be_an_option)
{
	struct script s;
	cr_assert_eq(load("scripts = {\n { hook = 'price' },\n hok = 'x' }", NULL), 0);
	cr_assert_eq(config_count(config, "scripts"), 1);
	cr_assert_eq(config_section(config, "scripts", script_options, 2, &s, &error), -EINVAL);
	cr_assert_str_eq(told(), ":3: scripts.hok: unknown option; did you mean \"hook\"?");
}

Test(config, an_items_unknown_key_has_its_own_line)
{
	struct script s;
	cr_assert_eq(
	    load("scripts = {\n { hook = 'price' },\n { hook = 'x',\n fil = 'a' }\n}", NULL), 0);
	cr_assert_eq(config_item(config, "scripts", 1, script_options, 2, &s, &error), -EINVAL);
	cr_assert_str_eq(told(), ":4: scripts[2].fil: unknown option; did you mean \"file\"?");
}

Test(config, an_items_missing_key_names_the_items_line)
{
	struct script s;
	cr_assert_eq(load("scripts = {\n { hook = 'price' },\n { file = 'a' }\n}", NULL), 0);
	cr_assert_eq(config_item(config, "scripts", 1, script_options, 2, &s, &error), -EINVAL);
	cr_assert_str_eq(told(), ":3: scripts[2].hook is required: which hook");
}

Test(config, a_list_of_tables_cannot_be_overridden)
{
	const char *over[] = {"scripts=a,b", NULL};
	cr_assert_eq(config_load(NULL, over, &config, &error), 0);
	cr_assert_eq(config_count(config, "scripts"), 0);
	cr_assert_eq(config_finish(config, &error), -EINVAL);
	cr_assert_str_eq(error, "\"scripts=a,b\": scripts cannot be overridden");
}

Test(config, an_override_of_a_lists_key_is_an_error)
{
	const char *over[] = {"plugins.x=a", NULL};
	const char *const *list;
	cr_assert_eq(config_load(NULL, over, &config, &error), 0);
	cr_assert_eq(config_list(config, "plugins", NULL, &list, &error), 0);
	cr_assert_eq(config_finish(config, &error), -EINVAL);
	cr_assert_str_eq(error, "\"plugins.x=a\": plugins is a list; write plugins=a,b");
}

Test(config, a_required_option_of_an_absent_section_is_an_error)
{
	struct script s;
	cr_assert_eq(config_load(NULL, NULL, &config, &error), 0);
	cr_assert_eq(config_section(config, "script", script_options, 2, &s, &error), -EINVAL);
	cr_assert_str_eq(error, "script.hook is required: which hook");
}

Test(config, a_description_hides_secrets_and_reads_back)
{
	struct http h;
	cr_assert_eq(load("http = { secret = 'hunter2', timeout = 1500, body = '128k' }", NULL), 0);
	cr_assert_eq(config_section(config, "http", HTTP, &h, &error), 0);
	char *text = config_describe("http", HTTP, &h);
	cr_expect_str_eq(text, "http.listen=0.0.0.0:8080\nhttp.mode=strict\nhttp.secret=***\n"
			       "http.threads=4\nhttp.timeout=1500ms\nhttp.body=128k\n"
			       "http.verbose=false\n");
	free(text);
}

Test(config, the_help_tells_type_range_default_and_meaning)
{
	char *text = config_help("http", &http_options[3], 2);
	cr_expect_str_eq(text,
			 "http.threads: a whole number, 1 to 64; default 4\n    how many\n"
			 "http.timeout: a duration like 250, \"250ms\", \"30s\", \"5m\", \"2h\" or "
			 "\"7d\", 100ms to 1h; default 30s; reloadable\n    how long\n");
	free(text);
}

Test(config, a_reload_names_the_option_that_may_not_change)
{
	struct http a = {.listen = "a", .mode = "x", .secret = "", .threads = 1, .timeout_ms = 5};
	struct http b = {.listen = "a", .mode = "y", .secret = "", .threads = 1, .timeout_ms = 6};
	cr_expect_null(config_frozen_change(HTTP, &a, &b));
	b.threads = 2;
	cr_expect_str_eq(config_frozen_change(HTTP, &a, &b), "threads");
}
