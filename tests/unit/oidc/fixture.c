#include "fixture.h"

#include <criterion/criterion.h>

#include "base/arena.h"
#include "json/json.h"

struct bb_arena *arena;

static int parse(struct bb_arena *a, const char *text, size_t len, const struct bb_json **ret,
		 const char **ret_error)
{
	(void)ret_error;
	return json_parse(a, text, len, ret, NULL);
}

const struct bb_api api = {.size = sizeof api, .json_parse = parse};

void setup(void)
{
	arena = arena_new(0);
}

void teardown(void)
{
	arena = arena_free(arena);
}

static char *with_quotes(const char *text)
{
	char *copy = bb_strdup(arena, text);
	for (char *c = copy; *c; c++)
		if (*c == '\'')
			*c = '"';
	return copy;
}

const struct bb_json *json(const char *text)
{
	const struct bb_json *v;
	const char *copy = with_quotes(text);
	cr_assert_eq(json_parse(arena, copy, strlen(copy), &v, NULL), 0, "%s", text);
	return v;
}

const char *base64url(const void *bytes, size_t len)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const unsigned char *in = bytes;
	char *out = bb_alloc(arena, len * 2 + 2), *at = out;
	uint32_t bits = 0, held = 0;
	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | in[i];
		for (held += 8; held >= 6; held -= 6)
			*at++ = letters[bits >> (held - 6) & 63];
	}
	if (held)
		*at++ = letters[bits << (6 - held) & 63];
	*at = '\0';
	return out;
}

const char *token_of(const char *header, const char *claims)
{
	const char *h = with_quotes(header), *c = with_quotes(claims);
	return bb_printf(arena, "%s.%s.AAAA", base64url(h, strlen(h)), base64url(c, strlen(c)));
}
