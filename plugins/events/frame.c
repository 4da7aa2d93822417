#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_add(struct text *t, const char *bytes, size_t len)
{
	if (t->room - t->len < len) {
		size_t room = t->room ? t->room : 512;
		while (room - t->len < len)
			room *= 2;
		t->data = realloc(t->data, room);
		if (!t->data)
			abort();
		t->room = room;
	}
	memcpy(t->data + t->len, bytes, len);
	t->len += len;
}

void text_free(struct text *t)
{
	free(t->data);
	*t = (struct text){0};
}

static void add(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

/* Each line of `value` under the field's name. */
static void add_field(struct text *t, const char *field, const char *value)
{
	do {
		size_t len = strcspn(value, "\r\n");
		add(t, field);
		text_add(t, value, len);
		add(t, "\n");
		value += len;
		if (*value)
			value += value[0] == '\r' && value[1] == '\n' ? 2 : 1;
		else
			return;
	} while (true);
}

static void add_number(struct text *t, const char *field, int64_t n)
{
	char line[48];
	snprintf(line, sizeof line, "%s%lld\n", field, (long long)n);
	add(t, line);
}

void frame_event(struct text *t, int64_t id, const char *event, const char *data)
{
	if (id)
		add_number(t, "id: ", id);
	if (event)
		add_field(t, "event: ", event);
	add_field(t, "data: ", data);
	add(t, "\n");
}

void frame_mark(struct text *t, int64_t id)
{
	add_number(t, "id: ", id);
	add(t, "\n");
}

void frame_retry(struct text *t, int64_t ms)
{
	add_number(t, "retry: ", ms);
	add(t, "\n");
}

void frame_comment(struct text *t, const char *comment)
{
	add_field(t, ": ", comment);
	add(t, "\n");
}

bool frame_read_id(const char *text, int64_t *ret)
{
	size_t digits = strspn(text, "0123456789");
	if (!digits || digits > 18 || text[digits])
		return false;
	*ret = strtoll(text, NULL, 10);
	return true;
}
