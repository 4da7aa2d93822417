#include "busbarctl/table.h"

#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "busbarctl/progress.h"
#include "busbarctl/verb.h"

#define COLUMNS_MOST 24u
#define LINES_MOST 6  /* of a cell on a terminal */
#define LONG_WORD 48u /* a longer one may be cut */

int table_width(const char *s)
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

void table_measure(struct table *t)
{
	for (size_t c = 0; c < t->count; c++) {
		struct column *one = &t->columns[c];
		one->size = table_width(one->title);
		for (size_t row = 0; row < t->rows; row++) {
			int w = table_width(t->cells[row * t->count + c]);
			one->size = w > one->size ? w : one->size;
		}
		one->whole = one->size;
	}
}

static bool is_text(const struct bb_json *v)
{
	return bb_json_is(v, BB_JSON_ARRAY) ||
	       (bb_json_is(v, BB_JSON_STRING) && (strpbrk(v->s, " /") || strlen(v->s) > LONG_WORD));
}

/* Of a text of several lines the first stands in a list. */
static const char *first_line(struct ctl *ctl, const char *text)
{
	const char *end = strchr(text, '\n');
	return end ? arena_printf(ctl->arena, "%.*s ...", (int)(end - text), text) : text;
}

static struct table table_of(struct ctl *ctl, const struct bb_json *items, const char *const *names,
			     size_t count, const char *currency)
{
	size_t rows = bb_json_count(items);
	struct table t = {.arena = ctl->arena, .count = count, .rows = rows};
	t.columns = bb_zalloc(ctl->arena, (count + 1) * sizeof *t.columns);
	t.cells = bb_alloc(ctl->arena, (rows * count + 1) * sizeof *t.cells);
	for (size_t c = 0; c < count; c++) {
		struct column *one = &t.columns[c];
		one->name = one->title = names[c];
		for (uint32_t row = 0; row < rows; row++) {
			const struct bb_json *item = bb_json_at(items, row);
			struct cell cell = cell_of(ctl, item, names[c], currency);
			one->has_text |= is_text(bb_json_get(item, names[c]));
			one->title = cell.title != names[c] ? cell.title : one->title;
			t.cells[row * count + c] = first_line(ctl, cell.text);
		}
	}
	table_measure(&t);
	return t;
}

/* As many bytes as go into a line of so many characters, to the end of a word if there is one. */
static int piece_of(const char *text, int size)
{
	int most = table_bytes(text, size);
	for (int i = most; text[most] && text[most] != ' ' && i > 0; i--)
		if (text[i - 1] == ' ')
			return i - 1;
	return most;
}

/* The next piece of a cell into the line; what is longer than it may be is cut. True: there is
 * more. */
static bool put_piece(struct buf *line, const char **rest, const struct column *one, bool last)
{
	const char *text = *rest;
	int len = piece_of(text, one->size);
	*rest = text + len + strspn(text + len, " ");
	bool cut = **rest && (last || !one->has_text);
	if (cut)
		len = table_bytes(text, one->size - 1);
	buf_add(line, text, (size_t)len);
	if (cut) {
		buf_add_str(line, "\u2026");
		*rest = "";
	}
	return **rest;
}

static void end_line(struct buf *line)
{
	while (line->len && line->data[line->len - 1] == ' ')
		line->len--;
	printf("%.*s\n", (int)line->len, line->len ? line->data : "");
	buf_clear(line);
}

static void print_row(const struct table *t, const char *const *cells)
{
	const char *rest[COLUMNS_MOST];
	struct buf line = {0};
	bool more = true;
	memcpy(rest, cells, t->count * sizeof *rest);
	for (int i = 1; more && i <= LINES_MOST; i++) {
		int at = 0;
		more = false;
		for (size_t c = 0; c < t->count; c++) {
			const struct column *one = &t->columns[c];
			if (one->hidden)
				continue;
			buf_printf(&line, "%*s", at - table_width(line.data ? line.data : ""), "");
			more |= put_piece(&line, &rest[c], one, i == LINES_MOST);
			at += one->size + 2;
		}
		end_line(&line);
	}
	buf_free(&line);
}

/* Names what a wider terminal would have shown. */
static void print_hidden(const struct table *t)
{
	const char *names = "";
	for (size_t c = 0; c < t->count; c++) {
		bool said = t->columns[c].hidden && !table_is_empty(t, c);
		if (said)
			names = arena_printf(t->arena, "%s%s%s", names, *names ? ", " : "",
					     t->columns[c].title);
	}
	if (*names)
		help_text(arena_printf(t->arena,
				       "(no room for %s: a wider terminal or --json has them)",
				       names),
			  0);
}

static void print_table(struct ctl *ctl, const struct bb_json *items, const char *const *columns,
			const char *currency)
{
	const char *names[COLUMNS_MOST];
	size_t n = choose_columns(items, columns, names);
	if (!n) {
		puts("(empty)");
		return;
	}
	struct table t = table_of(ctl, items, names, n, currency);
	int most = terminal_width(STDOUT_FILENO);
	if (most)
		table_fit(&t, most);
	for (size_t c = 0; c < n; c++)
		names[c] = t.columns[c].title;
	print_row(&t, names);
	for (size_t row = 0; row < t.rows; row++)
		print_row(&t, &t.cells[row * n]);
	print_hidden(&t);
}

void table_print_list(struct ctl *ctl, const struct bb_json *items, const char *const *columns)
{
	print_table(ctl, items, columns, NULL);
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
static void print_below(struct ctl *ctl, const struct bb_member *m, const char *currency)
{
	if (is_table(&m->value)) {
		printf("\n%s\n", m->key);
		print_table(ctl, &m->value, NULL, currency);
	} else if (is_long(&m->value)) {
		size_t len = strlen(m->value.s);
		printf("\n%s\n%s%s", m->key, m->value.s, m->value.s[len - 1] == '\n' ? "" : "\n");
	}
}

static bool is_below(const struct bb_json *v)
{
	return is_table(v) || is_long(v);
}

void table_print_object(struct ctl *ctl, const struct bb_json *v)
{
	int size = 0;
	const char *currency = bb_json_get_str(v, "currency", NULL);
	for (uint32_t i = 0; i < bb_json_count(v); i++) {
		int w = table_width(cell_of(ctl, v, v->members[i].key, NULL).title);
		size = w > size ? w : size;
	}
	for (uint32_t i = 0; i < bb_json_count(v); i++) {
		struct cell c = cell_of(ctl, v, v->members[i].key, NULL);
		if (!is_below(&v->members[i].value))
			printf("%s%*s  %s\n", c.title, size - table_width(c.title), "", c.text);
	}
	for (uint32_t i = 0; i < bb_json_count(v); i++)
		print_below(ctl, &v->members[i], currency);
}
