#include "ocppj/repairs.h"

#include <string.h>
#include <strings.h>

/* Each writes what it makes of the text; true if that differs. */
typedef bool mend_fn(const char *text, size_t len, struct buf *out);

/* Is the backslash at `i` one that escapes, not one that is escaped? */
static bool escapes(const char *text, size_t i)
{
	size_t before = 0;
	while (before < i && text[i - before - 1] == '\\')
		before++;
	return before % 2 == 0;
}

/* Zero bytes, raw or as \u0000. */
static bool strip_nul(const char *text, size_t len, struct buf *out)
{
	size_t before = out->len;
	for (size_t i = 0; i < len; i++) {
		if (!text[i])
			continue;
		if (len - i >= 6 && !memcmp(text + i, "\\u0000", 6) && escapes(text, i))
			i += 5;
		else
			buf_add_char(out, text[i]);
	}
	return out->len - before != len;
}

static void add_control(struct buf *out, char c)
{
	static const char short_forms[] = "\bb\tt\nn\ff\rr";
	for (const char *s = short_forms; *s; s += 2)
		if (*s == c) {
			buf_add_char(out, '\\');
			buf_add_char(out, s[1]);
			return;
		}
	buf_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
}

/* Control characters within strings; between values line breaks and tabs are JSON's own. */
static bool escape_controls(const char *text, size_t len, struct buf *out)
{
	bool quoted = false, changed = false;
	for (size_t i = 0; i < len; i++) {
		if (quoted && text[i] == '\\' && i + 1 < len)
			buf_add_char(out, text[i++]);
		else if (text[i] == '"')
			quoted = !quoted;
		bool raw = quoted && (unsigned char)text[i] < 0x20 && text[i];
		if (raw)
			add_control(out, text[i]);
		else
			buf_add_char(out, text[i]);
		changed = changed || raw;
	}
	return changed;
}

static bool strip_bom(const char *text, size_t len, struct buf *out)
{
	bool has = len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3);
	buf_add(out, text + (has ? 3 : 0), len - (has ? 3 : 0));
	return has;
}

/* Where the array or object that the text begins with ends; `len` if it does not. */
static size_t value_end(const char *text, size_t len)
{
	bool quoted = false;
	size_t depth = 0;
	for (size_t i = 0; i < len; i++) {
		if (quoted && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && (text[i] == '[' || text[i] == '{'))
			depth++;
		else if (!quoted && depth && (text[i] == ']' || text[i] == '}') && !--depth)
			return i + 1;
	}
	return len;
}

/* What stands behind the frame: the rest of a buffer, a second frame that was cut off. */
static bool cut_trailing(const char *text, size_t len, struct buf *out)
{
	size_t end = value_end(text, len);
	buf_add(out, text, end);
	return end < len;
}

/* In the order of use. */
static const struct {
	const char *name;
	mend_fn *mend;
} repairs[] = {
    {"strip_bom", strip_bom},       {"strip_nul", strip_nul}, {"escape_controls", escape_controls},
    {"cut_trailing", cut_trailing}, {"text_pong", NULL},
};
#define REPAIRS (sizeof repairs / sizeof *repairs)

uint32_t repair_find(const char *name)
{
	for (uint32_t i = 0; i < REPAIRS; i++)
		if (!strcmp(repairs[i].name, name))
			return 1u << i;
	return 0;
}

const char *repair_name(uint32_t i)
{
	return i < REPAIRS ? repairs[i].name : NULL;
}

uint32_t repairs_apply(uint32_t mask, const char *text, size_t len, struct buf *out)
{
	uint32_t done = 0;
	struct buf now = {0}, next = {0};
	buf_add(&now, text, len);
	for (uint32_t i = 0; i < REPAIRS; i++) {
		if (!(mask & 1u << i) || !repairs[i].mend)
			continue;
		buf_clear(&next);
		if (repairs[i].mend(now.data ? now.data : "", now.len, &next))
			done |= 1u << i;
		struct buf swap = now;
		now = next;
		next = swap;
	}
	buf_add(out, now.data ? now.data : "", now.len);
	buf_free(&now);
	buf_free(&next);
	return done;
}

bool repairs_is_pong(uint32_t mask, const char *text, size_t len)
{
	while (len && strchr(" \t\r\n\"", text[len - 1]))
		len--;
	while (len && strchr(" \t\r\n\"", *text)) {
		text++;
		len--;
	}
	return (mask & repair_find("text_pong")) && len == 4 && !strncasecmp(text, "pong", 4);
}
