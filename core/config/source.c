#include "config/source.h"

#include <ctype.h>
#include <stdbool.h>

enum kind { END, NAME, STRING, SYMBOL };

struct token {
	enum kind kind;
	const char *at;
	size_t len;
	int line;
};

struct place {
	struct token section, key; /* `key.len` 0: the section or the item itself */
	size_t item;
	int line;
	struct place *next;
};

struct source {
	struct place *places; /* latest first */
};

struct lexer {
	const char *at, *end;
	int line;
};

struct scan {
	struct bb_arena *arena;
	struct source *source;
	struct token before[4]; /* the latest tokens, newest first */
	struct token section;
	size_t items, item; /* items begun in the section; the one we are in, or 0 */
	int braces, parens;
};

/* The level of a long bracket that opens at `p`: [[ is 0, [=[ is 1; -1 if none does. */
static int long_bracket(const char *p, const char *end)
{
	int level = 0;
	if (p == end || *p++ != '[')
		return -1;
	for (; p < end && *p == '='; p++)
		level++;
	return p < end && *p == '[' ? level : -1;
}

static void next_char(struct lexer *l)
{
	if (*l->at++ == '\n')
		l->line++;
}

static void skip_long(struct lexer *l, int level)
{
	l->at += level + 2;
	for (; l->at < l->end; next_char(l)) {
		const char *p = l->at;
		int n = 0;
		if (*p++ != ']')
			continue;
		for (; p < l->end && *p == '='; p++)
			n++;
		if (n == level && p < l->end && *p == ']') {
			l->at = p + 1;
			return;
		}
	}
}

static void skip_line(struct lexer *l)
{
	while (l->at < l->end && *l->at != '\n')
		l->at++;
}

static void skip_blanks(struct lexer *l)
{
	while (l->at < l->end) {
		if (isspace((unsigned char)*l->at)) {
			next_char(l);
		} else if (l->end - l->at >= 2 && l->at[0] == '-' && l->at[1] == '-') {
			l->at += 2;
			int level = long_bracket(l->at, l->end);
			if (level >= 0)
				skip_long(l, level);
			else
				skip_line(l);
		} else {
			return;
		}
	}
}

static void quoted(struct lexer *l, struct token *t)
{
	char quote = *l->at++;
	t->at = l->at;
	while (l->at < l->end && *l->at != quote && *l->at != '\n') {
		if (*l->at == '\\' && l->at + 1 < l->end)
			next_char(l);
		next_char(l);
	}
	t->len = (size_t)(l->at - t->at);
	if (l->at < l->end)
		next_char(l);
}

static bool name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static void symbol(struct lexer *l, struct token *t)
{
	bool compares = strchr("=<>~", *l->at) && l->end - l->at >= 2 && l->at[1] == '=';
	t->len = compares ? 2 : 1;
	l->at += t->len;
}

static struct token next_token(struct lexer *l)
{
	skip_blanks(l);
	struct token t = {.kind = END, .at = l->at, .line = l->line};
	if (l->at == l->end)
		return t;
	int level = long_bracket(l->at, l->end);
	if (level >= 0) {
		t.kind = STRING;
		skip_long(l, level);
		t.len = (size_t)(l->at - t.at);
	} else if (*l->at == '"' || *l->at == '\'') {
		t.kind = STRING;
		quoted(l, &t);
	} else if (name_char(*l->at)) {
		t.kind = NAME;
		while (l->at < l->end && name_char(*l->at))
			l->at++;
		t.len = (size_t)(l->at - t.at);
	} else {
		t.kind = SYMBOL;
		symbol(l, &t);
	}
	return t;
}

static bool is(const struct token *t, char c)
{
	return t->kind == SYMBOL && t->len == 1 && *t->at == c;
}

/* Does a table's item or key begin after this token? */
static bool separates(const struct token *t)
{
	return is(t, '{') || is(t, ',') || is(t, ';');
}

static void add_place(struct scan *s, struct token section, size_t item, struct token key, int line)
{
	struct place *p = bb_alloc(s->arena, sizeof *p);
	*p = (struct place){section, key, item, line, s->source->places};
	s->source->places = p;
}

/* `key =`, `["key"] =`, and on the top level also `section.key =`. */
static void assignment(struct scan *s)
{
	const struct token *t = s->before, *key = &t[0], *around = &t[1];
	if (is(&t[0], ']') && t[1].kind == STRING && is(&t[2], '[')) {
		key = &t[1];
		around = &t[3];
	} else if (t[0].kind != NAME) {
		return;
	}
	if (s->braces > 0) {
		size_t item = s->braces == 2 ? s->item : 0;
		if (separates(around) && (s->braces == 1 || item))
			add_place(s, s->section, item, *key, key->line);
	} else if (key->kind == NAME && is(around, '.')) {
		add_place(s, t[2], 0, *key, key->line);
	} else if (key->kind == STRING) {
		add_place(s, *around, 0, *key, key->line);
	} else {
		s->section = *key;
		s->items = 0;
		add_place(s, *key, 0, (struct token){0}, key->line);
	}
}

static void begin_item(struct scan *s, int line)
{
	s->item = ++s->items;
	add_place(s, s->section, s->item, (struct token){0}, line);
}

static void see(struct scan *s, const struct token *t)
{
	if (is(t, '(')) {
		s->parens++;
	} else if (is(t, ')')) {
		s->parens--;
	} else if (s->parens > 0) {
		return;
	} else if (is(t, '{')) {
		if (++s->braces == 2) {
			s->item = 0;
			if (separates(&s->before[0]))
				begin_item(s, t->line);
		}
	} else if (is(t, '}')) {
		s->braces--;
	} else if (is(t, '=')) {
		assignment(s);
	} else if (t->kind == STRING && s->braces == 1 && separates(&s->before[0])) {
		begin_item(s, t->line);
	}
}

struct source *source_scan(struct bb_arena *arena, const char *text, size_t len)
{
	struct lexer lexer = {text, text + len, 1};
	struct scan scan = {.arena = arena, .source = bb_zalloc(arena, sizeof *scan.source)};
	if (len && *text == '#')
		skip_line(&lexer);
	for (;;) {
		struct token t = next_token(&lexer);
		if (t.kind == END)
			return scan.source;
		see(&scan, &t);
		memmove(scan.before + 1, scan.before, 3 * sizeof *scan.before);
		scan.before[0] = t;
	}
}

static bool same(const struct token *t, const char *name)
{
	return t->len == strlen(name) && (!t->len || !memcmp(t->at, name, t->len));
}

static int find(const struct source *source, const char *section, size_t item, const char *key)
{
	for (const struct place *p = source->places; p; p = p->next)
		if (p->item == item && same(&p->section, section) && same(&p->key, key))
			return p->line;
	return 0;
}

int source_line(const struct source *source, const char *section, size_t item, const char *key)
{
	int line = key ? find(source, section, item, key) : 0;
	if (!line && item)
		line = find(source, section, item, "");
	return line ? line : find(source, section, 0, "");
}
