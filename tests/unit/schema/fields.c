/* tests/data/ocpp16_fields.tsv says what the fields of OCPP 1.6 are. The compiled schemas, written
 * back as rows of that table, must be that table. */
#include <criterion/criterion.h>
#include <math.h>

#include "fixture.h"
#include "schema/validate.h"

#define FOLDER "ocpp1.6/"

/* "Authorize\tidTag" and "string\trequired\tmaxLength=20". */
struct row {
	const char *field, *facts;
	bool seen;
};

struct table {
	struct row *rows;
	size_t count;
};

static struct bb_arena *arena;

static struct row *table_find(const struct table *t, const char *field)
{
	for (size_t i = 0; i < t->count; i++)
		if (!strcmp(t->rows[i].field, field))
			return &t->rows[i];
	return NULL;
}

/* Splits a line behind its second column. */
static struct row row_of(char *line)
{
	char *tab = strchr(line, '\t');
	tab = tab ? strchr(tab + 1, '\t') : NULL;
	cr_assert_not_null(tab, "%s", line);
	*tab = '\0';
	return (struct row){.field = line, .facts = tab + 1};
}

static struct table table_read(void)
{
	struct buf text = {0};
	cr_assert_eq(buf_read_file(&text, BUSBAR_TEST_DATA "/ocpp16_fields.tsv"), 0);
	char *copy = bb_strdup(arena, text.data), *rest = NULL;
	struct table t = {.rows = (struct row *)bb_alloc(arena, text.len * sizeof *t.rows)};
	strtok_r(copy, "\n", &rest); /* the names of the columns */
	for (char *line; (line = strtok_r(NULL, "\n", &rest));)
		t.rows[t.count++] = row_of(line);
	buf_free(&text);
	return t;
}

static const char *type_name(const struct node *n)
{
	static const struct {
		uint32_t types;
		const char *name;
	} names[] = {
	    {TYPE_BIT(BB_JSON_BOOL), "boolean"},
	    {TYPE_BIT(BB_JSON_STRING), "string"},
	    {TYPE_BIT(BB_JSON_ARRAY), "array"},
	    {TYPE_BIT(BB_JSON_OBJECT), "object"},
	    {TYPES_NUMBER, "number"},
	};
	if (n->integer)
		return n->types == TYPES_NUMBER ? "integer" : "?";
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (n->types == names[i].types)
			return names[i].name;
	return "?";
}

/* The word of that index, or NULL. */
static const char *word_at(const struct words *w, uint32_t index)
{
	for (uint32_t i = 0; i <= w->mask; i++)
		if (w->slots[i].s && w->slots[i].index == index)
			return w->slots[i].s;
	return NULL;
}

static void separate(struct buf *out)
{
	if (out->len)
		buf_add_str(out, "; ");
}

static void add_number(struct buf *out, const char *name, double v)
{
	separate(out);
	buf_printf(out, "%s=%.15g", name, v);
}

static void add_choices(struct buf *out, const struct words *choices)
{
	separate(out);
	const char *word;
	for (uint32_t i = 0; (word = word_at(choices, i)); i++)
		buf_printf(out, "%s%s", i ? "|" : "enum=", word);
}

static const char *constraints_of(const struct node *n)
{
	static const char *const formats[] = {NULL,   "date-time",   "uri",  "time-zone",
					      "date", "time-of-day", "month"};
	struct buf out = {0};
	if (n->closed)
		buf_add_str(&out, "additionalProperties=false");
	if (n->min_length)
		add_number(&out, "minLength", n->min_length);
	if (n->max_length != NO_LIMIT)
		add_number(&out, "maxLength", n->max_length);
	if (n->format) {
		separate(&out);
		buf_printf(&out, "format=%s", formats[n->format]);
	}
	if (n->choices)
		add_choices(&out, n->choices);
	if (n->min_items)
		add_number(&out, "minItems", n->min_items);
	if (n->max_items != NO_LIMIT)
		add_number(&out, "maxItems", n->max_items);
	if (isfinite(n->minimum))
		add_number(&out, "minimum", n->minimum);
	if (isfinite(n->maximum))
		add_number(&out, "maximum", n->maximum);
	if (n->multiple_of > 0)
		add_number(&out, "multipleOf", n->multiple_of);
	const char *text = out.len ? bb_strdup(arena, out.data) : "";
	buf_free(&out);
	return text;
}

static void expect_row(struct table *t, const char *message, const char *path, const struct node *n,
		       bool required)
{
	const char *field = arena_printf(arena, "%s\t%s", message, *path ? path : "(root)");
	const char *facts = arena_printf(arena, "%s\t%s\t%s", type_name(n),
					 required ? "required" : "optional", constraints_of(n));
	struct row *row = table_find(t, field);
	cr_expect_not_null(row, "%s: in the schema, not in the table", field);
	if (!row)
		return;
	row->seen = true;
	cr_expect_str_eq(facts, row->facts, "%s: the schema says %s, the table %s", field, facts,
			 row->facts);
}

static void expect_rows(struct table *t, const char *message, const char *path,
			const struct node *n, bool required)
{
	expect_row(t, message, path, n, required);
	const char *name;
	for (uint32_t i = 0; (name = word_at(&n->names, i)); i++)
		expect_rows(t, message, arena_printf(arena, "%s%s%s", path, *path ? "." : "", name),
			    n->properties[i].node, n->required >> i & 1);
	if (n->items)
		expect_rows(t, message, arena_printf(arena, "%s[]", path), n->items, true);
}

Test(fields, the_schemas_of_ocpp16_say_what_the_table_says_and_nothing_else)
{
	arena = arena_new(0);
	struct schema_set *set = NULL;
	char *error = NULL;
	cr_assert_eq(schema_load(BUSBAR_ROOT "/schemas", &set, &error), 0, "%s", error);
	struct table t = table_read();
	const struct schema *s;
	size_t messages = 0;
	for (size_t i = 0; (s = schema_at(set, i)); i++)
		if (!strncmp(schema_name(s), FOLDER, sizeof FOLDER - 1)) {
			messages++;
			expect_rows(&t, schema_name(s) + sizeof FOLDER - 1, "", s->root, true);
		}
	for (size_t i = 0; i < t.count; i++)
		cr_expect(t.rows[i].seen, "%s: in the table, not in the schema", t.rows[i].field);
	cr_expect_eq(messages, 78);
	schema_free(set);
	arena_free(arena);
}
