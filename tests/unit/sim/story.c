/* What busbar-sim makes of a story, seen from outside. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs the text as a story; its output and, returned, its exit status. */
static int tell(const char *text, char *out, size_t size)
{
	char path[] = "/tmp/busbar-story.XXXXXX", command[512];
	int fd = mkstemp(path);
	cr_assert(fd >= 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	/* Nothing listens on port 1. */
	snprintf(command, sizeof command,
		 BUSBAR_BUILD "/bin/busbar-sim --url ws://127.0.0.1:1 %s 2>&1", path);
	FILE *f = popen(command, "r");
	cr_assert(f != NULL);
	size_t len = fread(out, 1, size - 1, f);
	out[len] = '\0';
	int status = pclose(f);
	unlink(path);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void expect(const char *text, int wanted, const char *line)
{
	char out[16384];
	int status = tell(text, out, sizeof out);
	cr_assert_eq(status, wanted, "status %d: %s", status, out);
	if (line)
		cr_assert(strstr(out, line), "%s", out);
}

Test(story, one_without_faults_ends_with_0)
{
	expect("equal({ a = { 1, 2 } }, { a = { 1, 2 } })", 0, NULL);
}

Test(story, one_that_is_not_there_is_named)
{
	char out[4096];
	FILE *f = popen(BUSBAR_BUILD "/bin/busbar-sim no_such_story 2>&1", "r");
	cr_assert(f != NULL);
	out[fread(out, 1, sizeof out - 1, f)] = '\0';
	int status = pclose(f);
	cr_expect_eq(WEXITSTATUS(status), 2);
	cr_expect_str_eq(out, "busbar-sim: there is no story no_such_story, no file and none "
			      "bundled; see --help\n");
}

Test(story, a_check_that_does_not_hold_names_its_line)
{
	expect("local a = 1\n\ncheck(a == 2, 'a is two')", 1, ":3: a is two");
}

Test(story, a_difference_is_shown)
{
	expect("matches({ a = { b = 1 } }, { a = { b = 2 } })", 1, ":1: it.a.b is 1, expected 2");
}

Test(story, a_fault_in_a_parallel_branch_ends_all)
{
	expect("parallel(function() wait(0.01) equal(1, 2) end, function() wait(60) end)", 1,
	       "1, expected 2");
}

Test(story, a_lua_error_is_shown_with_its_line)
{
	expect("local x = nil\nprint(x.y)", 1, ":2: ");
}

Test(story, a_syntax_error_is_shown)
{
	expect("local = 2", 1, ":1: ");
}

Test(story, a_charger_that_cannot_connect_is_named)
{
	expect("charger { id = 'CP7' }:connect()", 1, ":1: CP7: cannot connect");
}

Test(story, json_survives_the_way_there_and_back)
{
	expect(
	    "local text = '{\"a\":[],\"b\":{},\"c\":null,\"d\":1,\"e\":1.5,\"f\":\"\\\\u00fc\"}'\n"
	    "local t = json.decode(text)\n"
	    "equal(json.encode(t.a), '[]')\n"
	    "equal(json.encode(t.b), '{}')\n"
	    "equal(t.c, json.null)\n"
	    "equal(math.type(t.d), 'integer')\n"
	    "equal(json.decode(json.encode(t)), t)\n",
	    0, NULL);
}

Test(story, timestamps_are_rfc_3339)
{
	expect("check(now():match '^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$')", 0, NULL);
}

Test(story, a_timeout_of_eventually_is_a_fault)
{
	expect("eventually(function() return false end, 0.1)", 1, ":1: it did not happen");
}
