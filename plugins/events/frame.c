#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each line of `value` under the field's name. */
static void add_field(struct bb_bytes *t, const char *field, const char *value)
{
	do {
		size_t len = strcspn(value, "\r\n");
		bb_bytes_add_str(t, field);
		bb_bytes_add(t, value, len);
		bb_bytes_add_str(t, "\n");
		value += len;
		if (*value)
			value += value[0] == '\r' && value[1] == '\n' ? 2 : 1;
		else
			return;
	} while (true);
}

static void add_number(struct bb_bytes *t, const char *field, int64_t n)
{
	char line[48];
	snprintf(line, sizeof line, "%s%lld\n", field, (long long)n);
	bb_bytes_add_str(t, line);
}

void frame_event(struct bb_bytes *t, int64_t id, const char *event, const char *data)
{
	if (id)
		add_number(t, "id: ", id);
	if (event)
		add_field(t, "event: ", event);
	add_field(t, "data: ", data);
	bb_bytes_add_str(t, "\n");
}

void frame_end(struct bb_bytes *t, const char *data)
{
	add_field(t, "id: ", FRAME_END);
	frame_event(t, 0, "end", data);
}

void frame_mark(struct bb_bytes *t, int64_t id)
{
	add_number(t, "id: ", id);
	bb_bytes_add_str(t, "\n");
}

void frame_retry(struct bb_bytes *t, int64_t ms)
{
	add_number(t, "retry: ", ms);
	bb_bytes_add_str(t, "\n");
}

void frame_comment(struct bb_bytes *t, const char *comment)
{
	add_field(t, ": ", comment);
	bb_bytes_add_str(t, "\n");
}

bool frame_read_id(const char *text, int64_t *ret)
{
	size_t digits = strspn(text, "0123456789");
	if (!digits || digits > 18 || text[digits])
		return false;
	*ret = strtoll(text, NULL, 10);
	return true;
}
