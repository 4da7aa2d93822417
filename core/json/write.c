#include <math.h>

#include "base/buf.h"
#include "json/json.h"
#include "json/simdjson_shim.h"

/* What follows the backslash of a control character, a quote or a backslash; 'u' for \u00xx. */
static char escape_of(unsigned char c)
{
	static const char control[32] = {
	    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
	if (c >= sizeof control)
		return c == '"' || c == '\\' ? (char)c : '\0';
	return control[c] ? control[c] : 'u';
}

static void write_string(struct buf *out, const char *s, size_t len)
{
	buf_add_char(out, '"');
	size_t from = 0;
	for (size_t i = 0; i < len; i++) {
		char escape = escape_of((unsigned char)s[i]);
		if (!escape)
			continue;
		buf_add(out, s + from, i - from);
		if (escape == 'u')
			buf_printf(out, "\\u%04x", (unsigned)(unsigned char)s[i]);
		else
			buf_add(out, (char[]){'\\', escape}, 2);
		from = i + 1;
	}
	buf_add(out, s + from, len - from);
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
	json_write(&out, v);
	const char *text = bb_strndup(arena, out.data, out.len);
	if (ret_len)
		*ret_len = out.len;
	buf_free(&out);
	return text;
}
