#include "fill.h"

#include <stdbool.h>

/* Grows by doubling in the arena. */
struct out {
	struct bb_arena *arena;
	char *text;
	size_t len, room;
};

static void add(struct out *o, const char *s, size_t len)
{
	if (o->len + len + 1 > o->room) {
		size_t room = 2 * (o->len + len + 64);
		char *more = bb_alloc(o->arena, room);
		if (o->len)
			memcpy(more, o->text, o->len);
		o->text = more;
		o->room = room;
	}
	memcpy(o->text + o->len, s, len);
	o->len += len;
	o->text[o->len] = '\0';
}

static bool is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~", c));
}

static void add_url(struct out *o, const char *s)
{
	static const char hex[] = "0123456789ABCDEF";
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		char escape[3] = {'%', hex[c >> 4], hex[c & 15]};
		if (is_unreserved(c))
			add(o, s, 1);
		else
			add(o, escape, sizeof escape);
	}
}

static void add_json(struct out *o, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		char escape[8];
		if (c == '"' || c == '\\') {
			snprintf(escape, sizeof escape, "\\%c", c);
			add(o, escape, 2);
		} else if (c < ' ' || c == 0x7f) {
			snprintf(escape, sizeof escape, "\\u%04x", c);
			add(o, escape, 6);
		} else {
			add(o, s, 1);
		}
	}
}

static bool add_field(struct out *o, const char *name, size_t len, enum fill_form form,
		      const struct fill_field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = fields[i].value ? fields[i].value : "";
		if (strlen(fields[i].name) != len || strncmp(fields[i].name, name, len) != 0)
			continue;
		if (form == FILL_URL)
			add_url(o, value);
		else if (form == FILL_JSON)
			add_json(o, value);
		else
			add(o, value, strlen(value));
		return true;
	}
	return false;
}

const char *fill(struct bb_arena *a, const char *text, enum fill_form form,
		 const struct fill_field *fields, size_t count, const char **ret_bad)
{
	struct out o = {.arena = a};
	add(&o, "", 0);
	for (;;) {
		const char *open = strstr(text, "{{");
		if (!open) {
			add(&o, text, strlen(text));
			return o.text;
		}
		const char *name = open + 2, *end = strstr(name, "}}");
		add(&o, text, (size_t)(open - text));
		if (!end || !add_field(&o, name, (size_t)(end - name), form, fields, count)) {
			*ret_bad = bb_strndup(a, open, end ? (size_t)(end + 2 - open) : 2);
			return NULL;
		}
		text = end + 2;
	}
}
