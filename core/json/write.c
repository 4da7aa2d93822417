#include <math.h>

#include "base/buf.h"
#include "json/json.h"
#include "json/simdjson_shim.h"

#define USUAL_TEXT 1000 /* bytes */

static bool is_plain(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

static void write_escaped(struct buf *out, char c)
{
	static const char control[0x20] = {
	    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
	if ((unsigned char)c >= sizeof control)
		buf_add(out, (char[]){'\\', c}, 2);
	else if (control[(unsigned char)c])
		buf_add(out, (char[]){'\\', control[(unsigned char)c]}, 2);
	else
		buf_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
}

/* How much of it may stand as it is, eight bytes at a time while there are so many. */
static size_t plain_length(const char *s, size_t len)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones << 7;
	size_t i = 0;
	for (uint64_t w; i + sizeof w <= len; i += sizeof w) {
		memcpy(&w, s + i, sizeof w);
		uint64_t quote = w ^ (ones * '"'), slash = w ^ (ones * '\\');
		uint64_t odd = (w - ones * 0x20) | (quote - ones) | (slash - ones);
		if (odd & ~w & tops)
			break;
	}
	while (i < len && is_plain(s[i]))
		i++;
	return i;
}

static void write_string(struct buf *out, const char *s, size_t len)
{
	size_t plain = plain_length(s, len);
	char *at = buf_reserve(out, len + 2);
	at[0] = '"';
	memcpy(at + 1, s, plain);
	out->len += 1 + plain;
	for (const char *c = s + plain; c < s + len; c++)
		if (is_plain(*c))
			buf_add_char(out, *c);
		else
			write_escaped(out, *c);
	buf_add_char(out, '"');
}

static void write_int(struct buf *out, int64_t i)
{
	char digits[20];
	size_t at = sizeof digits;
	uint64_t left = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
	do
		digits[--at] = (char)('0' + left % 10);
	while (left /= 10);
	if (i < 0)
		digits[--at] = '-';
	buf_add(out, digits + at, sizeof digits - at);
}

static void write_real(struct buf *out, double f)
{
	char text[32];
	if (!isfinite(f)) {
		buf_add_str(out, "null");
		return;
	}
	size_t len = simdjson_shim_real(f, text);
	buf_add(out, text, len);
	if (!memchr(text, '.', len) && !memchr(text, 'e', len))
		buf_add_str(out, ".0"); /* so that it is read back as a real */
}

static void write_array(struct buf *out, const struct bb_json *v)
{
	buf_add_char(out, '[');
	for (uint32_t i = 0; i < v->len; i++) {
		if (i)
			buf_add_char(out, ',');
		json_write(out, &v->items[i]);
	}
	buf_add_char(out, ']');
}

static void write_object(struct buf *out, const struct bb_json *v)
{
	buf_add_char(out, '{');
	for (uint32_t i = 0; i < v->len; i++) {
		if (i)
			buf_add_char(out, ',');
		write_string(out, v->members[i].key, v->members[i].key_len);
		buf_add_char(out, ':');
		json_write(out, &v->members[i].value);
	}
	buf_add_char(out, '}');
}

void json_write(struct buf *out, const struct bb_json *v)
{
	switch ((enum bb_json_type)v->type) {
	case BB_JSON_NULL:
		buf_add_str(out, "null");
		break;
	case BB_JSON_BOOL:
		buf_add_str(out, v->b ? "true" : "false");
		break;
	case BB_JSON_INT:
		write_int(out, v->i);
		break;
	case BB_JSON_REAL:
		write_real(out, v->f);
		break;
	case BB_JSON_STRING:
		write_string(out, v->s, v->len);
		break;
	case BB_JSON_ARRAY:
		write_array(out, v);
		break;
	case BB_JSON_OBJECT:
		write_object(out, v);
		break;
	}
}

const char *json_text(struct bb_arena *arena, const struct bb_json *v, size_t *ret_len)
{
	struct buf out = {0};
	buf_reserve(&out, USUAL_TEXT);
	json_write(&out, v);
	const char *text = bb_strndup(arena, out.data, out.len);
	if (ret_len)
		*ret_len = out.len;
	buf_free(&out);
	return text;
}
