#include <criterion/criterion.h>

#include "base/arena.h"
#include "json/json.h"

static struct bb_arena *arena;

static void set_up(void)
{
	arena = arena_new(0);
}

static void tear_down(void)
{
	arena = arena_free(arena);
}

TestSuite(value, .init = set_up, .fini = tear_down);

static const struct bb_json *parsed(struct bb_arena *where, const char *text)
{
	const struct bb_json *v = NULL;
	cr_assert_eq(json_parse(where, text, strlen(text), &v, NULL), 0, "%s", text);
	return v;
}

Test(value, a_copy_outlives_the_arena_of_the_original)
{
	static const char text[] =
	    "{\"a\":[1,2.5,\"x\",{\"b\":null}],\"c\":{\"d\":true,\"e\":\"y\"}}";
	struct bb_arena *first = arena_new(0);
	const struct bb_json *copy = json_copy(arena, parsed(first, text));
	arena_free(first);
	cr_assert_str_eq(json_text(arena, copy, NULL), text);
	cr_assert_eq(copy->members[0].hash, bb_json_hash("a", 1));
}

static const struct pair {
	const char *a, *b;
	bool equal;
} pairs[] = {
    {"null", "null", true},
    {"null", "false", false},
    {"true", "true", true},
    {"true", "false", false},
    {"1", "1", true},
    {"1", "1.0", true},
    {"1.0", "1", true},
    {"1", "1.5", false},
    {"1", "\"1\"", false},
    {"0", "-0.0", true},
    {"9007199254740993", "9007199254740992.0", false},
    {"9223372036854775807", "9223372036854775808", false},
    {"-9223372036854775808", "-9223372036854775808.0", true},
    {"0.1", "0.10", true},
    {"\"a\"", "\"\\u0061\"", true},
    {"\"a\"", "\"b\"", false},
    {"\"a\"", "\"aa\"", false},
    {"[1,2]", "[1,2]", true},
    {"[1,2]", "[2,1]", false},
    {"[1,2]", "[1]", false},
    {"[]", "{}", false},
    {"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", true},
    {"{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":3}", false},
    {"{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", false},
    {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
    {"{\"a\":null}", "{\"b\":null}", false},
    {"{\"a\":[{\"x\":1.0}]}", "{\"a\":[{\"x\":1}]}", true},
};

Test(value, equality_ignores_the_order_of_members_and_how_a_number_is_written)
{
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const struct pair *p = &pairs[i];
		cr_expect_eq(json_equal(parsed(arena, p->a), parsed(arena, p->b)), p->equal,
			     "%s and %s", p->a, p->b);
		cr_expect_eq(json_equal(parsed(arena, p->b), parsed(arena, p->a)), p->equal,
			     "%s and %s", p->b, p->a);
	}
}
