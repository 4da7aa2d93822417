#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "json/json.h"
#include "json/simdjson_shim.h"

#define FEW_MEMBERS 24u

static int by_key(const void *left, const void *right)
{
	const struct bb_member *a = *(const struct bb_member *const *)left;
	const struct bb_member *b = *(const struct bb_member *const *)right;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->key_len != b->key_len)
		return a->key_len < b->key_len ? -1 : 1;
	return memcmp(a->key, b->key, a->key_len);
}

/* Sorted, because somebody may send keys by the thousand that all have one hash. */
static bool many_unique(struct bb_arena *arena, const struct bb_member *m, uint32_t count)
{
	const struct bb_member **sorted =
	    (const struct bb_member **)bb_alloc(arena, count * sizeof(struct bb_member *));
	for (uint32_t i = 0; i < count; i++)
		sorted[i] = &m[i];
	qsort(sorted, count, sizeof(struct bb_member *), by_key);
	for (uint32_t i = 1; i < count; i++)
		if (by_key(&sorted[i - 1], &sorted[i]) == 0)
			return false;
	return true;
}

bool members_unique(struct bb_arena *arena, const struct bb_member *m, uint32_t count)
{
	if (count > FEW_MEMBERS)
		return many_unique(arena, m, count);
	for (uint32_t i = 1; i < count; i++)
		for (uint32_t j = 0; j < i; j++)
			if (m[i].hash == m[j].hash && m[i].key_len == m[j].key_len &&
			    !memcmp(m[i].key, m[j].key, m[i].key_len))
				return false;
	return true;
}

static size_t string_length(const char *text, size_t len)
{
	size_t i = 1;
	while (i < len && text[i] != '"')
		i += text[i] == '\\' ? 2 : 1;
	return i < len ? i + 1 : len;
}

static bool in_number(char c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static size_t number_length(const char *text, size_t len, bool *ret_integer)
{
	size_t i = 0;
	*ret_integer = true;
	for (; i < len && in_number(text[i]); i++)
		if (text[i] == '.' || text[i] == 'e' || text[i] == 'E')
			*ret_integer = false;
	return i;
}

/* The parser refuses integers beyond 64 bits, which JSON allows. The same text with those written
 * as reals ("1e0"); everything else, right or wrong, stays as it is. */
static char *widen_integers(struct bb_arena *arena, const char *text, size_t len, size_t *ret_len)
{
	char *out = (char *)bb_alloc(arena, 2 * len + 1);
	size_t n = 0;
	for (size_t i = 0; i < len;) {
		bool integer = false;
		size_t part = 1;
		if (text[i] == '"')
			part = string_length(text + i, len - i);
		else if (in_number(text[i]))
			part = number_length(text + i, len - i, &integer);
		memcpy(out + n, text + i, part);
		n += part;
		i += part;
		if (integer && part >= sizeof "9223372036854775807" - 1) {
			out[n++] = 'e';
			out[n++] = '0';
		}
	}
	*ret_len = n;
	return out;
}

static int parse_widened(struct bb_arena *arena, const char *text, size_t len,
			 const struct bb_json **ret, const char **ret_reason)
{
	struct bb_arena *scratch = arena_new(2 * len + 64);
	size_t wide_len;
	const char *wide = widen_integers(scratch, text, len, &wide_len);
	int err = simdjson_shim_parse(arena, wide, wide_len, ret, ret_reason);
	arena_free(scratch);
	return err;
}

int json_parse(struct bb_arena *arena, const char *text, size_t len, const struct bb_json **ret,
	       struct json_fault *ret_fault)
{
	const char *reason = "is too long";
	int err = -EINVAL;
	if (len <= JSON_MAX_BYTES)
		err = simdjson_shim_parse(arena, text, len, ret, &reason);
	if (err == -ERANGE)
		err = parse_widened(arena, text, len, ret, &reason);
	if (err && ret_fault)
		*ret_fault = (struct json_fault){.reason = reason};
	return err ? -EINVAL : 0;
}
