/* Which events a subscription wants. */
#include "match.h"

#include <criterion/criterion.h>

#include "base/arena.h"
#include "json/json.h"

static struct bb_arena *arena;

static void setup(void)
{
	arena = arena_new(0);
}

static void teardown(void)
{
	arena_free(arena);
}

TestSuite(match, .init = setup, .fini = teardown);

static const struct bb_json *value(const char *text)
{
	const struct bb_json *v = NULL;
	cr_assert_eq(json_parse(arena, text, strlen(text), &v, NULL), 0, "%s", text);
	return v;
}

Test(match, by_name_by_family_and_all)
{
	cr_expect(match_event(value("[\"a.b\",\"session.stopped\"]"), "session.stopped"));
	cr_expect(match_event(value("[\"session.*\"]"), "session.stopped"));
	cr_expect(match_event(value("[\"*\"]"), "session.stopped"));
	cr_expect_not(match_event(value("[\"session.*\"]"), "sessions.stopped"));
	cr_expect_not(match_event(value("[\"session\"]"), "session.stopped"));
	cr_expect_not(match_event(value("[]"), "session.stopped"));
	cr_expect_not(match_event(NULL, "session.stopped"));
}

Test(match, every_member_of_the_filter_must_hold)
{
	const struct bb_json *data = value("{\"id\":7,\"cp\":\"A\",\"critical\":true,\"x\":null}");
	static const char *const hold[] = {"{}",
					   "{\"id\":7}",
					   "{\"id\":7.0,\"cp\":\"A\"}",
					   "{\"cp\":[\"B\",\"A\"]}",
					   "{\"critical\":true}",
					   "{\"x\":null}"};
	static const char *const fail[] = {
	    "{\"id\":8}",      "{\"id\":\"7\"}", "{\"cp\":\"A\",\"critical\":false}",
	    "{\"cp\":[]}",     "{\"y\":1}",      "{\"y\":null}",
	    "{\"critical\":1}"};
	for (size_t i = 0; i < sizeof hold / sizeof *hold; i++)
		cr_expect(match_filter(value(hold[i]), data), "%s", hold[i]);
	for (size_t i = 0; i < sizeof fail / sizeof *fail; i++)
		cr_expect_not(match_filter(value(fail[i]), data), "%s", fail[i]);
	cr_expect(match_filter(NULL, data));
}
