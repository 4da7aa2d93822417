/* A list as CSV: columns by the schema, cells that no spreadsheet computes. */
#include "busbard/csv.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/arena.h"
#include "schema/schema.h"
#include "json/json.h"

#define LIST(members)                                                                \
	"{\"properties\": {\"items\": {\"items\": {\"properties\": {" members "}}}," \
	" \"next_cursor\": {}}}"

static struct bb_arena *arena;

static void begin(void)
{
	arena = arena_new(0);
}

static void end(void)
{
	arena_free(arena);
}

TestSuite(csv, .init = begin, .fini = end);

static const struct bb_json *parsed(const char *text)
{
	const struct bb_json *v = NULL;
	cr_assert_eq(json_parse(arena, text, strlen(text), &v, NULL), 0, "%s", text);
	return v;
}

static const char *header_of(const char *schema)
{
	struct csv csv = csv_of(arena, parsed(schema));
	struct buf out = {0};
	csv_write_header(&out, &csv);
	const char *text = bb_strdup(arena, out.data);
	buf_free(&out);
	return text;
}

/* The row of an item whose only column is `a`. */
static const char *cell(const char *item)
{
	struct csv csv = csv_of(arena, parsed(LIST("\"a\": {}")));
	struct buf out = {0};
	csv_write_row(&out, &csv, parsed(item));
	const char *text = bb_strndup(arena, out.data, out.len - 2);
	cr_expect_str_eq(&out.data[out.len - 2], "\r\n");
	buf_free(&out);
	return text;
}

Test(csv, columns_are_the_members_that_the_schema_tells)
{
	cr_expect_str_eq(
	    header_of(LIST("\"id\": {}, \"price\": {\"properties\": {\"amount_minor\": {},"
			   " \"currency\": {}}}, \"flags\": {\"type\": \"array\"},"
			   " \"free\": {\"type\": \"object\"}")),
	    "id,price.amount_minor,price.currency,flags,free\r\n");
}

Test(csv, a_list_has_items_and_a_cursor)
{
	cr_expect(schema_list_item(parsed(LIST("\"id\": {}"))));
	cr_expect_not(schema_list_item(parsed("{\"properties\": {\"next_cursor\": {}}}")));
	cr_expect_not(schema_list_item(
	    parsed("{\"properties\": {\"items\": {\"items\": {\"properties\": {\"a\": {}}}}}}")));
	cr_expect_not(schema_list_item(NULL));
}

Test(csv, cells)
{
	static const struct {
		const char *item, *cell;
	} cases[] = {
	    {"{\"a\": \"plain\"}", "plain"},
	    {"{\"a\": \"one, two\"}", "\"one, two\""},
	    {"{\"a\": \"say \\\"so\\\"\"}", "\"say \"\"so\"\"\""},
	    {"{\"a\": \"two\\nlines\"}", "\"two\nlines\""},
	    {"{\"a\": \" edge \"}", "\" edge \""},
	    {"{\"a\": \"\"}", "\"\""},
	    {"{\"a\": null}", ""},
	    {"{\"b\": 1}", ""},
	    {"{\"a\": true}", "true"},
	    {"{\"a\": -12}", "-12"},
	    {"{\"a\": 1.5}", "1.5"},
	    {"{\"a\": [\"x\", \"y\"]}", "\"[\"\"x\"\",\"\"y\"\"]\""},
	    {"{\"a\": {\"x\": 1}}", "\"{\"\"x\"\":1}\""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_str_eq(cell(cases[i].item), cases[i].cell, "%s: %s", cases[i].item,
				 cell(cases[i].item));
}

Test(csv, what_would_be_a_formula_is_text)
{
	static const struct {
		const char *item, *cell;
	} cases[] = {
	    {"{\"a\": \"=1+1\"}", "'=1+1"},      {"{\"a\": \"+49 123\"}", "'+49 123"},
	    {"{\"a\": \"-1\"}", "'-1"},          {"{\"a\": \"@sum(a1)\"}", "'@sum(a1)"},
	    {"{\"a\": \"\\t=1\"}", "'\t=1"},     {"{\"a\": \"\\r=1\"}", "\"'\r=1\""},
	    {"{\"a\": \"\\n=1\"}", "\"'\n=1\""}, {"{\"a\": \"=\\\"a\\\",1\"}", "\"'=\"\"a\"\",1\""},
	    {"{\"a\": \"a=1\"}", "a=1"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_str_eq(cell(cases[i].item), cases[i].cell, "%s: %s", cases[i].item,
				 cell(cases[i].item));
}

Test(csv, accept)
{
	static const struct {
		const char *accept;
		bool csv;
	} cases[] = {
	    {NULL, false},
	    {"", false},
	    {"*/*", false},
	    {"text/*", false},
	    {"text/csv", true},
	    {"TEXT/CSV", true},
	    {"text/csv; charset=utf-8", true},
	    {"text/csv;header=present;q=0.5, */*", true},
	    {"text/csv;q=0", false},
	    {"application/json, text/csv", false},
	    {"application/json;q=0.5, text/csv", true},
	    {"application/json, text/csv;q=0.9", false},
	    {"text/csvx", false},
	    {",,;q=", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_eq(csv_is_accepted(cases[i].accept), cases[i].csv, "%s", cases[i].accept);
}
