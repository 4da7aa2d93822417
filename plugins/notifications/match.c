#include "match.h"

static bool is_family(const char *pattern, const char *event)
{
	size_t len = strlen(pattern);
	return len >= 2 && !strcmp(pattern + len - 2, ".*") && !strncmp(pattern, event, len - 1);
}

bool match_event(const struct bb_json *names, const char *event)
{
	for (uint32_t i = 0; i < bb_json_count(names); i++) {
		const char *name = bb_json_str(bb_json_at(names, i), "");
		if (!strcmp(name, "*") || !strcmp(name, event) || is_family(name, event))
			return true;
	}
	return false;
}

static bool is_equal(const struct bb_json *a, const struct bb_json *b)
{
	if (bb_json_is_integer(a) && bb_json_is_integer(b))
		return bb_json_int(a, 0) == bb_json_int(b, 0);
	if (!a || !b || a->type != b->type)
		return false;
	switch (a->type) {
	case BB_JSON_STRING:
		return !strcmp(a->s, b->s);
	case BB_JSON_BOOL:
		return a->b == b->b;
	default:
		return a->type == BB_JSON_NULL;
	}
}

static bool is_among(const struct bb_json *wanted, const struct bb_json *v)
{
	if (!bb_json_is(wanted, BB_JSON_ARRAY))
		return is_equal(wanted, v);
	for (uint32_t i = 0; i < wanted->len; i++)
		if (is_equal(bb_json_at(wanted, i), v))
			return true;
	return false;
}

bool match_filter(const struct bb_json *filter, const struct bb_json *data)
{
	for (uint32_t i = 0; bb_json_is(filter, BB_JSON_OBJECT) && i < filter->len; i++)
		if (!is_among(&filter->members[i].value, bb_json_get(data, filter->members[i].key)))
			return false;
	return true;
}
