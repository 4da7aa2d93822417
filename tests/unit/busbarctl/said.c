/* Objects in a line, for people. */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "busbarctl/live.h"
#include "json/json.h"

static void expect(const char *json, const char *expected)
{
	static const char *const without[] = {"hidden", NULL};
	struct ctl ctl = {.arena = arena_new(0)};
	const struct bb_json *v;
	cr_assert_eq(json_parse(ctl.arena, json, strlen(json), &v, NULL), 0, "%s", json);
	cr_expect_str_eq(said(&ctl, v, without), expected, "%s: %s", json, said(&ctl, v, without));
	arena_free(ctl.arena);
}

Test(said, members_are_named)
{
	expect("{\"a\":1,\"b\":\"x\",\"c\":null,\"hidden\":2,\"d\":true}", "a=1 b=x d=true");
	expect("{}", "");
	expect("{\"at\":{\"x\":{\"y\":1},\"hidden\":2},\"b\":3}", "at.x.y=1 at.hidden=2 b=3");
	expect("{\"price\":{\"amount_minor\":1234,\"currency\":\"EUR\"}}", "price=12.34 EUR");
}

Test(said, lists_stand_in_brackets_where_they_have_members)
{
	expect("{\"a\":[1,\"x\"],\"b\":[]}", "a=1,x b=");
	expect("{\"v\":[{\"t\":1,\"s\":[{\"u\":\"Wh\"},{\"u\":\"W\"}]},{\"t\":2}]}",
	       "v=[t=1 s=[u=Wh; u=W]; t=2]");
}

Test(said, what_might_be_misread_or_steer_a_terminal_is_quoted)
{
	expect("{\"a\":\"two words\",\"b\":\"\",\"c\":\"x=1\"}",
	       "a=\"two words\" b=\"\" c=\"x=1\"");
	expect("{\"a\":\"\\u001b[2J\\n\"}", "a=\"\\u001b[2J\\n\"");
	expect("\"plain\"", "plain");
}
