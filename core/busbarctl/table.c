#include "busbarctl/ctl.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <busbar/money.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "busbarctl/progress.h"
#include "json/json.h"

#define COLUMNS_MOST 24u
#define NARROWEST 8

const char *table_cell(struct ctl *ctl, const struct bb_json *v)
{
	if (!v || v->type == BB_JSON_NULL)
		return "-";
	if (v->type == BB_JSON_STRING)
		return v->s;
	if (bb_json_is_integer(v))
		return arena_printf(ctl->arena, "%" PRId64, bb_json_int(v, 0));
	if (bb_json_get(v, "amount_minor"))
		return bb_money_text(ctl->arena, bb_json_get_int(v, "amount_minor", 0),
				     bb_json_get_str(v, "currency", ""));
	return json_text(ctl->arena, v, NULL);
}

/* Characters on the screen, near enough: code points. */
static int width(const char *s)
{
	return (int)utf8_count(s, strlen(s));
}

static size_t choose_columns(const struct bb_json *items, const char *const *columns,
			     const char *ret[COLUMNS_MOST])
{
	size_t n = 0;
	for (; columns && columns[n] && n < COLUMNS_MOST; n++)
		ret[n] = columns[n];
	const struct bb_json *first = columns ? NULL : bb_json_at(items, 0);
	for (uint32_t i = 0; i < bb_json_count(first) && n < COLUMNS_MOST; i++) {
		const struct bb_member *m = &first->members[i];
		bool nested =
		    m->value.type == BB_JSON_ARRAY ||
		    (m->value.type == BB_JSON_OBJECT && !bb_json_get(&m->value, "amount_minor"));
		if (!nested)
			ret[n++] = m->key;
	}
	return n;
}

int table_bytes(const char *s, int most)
{
	int n = 0;
	for (const char *at = s; *at; at++)
		if (((unsigned char)*at & 0xc0) != 0x80 && n++ == most)
			return (int)(at - s);
	return (int)strlen(s);
}

/* What is longer than its column is cut. */
static void print_cell(const char *text, int size, bool last)
{
	int w = width(text);
	if (w > size && size > 1)
		printf("%.*s\u2026%*s", table_bytes(text, size - 1), text, last ? 0 : 2, "");
	else
		printf("%s%*s", text, last ? 0 : size - w + 2, "");
}

/* On a terminal the widest columns give way until all fit, or are as narrow as is of use. */
static void fit(int *sizes, size_t n)
{
	int most = terminal_width(STDOUT_FILENO), all = 2 * (int)n - 2;
	for (size_t c = 0; c < n; c++)
		all += sizes[c];
	while (most && all > most) {
		size_t widest = 0;
		for (size_t c = 1; c < n; c++)
			if (sizes[c] > sizes[widest])
				widest = c;
		if (sizes[widest] <= NARROWEST)
			return;
		sizes[widest]--;
		all--;
	}
}

/* Of a text of several lines the first stands in a list. */
static const char *list_cell(struct ctl *ctl, const struct bb_json *item, const char *column)
{
	const char *text = table_cell(ctl, bb_json_get(item, column));
	const char *end = strchr(text, '\n');
	return end ? arena_printf(ctl->arena, "%.*s ...", (int)(end - text), text) : text;
}

void table_print_list(struct ctl *ctl, const struct bb_json *items, const char *const *columns)
{
	const char *names[COLUMNS_MOST];
	int sizes[COLUMNS_MOST];
	if (!columns && !bb_json_count(items)) {
		puts("(empty)");
		return;
	}
	size_t n = choose_columns(items, columns, names);
	for (size_t c = 0; c < n; c++) {
		sizes[c] = width(names[c]);
		for (uint32_t i = 0; i < bb_json_count(items); i++) {
			int w = width(list_cell(ctl, bb_json_at(items, i), names[c]));
			sizes[c] = w > sizes[c] ? w : sizes[c];
		}
	}
	if (n)
		fit(sizes, n);
	for (size_t c = 0; c < n; c++)
		print_cell(names[c], sizes[c], c + 1 == n);
	if (n)
		putchar('\n');
	for (uint32_t i = 0; i < bb_json_count(items); i++) {
		for (size_t c = 0; c < n; c++)
			print_cell(list_cell(ctl, bb_json_at(items, i), names[c]), sizes[c],
				   c + 1 == n);
		putchar('\n');
	}
}

static bool is_table(const struct bb_json *v)
{
	return bb_json_is(bb_json_at(v, 0), BB_JSON_OBJECT);
}

static bool is_long(const struct bb_json *v)
{
	return bb_json_is(v, BB_JSON_STRING) && strchr(v->s, '\n');
}

/* Lists and texts of several lines stand below the members of one line. */
static void print_below(struct ctl *ctl, const struct bb_member *m)
{
	if (is_table(&m->value)) {
		printf("\n%s\n", m->key);
		table_print_list(ctl, &m->value, NULL);
	} else if (is_long(&m->value)) {
		size_t len = strlen(m->value.s);
		printf("\n%s\n%s%s", m->key, m->value.s, m->value.s[len - 1] == '\n' ? "" : "\n");
	}
}

void table_print_object(struct ctl *ctl, const struct bb_json *v)
{
	int size = 0;
	for (uint32_t i = 0; i < bb_json_count(v); i++) {
		int w = width(v->members[i].key);
		size = w > size ? w : size;
	}
	for (uint32_t i = 0; i < bb_json_count(v); i++) {
		const struct bb_member *m = &v->members[i];
		if (is_table(&m->value) || is_long(&m->value))
			continue;
		print_cell(m->key, size, false);
		printf("%s\n", table_cell(ctl, &m->value));
	}
	for (uint32_t i = 0; i < bb_json_count(v); i++)
		print_below(ctl, &v->members[i]);
}
