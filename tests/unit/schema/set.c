/* The set: names, order, documents; and the schemas of OCPP 1.6 as they are shipped. */
#include <criterion/criterion.h>
#include <stdlib.h>

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

TestSuite(set, .init = set_up, .fini = tear_down);

static struct schema_set *load_shipped(void)
{
	struct schema_set *set = NULL;
	char *error = NULL;
	cr_assert_eq(schema_load(BUSBAR_ROOT "/schemas", &set, &error), 0, "%s", error);
	return set;
}

Test(set, lists_its_schemas_by_name_and_finds_each)
{
	struct schema_set *set = load_shipped();
	size_t count = 0;
	const char *before = "";
	for (const struct schema *s; (s = schema_at(set, count)); count++) {
		cr_expect_lt(strcmp(before, schema_name(s)), 0);
		before = schema_name(s);
		cr_expect_eq(schema_find(set, before), s, "%s", before);
	}
	cr_expect_geq(count, 78);
	cr_expect_null(schema_find(set, "ocpp1.6/common"));
	cr_expect_null(schema_find(set, "BootNotification"));
	cr_expect_null(schema_find(set, "ocpp1.6/"));
	schema_free(set);
	cr_expect_not(fixture_leaks());
}

Test(set, of_nothing_finds_nothing)
{
	struct fixture f;
	struct schema_set *set = NULL;
	char *error = NULL;
	fixture_make(&f, "{}", NULL);
	char *inside = arena_printf(arena, "%s/t", f.dir);
	cr_assert_eq(schema_load(inside, &set, &error), 0, "%s", error);
	cr_assert_null(schema_at(set, 0));
	cr_assert_null(schema_find(set, "t/case"));
	schema_free(set);
	fixture_remove(&f);
}

Test(set, gives_documents_with_their_refs_in_place)
{
	struct schema_set *set = fixture_load(
	    "{\"type\":\"object\",\"$defs\":{\"own\":{\"type\":\"null\",\"title\":\"o\"}},"
	    "\"properties\":{\"a\":{\"$ref\":\"common.json#/$defs/list\",\"title\":\"mine\"},"
	    "\"b\":{\"$ref\":\"#/$defs/own\"}},\"x-extra\":[1]}",
	    "{\"$defs\":{\"item\":{\"type\":\"string\"},\"list\":{\"type\":\"array\",\"title\":"
	    "\"theirs\","
	    "\"items\":{\"$ref\":\"#/$defs/item\"}}}}");
	const struct bb_json *expected = fixture_value(
	    arena,
	    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\",\"title\":\"mine\","
	    "\"items\":{\"type\":\"string\"}},\"b\":{\"type\":\"null\",\"title\":\"o\"}},\"x-"
	    "extra\":[1]}");
	const struct bb_json *document = schema_document(schema_find(set, "t/case"));
	cr_assert(json_equal(document, expected), "%s", json_text(arena, document, NULL));
	schema_free(set);
}

Test(set, checks_values_against_shared_definitions)
{
	struct schema_set *set = fixture_load(
	    "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"common.json#/$defs/list\"}}}",
	    "{\"$defs\":{\"list\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/item\"}},"
	    "\"item\":{\"type\":\"string\",\"maxLength\":2}}}");
	struct schema_fault fault;
	size_t count;
	const struct schema *s = schema_find(set, "t/case");
	cr_assert(
	    schema_validate(s, fixture_value(arena, "{\"a\":[\"xy\"]}"), arena, &fault, 1, &count));
	cr_assert_not(schema_validate(s, fixture_value(arena, "{\"a\":[\"xy\",\"xyz\"]}"), arena,
				      &fault, 1, &count));
	cr_assert_str_eq(fault.path, "a[1]");
	schema_free(set);
}

static const char meter_values[] =
    "{\"connectorId\":1,\"transactionId\":7,\"meterValue\":[{\"timestamp\":\"2026-11-21T08:00:"
    "00Z\","
    "\"sampledValue\":[{\"value\":\"1\"},{\"value\":\"2\"},{\"value\":\"3\",\"unit\":\"%s\"}]}]}";

Test(set, tells_where_a_real_message_goes_wrong)
{
	struct schema_set *set = load_shipped();
	const struct schema *s = schema_find(set, "ocpp1.6/MeterValues");
	struct schema_fault fault;
	size_t count;
	const char *good = arena_printf(arena, meter_values, "kWh");
	const char *bad = arena_printf(arena, meter_values, "Hertz");
	cr_assert(schema_validate(s, fixture_value(arena, good), arena, &fault, 1, &count));
	cr_assert_not(schema_validate(s, fixture_value(arena, bad), arena, &fault, 1, &count));
	cr_assert_eq(fault.kind, SCHEMA_PROPERTY);
	cr_assert_str_eq(fault.path, "meterValue[0].sampledValue[2].unit");
	cr_assert_eq(strncmp(fault.rule, "is not one of Wh, kWh, varh,", 28), 0, "%s", fault.rule);
	schema_free(set);
}

static void expect_words(const struct bb_json *schema, const char *where)
{
	const struct bb_json *properties = bb_json_get(schema, "properties");
	for (uint32_t i = 0; i < bb_json_count(properties); i++) {
		const struct bb_member *m = &properties->members[i];
		const char *here = arena_printf(arena, "%s.%s", where, m->key);
		cr_expect_gt(strlen(bb_json_get_str(&m->value, "description", "")), 8, "%s", here);
		expect_words(&m->value, here);
	}
	const struct bb_json *items = bb_json_get(schema, "items");
	if (items)
		expect_words(items, where);
}

Test(set, describes_every_message_and_field)
{
	struct schema_set *set = load_shipped();
	const struct schema *s;
	for (size_t i = 0; (s = schema_at(set, i)); i++) {
		if (strncmp(schema_name(s), "ocpp1.6/", 8) != 0)
			continue;
		const struct bb_json *document = schema_document(s);
		cr_expect_str_not_empty(bb_json_get_str(document, "title", ""), "%s",
					schema_name(s));
		cr_expect_str_not_empty(bb_json_get_str(document, "description", ""), "%s",
					schema_name(s));
		expect_words(document, schema_name(s));
	}
	schema_free(set);
}
