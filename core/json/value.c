/* Whole trees: deep copies and comparison. */
#include "json/json.h"

static void copy_into(struct bb_arena *arena, struct bb_json *to, const struct bb_json *from)
{
	*to = *from;
	if (from->type == BB_JSON_STRING) {
		to->s = bb_strndup(arena, from->s, from->len);
	} else if (from->type == BB_JSON_ARRAY) {
		struct bb_json *items =
		    (struct bb_json *)bb_alloc(arena, from->len * sizeof *items);
		for (uint32_t i = 0; i < from->len; i++)
			copy_into(arena, &items[i], &from->items[i]);
		to->items = items;
	} else if (from->type == BB_JSON_OBJECT) {
		struct bb_member *members =
		    (struct bb_member *)bb_alloc(arena, from->len * sizeof *members);
		for (uint32_t i = 0; i < from->len; i++) {
			members[i] = from->members[i];
			members[i].key =
			    bb_strndup(arena, from->members[i].key, from->members[i].key_len);
			copy_into(arena, &members[i].value, &from->members[i].value);
		}
		to->members = members;
	}
}

const struct bb_json *json_copy(struct bb_arena *arena, const struct bb_json *v)
{
	struct bb_json *to = (struct bb_json *)bb_alloc(arena, sizeof *to);
	copy_into(arena, to, v);
	return to;
}

static bool same_key(const struct bb_member *a, const struct bb_member *b)
{
	return a->hash == b->hash && a->key_len == b->key_len &&
	       !memcmp(a->key, b->key, a->key_len);
}

/* The member of `v` with the key of `like`; at the same place, mostly. */
static const struct bb_json *same_member(const struct bb_json *v, const struct bb_member *like,
					 uint32_t place)
{
	if (same_key(&v->members[place], like))
		return &v->members[place].value;
	for (uint32_t i = 0; i < v->len; i++)
		if (same_key(&v->members[i], like))
			return &v->members[i].value;
	return NULL;
}

static bool equal_arrays(const struct bb_json *a, const struct bb_json *b)
{
	for (uint32_t i = 0; i < a->len; i++)
		if (!json_equal(&a->items[i], &b->items[i]))
			return false;
	return true;
}

static bool equal_objects(const struct bb_json *a, const struct bb_json *b)
{
	for (uint32_t i = 0; i < a->len; i++) {
		const struct bb_json *other = same_member(b, &a->members[i], i);
		if (!other || !json_equal(&a->members[i].value, other))
			return false;
	}
	return true;
}

/* Exact: no integer is rounded to compare it. */
static bool equal_mixed(int64_t i, double f)
{
	return f >= -0x1p63 && f < 0x1p63 && (int64_t)f == i && (double)(int64_t)f == f;
}

static bool equal_numbers(const struct bb_json *a, const struct bb_json *b)
{
	if (a->type == BB_JSON_INT)
		return b->type == BB_JSON_INT ? a->i == b->i : equal_mixed(a->i, b->f);
	return b->type == BB_JSON_INT ? equal_mixed(b->i, a->f) : a->f == b->f;
}

static bool is_number(const struct bb_json *v)
{
	return v->type == BB_JSON_INT || v->type == BB_JSON_REAL;
}

bool json_equal(const struct bb_json *a, const struct bb_json *b)
{
	if (is_number(a) && is_number(b))
		return equal_numbers(a, b);
	if (a->type != b->type || a->len != b->len)
		return false;
	switch ((enum bb_json_type)a->type) {
	case BB_JSON_BOOL:
		return a->b == b->b;
	case BB_JSON_STRING:
		return !memcmp(a->s, b->s, a->len);
	case BB_JSON_ARRAY:
		return equal_arrays(a, b);
	case BB_JSON_OBJECT:
		return equal_objects(a, b);
	default:
		return true;
	}
}
