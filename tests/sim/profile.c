#include "profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

#define MAX_VALUE 64u /* bytes of a filled-in value */

enum slot { SLOT_NONE, SLOT_ID, SLOT_NOW, SLOT_TAG, SLOT_METER, SLOT_TRANSACTION };

/* Literal text, then a value. */
struct profile_part {
	const char *text;
	size_t len;
	enum slot slot;
};

static const struct {
	const char *name;
	enum slot slot;
} slots[] = {
    {"{id}", SLOT_ID},
    {"{now}", SLOT_NOW},
    {"{tag}", SLOT_TAG},
    {"{meter}", SLOT_METER},
    {"{transaction}", SLOT_TRANSACTION},
};

/* The next slot's place in the text, or its end. */
static const char *find_slot(const char *text, enum slot *ret, size_t *ret_len)
{
	*ret = SLOT_NONE;
	*ret_len = 0;
	for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{'))
		for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
			if (!strncmp(at, slots[i].name, strlen(slots[i].name))) {
				*ret = slots[i].slot;
				*ret_len = strlen(slots[i].name);
				return at;
			}
	return text + strlen(text);
}

static size_t compile(struct profile_frame *f, const char *text)
{
	size_t longest = 0;
	f->starts = strstr(text, "\"StartTransaction\"") != NULL;
	do {
		f->parts = mem_realloc(f->parts, (f->count + 1) * sizeof *f->parts);
		struct profile_part *p = &f->parts[f->count++];
		size_t slot_len;
		const char *end = find_slot(text, &p->slot, &slot_len);
		p->text = text;
		p->len = (size_t)(end - text);
		longest += p->len + MAX_VALUE;
		text = end + slot_len;
	} while (*text);
	return longest;
}

static int add_line(struct profile *p, char *line)
{
	struct profile_frame **list;
	size_t *count;
	if (!strncmp(line, "once ", 5)) {
		list = &p->once;
		count = &p->once_count;
	} else if (!strncmp(line, "each ", 5)) {
		list = &p->each;
		count = &p->each_count;
	} else {
		return *line == '#' || !*line ? 0 : -EINVAL;
	}
	*list = mem_realloc(*list, (*count + 1) * sizeof **list);
	struct profile_frame *f = &(*list)[(*count)++];
	*f = (struct profile_frame){0};
	size_t longest = compile(f, line + 5);
	if (longest > p->longest)
		p->longest = longest;
	return 0;
}

int profile_load(const char *path, struct profile *ret, char **ret_error)
{
	struct profile p = {0};
	struct buf text = {0}, fault = {0};
	int err = buf_read_file(&text, path), number = 0;
	if (err)
		buf_printf(&fault, "%s: %s", path, strerror(-err));
	p.text = text.data;
	char *rest = text.data;
	for (char *line; !err && (line = strsep(&rest, "\n"));) {
		number++;
		err = add_line(&p, line);
		if (err)
			buf_printf(&fault, "%s:%d: a line starts with once, each or #", path,
				   number);
	}
	if (!err && !p.each_count) {
		err = -EINVAL;
		buf_printf(&fault, "%s: nothing to send over and over (each)", path);
	}
	if (err) {
		profile_free(&p);
		*ret_error = fault.data;
		return err;
	}
	*ret = p;
	return 0;
}

static void free_frames(struct profile_frame *frames, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(frames[i].parts);
	free(frames);
}

void profile_free(struct profile *p)
{
	free_frames(p->once, p->once_count);
	free_frames(p->each, p->each_count);
	free(p->text);
}

static size_t put_text(char *out, const char *s)
{
	size_t len = strnlen(s, MAX_VALUE);
	memcpy(out, s, len);
	return len;
}

static size_t put_number(char *out, int64_t n)
{
	char digits[24];
	size_t len = 0, at = 0;
	uint64_t rest = n < 0 ? (uint64_t)-n : (uint64_t)n;
	do
		digits[len++] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (n < 0)
		out[at++] = '-';
	while (len)
		out[at++] = digits[--len];
	return at;
}

static size_t put_value(char *out, enum slot slot, const struct profile_values *v)
{
	switch (slot) {
	case SLOT_ID:
		return put_text(out, v->id);
	case SLOT_NOW:
		return put_text(out, v->now);
	case SLOT_TAG:
		return put_text(out, v->tag);
	case SLOT_METER:
		return put_number(out, v->meter);
	case SLOT_TRANSACTION:
		return put_number(out, v->transaction);
	case SLOT_NONE:
		break;
	}
	return 0;
}

size_t profile_render(const struct profile_frame *f, const struct profile_values *v, char *out)
{
	size_t len = 0;
	for (size_t i = 0; i < f->count; i++) {
		const struct profile_part *p = &f->parts[i];
		memcpy(out + len, p->text, p->len);
		len += p->len;
		len += put_value(out + len, p->slot, v);
	}
	return len;
}
