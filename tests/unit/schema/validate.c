/* What is true of every schema: the root, many faults, kinds. */
#include <criterion/criterion.h>

#include "fixture.h"

static struct bb_arena *arena;

static void set_up(void)
{
	arena = arena_new(0);
}

static void tear_down(void)
{
	arena = arena_free(arena);
}

TestSuite(validate, .init = set_up, .fini = tear_down);

#define MAX_FAULTS 8

static size_t validate(const char *schema, const char *value, struct schema_fault *faults,
		       size_t max)
{
	struct schema_set *set = fixture_load(schema, NULL);
	size_t count = 99;
	bool valid = schema_validate(schema_find(set, "t/case"), fixture_value(arena, value), arena,
				     faults, max, &count);
	cr_expect(valid == (count == 0) || max == 0);
	schema_free(set);
	return count;
}

Test(validate, a_payload_that_is_no_object_is_a_formation_violation)
{
	static const char *const values[] = {"[]", "null", "\"x\"", "1", "true"};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct schema_fault fault;
		cr_assert_eq(validate("{\"type\":\"object\"}", values[i], &fault, 1), 1);
		cr_expect_eq(fault.kind, SCHEMA_FORMATION);
		cr_expect_str_eq(fault.path, "");
		cr_expect_str_eq(fault.rule, "is not an object");
	}
}

Test(validate, a_root_of_another_type_is_an_ordinary_type)
{
	struct schema_fault fault;
	cr_assert_eq(validate("{\"type\":\"array\"}", "[]", &fault, 1), 0);
	cr_assert_eq(validate("{\"type\":\"array\"}", "{}", &fault, 1), 1);
	cr_assert_eq(fault.kind, SCHEMA_TYPE);
	cr_assert_str_eq(fault.path, "");
}

static const char many[] =
    "{\"type\":\"object\",\"properties\":{"
    "\"a\":{\"type\":\"string\",\"maxLength\":1},"
    "\"b\":{\"type\":\"array\",\"maxItems\":1,\"items\":{\"type\":\"integer\"}},"
    "\"c\":{\"type\":\"boolean\"},\"d\":{\"type\":\"boolean\"}},"
    "\"required\":[\"c\",\"d\"],\"additionalProperties\":false}";
static const char many_wrong[] = "{\"a\":\"xyz\",\"b\":[1,2.5,\"x\"],\"e\":1}";

Test(validate, collects_the_faults_in_the_order_of_the_payload_and_then_what_is_missing)
{
	static const struct schema_fault expected[] = {
	    {SCHEMA_PROPERTY, "a", "is longer than 1 character"},
	    {SCHEMA_OCCURRENCE, "b", "has more than 1 item"},
	    {SCHEMA_TYPE, "b[1]", "is not an integer"},
	    {SCHEMA_TYPE, "b[2]", "is not an integer"},
	    {SCHEMA_OCCURRENCE, "e", "is not a known member"},
	    {SCHEMA_OCCURRENCE, "c", "is missing"},
	    {SCHEMA_OCCURRENCE, "d", "is missing"},
	};
	struct schema_fault faults[MAX_FAULTS];
	size_t count = validate(many, many_wrong, faults, MAX_FAULTS);
	cr_assert_eq(count, sizeof expected / sizeof *expected);
	for (size_t i = 0; i < count; i++) {
		cr_expect_eq(faults[i].kind, expected[i].kind, "%zu", i);
		cr_expect_str_eq(faults[i].path, expected[i].path);
		cr_expect_str_eq(faults[i].rule, expected[i].rule);
	}
}

Test(validate, stops_when_there_is_no_room_for_more_faults)
{
	for (size_t max = 0; max <= 7; max++) {
		struct schema_fault faults[MAX_FAULTS] = {0};
		cr_expect_eq(validate(many, many_wrong, faults, max), max);
		cr_expect_null(faults[max].path);
	}
}

Test(validate, kinds_are_spelled_as_ocpp_1_6_spells_them)
{
	cr_assert_str_eq(schema_kind_code(SCHEMA_TYPE), "TypeConstraintViolation");
	cr_assert_str_eq(schema_kind_code(SCHEMA_PROPERTY), "PropertyConstraintViolation");
	cr_assert_str_eq(schema_kind_code(SCHEMA_OCCURRENCE), "OccurenceConstraintViolation");
	cr_assert_str_eq(schema_kind_code(SCHEMA_FORMATION), "FormationViolation");
}

Test(validate, finds_each_of_as_many_properties_as_there_may_be)
{
	struct buf schema = {0}, value = {0};
	buf_add_str(&schema, "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[");
	for (int i = 0; i < 64; i++)
		buf_printf(&schema, "%s\"p%d\"", i ? "," : "", i);
	buf_add_str(&schema, "],\"properties\":{");
	for (int i = 0; i < 64; i++) {
		buf_printf(&schema, "%s\"p%d\":{\"type\":\"integer\"}", i ? "," : "", i);
		if (i != 63)
			buf_printf(&value, "%c\"p%d\":1", i ? ',' : '{', i);
	}
	buf_add_str(&schema, "}}");
	buf_add_str(&value, "}");
	struct schema_fault faults[2];
	cr_assert_eq(validate(schema.data, value.data, faults, 2), 1);
	cr_assert_str_eq(faults[0].path, "p63");
	cr_assert_str_eq(faults[0].rule, "is missing");
	buf_free(&schema);
	buf_free(&value);
}
