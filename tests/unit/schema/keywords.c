/* Every keyword: what it lets through, and what it says to the rest. */
#include <criterion/criterion.h>

#include "fixture.h"

#define V(text) "{\"v\":" text "}"
#define TYPE SCHEMA_TYPE
#define PROPERTY SCHEMA_PROPERTY
#define OCCURRENCE SCHEMA_OCCURRENCE
#define VALID ((enum schema_kind) - 1)

/* `schema` is that of member v; a NULL repeats the one above. */
static const struct rule_case {
	const char *schema, *value;
	enum schema_kind kind;
	const char *path, *rule;
} cases[] = {
    {"{}", V("1"), VALID, 0, 0},
    {NULL, V("null"), VALID, 0, 0},
    {NULL, V("{\"a\":[1]}"), VALID, 0, 0},
    {"{\"title\":\"t\",\"default\":3,\"examples\":[],\"x-unit\":\"Wh\"}", V("\"x\""), VALID, 0, 0},

    {"{\"type\":\"string\"}", V("\"\""), VALID, 0, 0},
    {NULL, V("1"), TYPE, "v", "is not a string"},
    {NULL, V("null"), TYPE, "v", "is not a string"},
    {NULL, V("[\"a\"]"), TYPE, "v", "is not a string"},
    {"{\"type\":\"boolean\"}", V("false"), VALID, 0, 0},
    {NULL, V("0"), TYPE, "v", "is not a boolean"},
    {NULL, V("\"true\""), TYPE, "v", "is not a boolean"},
    {"{\"type\":\"null\"}", V("null"), VALID, 0, 0},
    {NULL, V("0"), TYPE, "v", "is not null"},
    {"{\"type\":\"array\"}", V("[]"), VALID, 0, 0},
    {NULL, V("[1,\"a\",null]"), VALID, 0, 0},
    {NULL, V("{}"), TYPE, "v", "is not an array"},
    {"{\"type\":\"object\"}", V("{}"), VALID, 0, 0},
    {NULL, V("{\"a\":1}"), VALID, 0, 0},
    {NULL, V("[]"), TYPE, "v", "is not an object"},
    {"{\"type\":\"number\"}", V("1"), VALID, 0, 0},
    {NULL, V("-1.5e3"), VALID, 0, 0},
    {NULL, V("1e300"), VALID, 0, 0},
    {NULL, V("\"1\""), TYPE, "v", "is not a number"},
    {"{\"type\":\"integer\"}", V("1"), VALID, 0, 0},
    {NULL, V("-9223372036854775808"), VALID, 0, 0},
    {NULL, V("9223372036854775807"), VALID, 0, 0},
    {NULL, V("1.0"), VALID, 0, 0},
    {NULL, V("1e3"), VALID, 0, 0},
    {NULL, V("-0.0"), VALID, 0, 0},
    {NULL, V("1.5"), TYPE, "v", "is not an integer"},
    {NULL, V("1e-1"), TYPE, "v", "is not an integer"},
    {NULL, V("true"), TYPE, "v", "is not an integer"},
    {NULL, V("9223372036854775808"), TYPE, "v", "is not an integer of at most 64 bits"},
    {NULL, V("-1e30"), TYPE, "v", "is not an integer of at most 64 bits"},
    {"{\"type\":[\"string\",\"null\"]}", V("null"), VALID, 0, 0},
    {NULL, V("\"a\""), VALID, 0, 0},
    {NULL, V("1"), TYPE, "v", "is not a string or null"},
    {"{\"type\":[\"null\",\"integer\"]}", V("null"), VALID, 0, 0},
    {NULL, V("2"), VALID, 0, 0},
    {NULL, V("2.5"), TYPE, "v", "is not an integer or null"},

    {"{\"type\":\"string\",\"maxLength\":3}", V("\"abc\""), VALID, 0, 0},
    {NULL, V("\"abcd\""), PROPERTY, "v", "is longer than 3 characters"},
    {NULL, V("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x8c\""), VALID, 0, 0},
    {NULL, V("\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\""), PROPERTY, "v", "is longer than 3 characters"},
    {"{\"type\":\"string\",\"maxLength\":0}", V("\"\""), VALID, 0, 0},
    {NULL, V("\"a\""), PROPERTY, "v", "is longer than 0 characters"},
    {"{\"type\":\"string\",\"minLength\":2}", V("\"ab\""), VALID, 0, 0},
    {NULL, V("\"a\""), PROPERTY, "v", "is shorter than 2 characters"},
    {NULL, V("\"\xc3\xa9\""), PROPERTY, "v", "is shorter than 2 characters"},
    {"{\"type\":\"string\",\"minLength\":1,\"maxLength\":1}", V("\"\""), PROPERTY, "v",
     "is shorter than 1 character"},
    {NULL, V("\"\xf0\x9f\x94\x8c\""), VALID, 0, 0},
    {NULL, V("\"ab\""), PROPERTY, "v", "is longer than 1 character"},

    {"{\"type\":\"string\",\"enum\":[\"A\",\"b c\",\"\"]}", V("\"A\""), VALID, 0, 0},
    {NULL, V("\"\""), VALID, 0, 0},
    {NULL, V("\"a\""), PROPERTY, "v", "is not one of A, b c, "},
    {NULL, V("\"A \""), PROPERTY, "v", "is not one of A, b c, "},
    {"{\"type\":[\"string\",\"null\"],\"enum\":[\"A\",null]}", V("null"), VALID, 0, 0},
    {NULL, V("\"B\""), PROPERTY, "v", "is not one of A, null"},
    {"{\"type\":[\"string\",\"null\"],\"enum\":[\"A\",\"B\"]}", V("null"), PROPERTY, "v",
     "is not one of A, B"},
    {"{\"type\":\"string\",\"const\":\"A, B\"}", V("\"A, B\""), VALID, 0, 0},
    {NULL, V("\"A\""), PROPERTY, "v", "is not A, B"},

    {"{\"type\":\"integer\",\"minimum\":0}", V("0"), VALID, 0, 0},
    {NULL, V("-1"), PROPERTY, "v", "is less than 0"},
    {"{\"type\":\"number\",\"maximum\":2.5}", V("2.5"), VALID, 0, 0},
    {NULL, V("2.6"), PROPERTY, "v", "is greater than 2.5"},
    {NULL, V("3"), PROPERTY, "v", "is greater than 2.5"},
    {"{\"type\":[\"number\",\"null\"],\"minimum\":1,\"maximum\":1}", V("null"), VALID, 0, 0},
    {NULL, V("1.0"), VALID, 0, 0},
    {NULL, V("0.999"), PROPERTY, "v", "is less than 1"},
    {"{\"type\":\"number\",\"multipleOf\":0.1}", V("16.2"), VALID, 0, 0},
    {NULL, V("0.30000000000000004"), VALID, 0, 0},
    {NULL, V("-16.1"), VALID, 0, 0},
    {NULL, V("0"), VALID, 0, 0},
    {NULL, V("32"), VALID, 0, 0},
    {NULL, V("22000.7"), VALID, 0, 0},
    {NULL, V("123456789012.3"), VALID, 0, 0},
    {NULL, V("16.25"), PROPERTY, "v", "is not a multiple of 0.1"},
    {NULL, V("0.01"), PROPERTY, "v", "is not a multiple of 0.1"},
    {NULL, V("16.200001"), PROPERTY, "v", "is not a multiple of 0.1"},
    {"{\"type\":\"integer\",\"multipleOf\":5}", V("15"), VALID, 0, 0},
    {NULL, V("-20"), VALID, 0, 0},
    {NULL, V("16"), PROPERTY, "v", "is not a multiple of 5"},

    {"{\"type\":\"string\",\"format\":\"date-time\"}", V("\"2026-11-21T08:00:00Z\""), VALID, 0, 0},
    {NULL, V("\"2026-11-21T08:00:00.1234567+01:00\""), VALID, 0, 0},
    {NULL, V("\"2026-11-21T08:00:00\""), PROPERTY, "v", "is not an RFC 3339 date-time with a zone"},
    {NULL, V("\"2026-11-21T08:00:00+02\""), PROPERTY, "v",
     "is not an RFC 3339 date-time with a zone"},
    {NULL, V("\"2026-02-30T08:00:00Z\""), PROPERTY, "v",
     "is not an RFC 3339 date-time with a zone"},
    {NULL, V("\"\""), PROPERTY, "v", "is not an RFC 3339 date-time with a zone"},
    {NULL, V("7"), TYPE, "v", "is not a string"},
    {"{\"type\":\"string\",\"format\":\"uri\"}", V("\"ftp://user:pw@host:21/a%20b?c=d#e\""), VALID,
     0, 0},
    {NULL, V("\"https://[2001:db8::1]/\""), VALID, 0, 0},
    {NULL, V("\"urn:x\""), VALID, 0, 0},
    {NULL, V("\"\""), PROPERTY, "v", "is not a URI"},
    {NULL, V("\"/path\""), PROPERTY, "v", "is not a URI"},
    {NULL, V("\"host/path\""), PROPERTY, "v", "is not a URI"},
    {NULL, V("\"1http://x\""), PROPERTY, "v", "is not a URI"},
    {NULL, V("\"http:\""), PROPERTY, "v", "is not a URI"},
    {NULL, V("\"http://a b\""), PROPERTY, "v", "is not a URI"},
    {NULL, V("\"http://a/%2\""), PROPERTY, "v", "is not a URI"},
    {NULL, V("\"http://a/%zz\""), PROPERTY, "v", "is not a URI"},
    {NULL, V("\"http://a/\xc3\xa9\""), PROPERTY, "v", "is not a URI"},
    {NULL, V("\"http://a/<b>\""), PROPERTY, "v", "is not a URI"},
    {NULL, V("\"http://a/#b#c\""), PROPERTY, "v", "is not a URI"},
    {"{\"type\":\"string\",\"format\":\"time-zone\"}", V("\"UTC\""), VALID, 0, 0},
    {NULL, V("\"Europe/Berlin\""), VALID, 0, 0},
    {NULL, V("\"Europe\""), PROPERTY, "v", "is not the name of a time zone"},
    {NULL, V("\"Europe/Berlinn\""), PROPERTY, "v", "is not the name of a time zone"},
    {NULL, V("\"../zoneinfo/UTC\""), PROPERTY, "v", "is not the name of a time zone"},
    {NULL, V("\"/UTC\""), PROPERTY, "v", "is not the name of a time zone"},
    {NULL, V("\"zone.tab\""), PROPERTY, "v", "is not the name of a time zone"},
    {NULL, V("\"\""), PROPERTY, "v", "is not the name of a time zone"},
    {"{\"type\":\"string\",\"format\":\"date\"}", V("\"2028-02-29\""), VALID, 0, 0},
    {NULL, V("\"2026-02-29\""), PROPERTY, "v", "is not a date like 2026-12-24"},
    {NULL, V("\"2026-2-9\""), PROPERTY, "v", "is not a date like 2026-12-24"},
    {NULL, V("\"2026-02-28Z\""), PROPERTY, "v", "is not a date like 2026-12-24"},
    {"{\"type\":\"string\",\"format\":\"time-of-day\"}", V("\"23:59\""), VALID, 0, 0},
    {NULL, V("\"24:00\""), PROPERTY, "v", "is not a time of day like 22:30"},
    {NULL, V("\"12:60\""), PROPERTY, "v", "is not a time of day like 22:30"},
    {NULL, V("\"7:30\""), PROPERTY, "v", "is not a time of day like 22:30"},
    {"{\"type\":\"string\",\"format\":\"month\"}", V("\"2026-12\""), VALID, 0, 0},
    {NULL, V("\"2026-13\""), PROPERTY, "v", "is not a month like 2026-11"},
    {NULL, V("\"2026-00\""), PROPERTY, "v", "is not a month like 2026-11"},
    {NULL, V("\"2026-1\""), PROPERTY, "v", "is not a month like 2026-11"},

    {"{\"type\":\"array\",\"minItems\":1,\"maxItems\":2,\"items\":{\"type\":\"integer\"}}",
     V("[1]"), VALID, 0, 0},
    {NULL, V("[1,2]"), VALID, 0, 0},
    {NULL, V("[]"), OCCURRENCE, "v", "has fewer than 1 item"},
    {NULL, V("[1,2,3]"), OCCURRENCE, "v", "has more than 2 items"},
    {NULL, V("[1,\"a\"]"), TYPE, "v[1]", "is not an integer"},
    {"{\"type\":\"array\",\"items\":{\"type\":\"array\",\"items\":{\"type\":\"null\"}}}",
     V("[[],[null,3]]"), TYPE, "v[1][1]", "is not null"},

    {"{\"type\":\"object\",\"minProperties\":1}", V("{\"a\":1}"), VALID, 0, 0},
    {NULL, V("{}"), OCCURRENCE, "v", "has fewer than 1 member"},
    {"{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{}},\"required\":["
     "\"a\"]}",
     V("{\"a\":1}"), VALID, 0, 0},
    {NULL, V("{\"b\":1,\"a\":1,\"c\":{}}"), VALID, 0, 0},
    {NULL, V("{}"), OCCURRENCE, "v.a", "is missing"},
    {NULL, V("{\"b\":1}"), OCCURRENCE, "v.a", "is missing"},
    {NULL, V("{\"a\":\"1\"}"), TYPE, "v.a", "is not an integer"},
    {"{\"type\":\"object\",\"properties\":{\"a\":{}},\"additionalProperties\":false}",
     V("{\"a\":1}"), VALID, 0, 0},
    {NULL, V("{\"a\":1,\"A\":1}"), OCCURRENCE, "v.A", "is not a known member"},
    {NULL, V("{\"\":1}"), OCCURRENCE, "v.", "is not a known member"},
    {"{\"type\":\"object\",\"additionalProperties\":false}", V("{}"), VALID, 0, 0},
    {NULL, V("{\"a\":1}"), OCCURRENCE, "v.a", "is not a known member"},
};

static struct bb_arena *arena;

static void set_up(void)
{
	arena = arena_new(0);
}

static void tear_down(void)
{
	arena = arena_free(arena);
}

TestSuite(keywords, .init = set_up, .fini = tear_down);

static struct schema_set *load_member(const char *schema)
{
	return fixture_load(arena_printf(arena,
					 "{\"type\":\"object\",\"properties\":{\"v\":%s},"
					 "\"required\":[\"v\"],\"additionalProperties\":false}",
					 schema),
			    NULL);
}

static void expect_case(const struct schema_set *set, const char *schema, const struct rule_case *c)
{
	struct schema_fault fault = {.kind = VALID, .path = "", .rule = ""};
	size_t count = 7;
	bool valid = schema_validate(schema_find(set, "t/case"), fixture_value(arena, c->value),
				     arena, &fault, 1, &count);
	cr_expect_eq(valid, c->kind == VALID, "%s with %s: %s %s", schema, c->value, fault.path,
		     fault.rule);
	cr_expect_eq(count, c->kind == VALID ? 0 : 1);
	if (valid || c->kind == VALID)
		return;
	cr_expect_eq(fault.kind, c->kind, "%s with %s: kind %d", schema, c->value, fault.kind);
	cr_expect_str_eq(fault.path, c->path);
	cr_expect_str_eq(fault.rule, c->rule);
}

Test(keywords, accept_what_is_right_and_tell_kind_path_and_rule_of_what_is_not)
{
	struct schema_set *set = NULL;
	const char *schema = NULL;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (cases[i].schema) {
			schema_free(set);
			schema = cases[i].schema;
			set = load_member(schema);
		}
		expect_case(set, schema, &cases[i]);
	}
	schema_free(set);
}

Test(keywords, every_tenth_is_a_multiple_of_a_tenth_and_no_hundredth_between_is)
{
	struct schema_set *set = load_member("{\"type\":\"number\",\"multipleOf\":0.1}");
	const struct schema *s = schema_find(set, "t/case");
	for (int hundredths = 0; hundredths <= 100000; hundredths++) {
		const char *text =
		    arena_printf(arena, V("%d.%02d"), hundredths / 100, hundredths % 100);
		size_t count;
		bool valid = schema_validate(s, fixture_value(arena, text), arena, NULL, 0, &count);
		cr_assert_eq(valid, hundredths % 10 == 0, "%s", text);
		arena_reset(arena);
	}
	schema_free(set);
}
