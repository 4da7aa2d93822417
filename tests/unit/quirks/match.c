/* Patterns, and which rules a charger has. */
#include "quirks/match.h"

#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/buf.h"
#include "json/json.h"

static const struct {
	const char *pattern, *text;
	bool fits;
} globs[] = {
    {"ABB", "ABB", true},        {"abb", "ABB", true},       {"ABB", "ABB Ltd", false},
    {"ABB*", "ABB Ltd", true},   {"ABB*", "ABB", true},      {"*BENY*", "ZJ Beny", true},
    {"*BENY*", "ZJ BEN", false}, {"X-2?", "x-20", true},     {"X-2?", "X-2", false},
    {"X-2?", "X-200", false},    {"a*b*c", "a1b2b3c", true}, {"a*b*c", "a1b2b3", false},
    {"*?", "", false},           {"*", NULL, true},          {"", NULL, true},
    {"?", NULL, false},          {"", "A", false},           {"**", "anything", true},
};

Test(match, patterns_have_any_text_and_one_byte)
{
	for (size_t i = 0; i < sizeof globs / sizeof *globs; i++)
		cr_expect_eq(match_glob(globs[i].pattern, globs[i].text), globs[i].fits, "%s ~ %s",
			     globs[i].pattern, globs[i].text ? globs[i].text : "(none)");
}

Test(match, a_pattern_made_to_backtrack_takes_no_time)
{
	char text[2001];
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	cr_assert_not(match_glob("*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

static struct bb_arena *arena;

static const struct bb_json *json_of(const char *text)
{
	const struct bb_json *v = NULL;
	cr_assert_eq(json_parse(arena, text, strlen(text), &v, NULL), 0, "%s", text);
	return v;
}

static void setup(void)
{
	arena = arena_new(0);
}

static void teardown(void)
{
	arena_free(arena);
}

static const char *answer(const char *known)
{
	const struct rule own[] = {
	    {.name = "fleet", .vendor = "Acme*", .quirks = json_of("[\"a\",\"b\"]")},
	    {.name = "old", .vendor = "Acme*", .firmware = "1.*", .validation = "lenient"},
	    {.name = "last", .model = "Final", .quirks = json_of("[\"c\"]"), .final = true},
	};
	const struct rule bundled[] = {
	    {.name = "acme",
	     .vendor = "acme",
	     .validation = "strict",
	     .quirks = json_of("[\"b\",\"d\"]")},
	};
	struct buf out = {0};
	json_write(&out, match_answer(arena, json_of(known), own, 3, bundled, 1));
	const char *text = bb_strdup(arena, out.data);
	buf_free(&out);
	return text;
}

static void gives(const char *known, const char *wanted)
{
	cr_expect_str_eq(answer(known), wanted, "%s gives %s", known, answer(known));
}

Test(match, rules_add_up_in_order_and_name_each_quirk_once, .init = setup, .fini = teardown)
{
	gives("{\"vendor\":\"Acme\"}", "{\"validation\":\"strict\",\"rules\":[\"fleet\",\"acme\"],"
				       "\"quirks\":[\"a\",\"b\",\"d\"]}");
	gives("{\"vendor\":\"ACME Ltd\"}",
	      "{\"validation\":\"strict\",\"rules\":[\"fleet\"],\"quirks\":[\"a\",\"b\"]}");
	gives("{}", "{\"validation\":\"strict\",\"rules\":[],\"quirks\":[]}");
}

Test(match, the_first_rule_that_says_a_mode_decides_it, .init = setup, .fini = teardown)
{
	gives("{\"vendor\":\"Acme\",\"firmware_version\":\"1.2\"}",
	      "{\"validation\":\"lenient\",\"rules\":[\"fleet\",\"old\",\"acme\"],\"quirks\":["
	      "\"a\",\"b\",\"d\"]}");
}

Test(match, nothing_counts_behind_a_final_rule, .init = setup, .fini = teardown)
{
	gives("{\"vendor\":\"Acme\",\"model\":\"final\"}",
	      "{\"validation\":\"strict\",\"rules\":[\"fleet\",\"last\"],\"quirks\":[\"a\",\"b\","
	      "\"c\"]}");
}

Test(match, what_the_charger_has_of_its_own_goes_before_rules, .init = setup, .fini = teardown)
{
	gives("{\"vendor\":\"Acme\",\"quirks\":[\"z\"],\"validation\":\"lenient\"}",
	      "{\"validation\":\"lenient\",\"rules\":[\"fleet\",\"acme\"],\"quirks\":[\"z\"]}");
	gives("{\"vendor\":\"Acme\",\"quirks\":[]}",
	      "{\"validation\":\"strict\",\"rules\":[\"fleet\",\"acme\"],\"quirks\":[]}");
}
