#include "form.h"

#include <inttypes.h>

struct form form_new(struct bb_arena *a)
{
	return (struct form){.arena = a, .text = bb_strdup(a, "")};
}

static void put(struct form *f, char c)
{
	if (f->len + 1 >= f->room) {
		size_t room = f->room ? 2 * f->room : 512;
		char *text = bb_alloc(f->arena, room);
		memcpy(text, f->text, f->len);
		f->text = text;
		f->room = room;
	}
	f->text[f->len++] = c;
	f->text[f->len] = '\0';
}

static int is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       strchr("-._~", c);
}

static void put_encoded(struct form *f, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (is_plain(*text)) {
			put(f, *text);
			continue;
		}
		put(f, '%');
		put(f, hex[c >> 4]);
		put(f, hex[c & 15]);
	}
}

void form_add(struct form *f, const char *name, const char *value)
{
	if (f->len)
		put(f, '&');
	put_encoded(f, name);
	put(f, '=');
	put_encoded(f, value);
}

void form_add_int(struct form *f, const char *name, int64_t value)
{
	form_add(f, name, bb_printf(f->arena, "%" PRId64, value));
}
