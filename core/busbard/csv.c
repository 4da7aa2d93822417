#include "busbard/csv.h"

#include <stdlib.h>
#include <strings.h>

#include "base/arena.h"
#include "schema/schema.h"
#include "json/json.h"

#define MOST_DEEP 4u
/* What a spreadsheet takes for the beginning of a formula, or skips before one. */
#define FORMULA "=+-@\t\r\n"
#define NEEDS_QUOTES "\",\r\n"

static void add_column(struct bb_arena *a, struct csv *csv, const char *name)
{
	if (csv->count == csv->cap) {
		csv->cap = csv->cap ? 2 * csv->cap : 32;
		const char **more = bb_alloc(a, csv->cap * sizeof *more);
		if (csv->count)
			memcpy(more, csv->columns, csv->count * sizeof *more);
		csv->columns = more;
	}
	csv->columns[csv->count++] = name;
}

static void add_members(struct bb_arena *a, struct csv *csv, const char *before,
			const struct bb_json *schema, unsigned depth)
{
	const struct bb_json *members = bb_json_get(schema, "properties");
	for (uint32_t i = 0; i < bb_json_count(members); i++) {
		const struct bb_member *m = &members->members[i];
		const char *name = arena_printf(a, "%s%s", before, m->key);
		if (depth < MOST_DEEP && bb_json_count(bb_json_get(&m->value, "properties")))
			add_members(a, csv, arena_printf(a, "%s.", name), &m->value, depth + 1);
		else
			add_column(a, csv, name);
	}
}

struct csv csv_of(struct bb_arena *a, const struct bb_json *list_schema)
{
	struct csv csv = {0};
	add_members(a, &csv, "", schema_list_item(list_schema), 0);
	return csv;
}

static void quote(struct buf *to, const char *text, size_t len)
{
	buf_add_char(to, '"');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"')
			buf_add_char(to, '"');
		buf_add_char(to, text[i]);
	}
	buf_add_char(to, '"');
}

static void write_field(struct buf *to, const char *text, size_t len)
{
	if (!len || strpbrk(text, NEEDS_QUOTES) || text[0] == ' ' || text[len - 1] == ' ')
		quote(to, text, len);
	else
		buf_add(to, text, len);
}

static void write_text(struct buf *to, const char *text)
{
	struct buf safe = {0};
	if (*text && strchr(FORMULA, *text))
		buf_add_char(&safe, '\'');
	buf_add_str(&safe, text);
	write_field(to, safe.data ? safe.data : "", safe.len);
	buf_free(&safe);
}

static void write_cell(struct buf *to, const struct bb_json *v)
{
	struct buf json = {0};
	if (!v || v->type == BB_JSON_NULL)
		return;
	if (v->type == BB_JSON_STRING) {
		write_text(to, v->s);
		return;
	}
	json_write(&json, v);
	write_field(to, json.data, json.len);
	buf_free(&json);
}

/* The member that a column's name leads to. */
static const struct bb_json *find(const struct bb_json *item, const char *column)
{
	const struct bb_json *v = item;
	while (bb_json_is(v, BB_JSON_OBJECT)) {
		size_t len = strcspn(column, ".");
		const struct bb_json *found = NULL;
		for (uint32_t i = 0; i < v->len && !found; i++)
			if (v->members[i].key_len == len && !memcmp(v->members[i].key, column, len))
				found = &v->members[i].value;
		if (!column[len])
			return found;
		v = found;
		column += len + 1;
	}
	return NULL;
}

void csv_write_header(struct buf *to, const struct csv *csv)
{
	for (uint32_t i = 0; i < csv->count; i++) {
		buf_add_str(to, i ? "," : "");
		buf_add_str(to, csv->columns[i]);
	}
	buf_add_str(to, "\r\n");
}

void csv_write_row(struct buf *to, const struct csv *csv, const struct bb_json *item)
{
	for (uint32_t i = 0; i < csv->count; i++) {
		buf_add_str(to, i ? "," : "");
		write_cell(to, find(item, csv->columns[i]));
	}
	buf_add_str(to, "\r\n");
}

/* The q of a media type in an Accept header; 0 if it is not named. */
static double weight(const char *accept, const char *type)
{
	size_t len = strlen(type);
	for (const char *at = accept; *at; at += strcspn(at, ","), at += *at == ',') {
		at += strspn(at, " \t");
		size_t end = strcspn(at, ",;");
		while (end && (at[end - 1] == ' ' || at[end - 1] == '\t'))
			end--;
		if (end != len || strncasecmp(at, type, len) != 0)
			continue;
		const char *q = strpbrk(at, ",;");
		for (; q && *q == ';'; q = strpbrk(q, ",;")) {
			q += 1 + strspn(q + 1, " \t");
			if (!strncasecmp(q, "q=", 2))
				return strtod(q + 2, NULL);
		}
		return 1;
	}
	return 0;
}

bool csv_is_accepted(const char *accept)
{
	return accept && weight(accept, "text/csv") > weight(accept, "application/json");
}
