/* An immutable JSON value and what a plugin needs to read and build one.
 * Everything here is inline: a plugin links to nothing. Strings are UTF-8, NUL-terminated, and
 * never contain U+0000 (the parser refuses it), so `s` is usable as a C string.
 * A value lives as long as the arena it was built in. */
#ifndef BUSBAR_JSON_H
#define BUSBAR_JSON_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <busbar/arena.h>

enum bb_json_type {
	BB_JSON_NULL,
	BB_JSON_BOOL,
	BB_JSON_INT,  /* an integer that fits int64_t */
	BB_JSON_REAL, /* any other number, as an IEEE double */
	BB_JSON_STRING,
	BB_JSON_ARRAY,
	BB_JSON_OBJECT,
};

struct bb_member;

struct bb_json {
	uint32_t type; /* enum bb_json_type */
	uint32_t len;  /* bytes of a string, items of an array, members of an object */
	union {
		bool b;
		int64_t i;
		double f;
		const char *s;
		const struct bb_json *items;
		const struct bb_member *members;
	};
};

struct bb_member {
	const char *key;
	uint32_t key_len;
	uint32_t hash; /* bb_json_hash() of the key */
	struct bb_json value;
};

/* FNV-1a over the key's bytes; members carry it so that lookups and the validator compare
 * numbers first. */
static inline uint32_t bb_json_hash(const char *s, size_t len)
{
	uint32_t h = 2166136261u;
	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)s[i]) * 16777619u;
	return h;
}

/* Reading. Every function takes NULL for a value that is absent, so that lookups chain. */

/* Is there a value, and is it of that type? */
static inline bool bb_json_is(const struct bb_json *v, enum bb_json_type type)
{
	return v && v->type == (uint32_t)type;
}

/* The member of that name, or NULL. */
static inline const struct bb_json *bb_json_get(const struct bb_json *v, const char *key)
{
	if (!bb_json_is(v, BB_JSON_OBJECT))
		return NULL;
	size_t len = strlen(key);
	for (uint32_t i = 0; i < v->len; i++)
		if (v->members[i].key_len == len && !memcmp(v->members[i].key, key, len))
			return &v->members[i].value;
	return NULL;
}

/* The i-th item of an array, or NULL. */
static inline const struct bb_json *bb_json_at(const struct bb_json *v, uint32_t i)
{
	return bb_json_is(v, BB_JSON_ARRAY) && i < v->len ? &v->items[i] : NULL;
}

/* How many items or members; 0 of anything else. */
static inline uint32_t bb_json_count(const struct bb_json *v)
{
	return bb_json_is(v, BB_JSON_ARRAY) || bb_json_is(v, BB_JSON_OBJECT) ? v->len : 0;
}

/* The value's text, number or truth, or `other` when it is absent or of another type. */
static inline const char *bb_json_str(const struct bb_json *v, const char *other)
{
	return bb_json_is(v, BB_JSON_STRING) ? v->s : other;
}

/* True of 1 and, as JSON Schema has it, of 1.0; false of what int64_t cannot hold. */
static inline bool bb_json_is_integer(const struct bb_json *v)
{
	if (bb_json_is(v, BB_JSON_REAL))
		return v->f >= -0x1p63 && v->f < 0x1p63 && (double)(int64_t)v->f == v->f;
	return bb_json_is(v, BB_JSON_INT);
}

/* `other` also where bb_json_is_integer() is false. */
static inline int64_t bb_json_int(const struct bb_json *v, int64_t other)
{
	if (!bb_json_is_integer(v))
		return other;
	return v->type == BB_JSON_INT ? v->i : (int64_t)v->f;
}

/* Of any number, whole ones too. */
static inline double bb_json_real(const struct bb_json *v, double other)
{
	if (bb_json_is(v, BB_JSON_INT))
		return (double)v->i;
	return bb_json_is(v, BB_JSON_REAL) ? v->f : other;
}

/* Only true and false are truth values; 0 and 1 are not. */
static inline bool bb_json_bool(const struct bb_json *v, bool other)
{
	return bb_json_is(v, BB_JSON_BOOL) ? v->b : other;
}

/* The same of an object's member. */
static inline const char *bb_json_get_str(const struct bb_json *v, const char *key,
					  const char *other)
{
	return bb_json_str(bb_json_get(v, key), other);
}

/* As bb_json_int(). */
static inline int64_t bb_json_get_int(const struct bb_json *v, const char *key, int64_t other)
{
	return bb_json_int(bb_json_get(v, key), other);
}

/* As bb_json_bool(). */
static inline bool bb_json_get_bool(const struct bb_json *v, const char *key, bool other)
{
	return bb_json_bool(bb_json_get(v, key), other);
}

/* Making single values. Strings are borrowed, not copied: they must live as long as the value. */

/* JSON null. */
static inline struct bb_json bb_json_make_null(void)
{
	return (struct bb_json){.type = BB_JSON_NULL};
}

/* true or false. */
static inline struct bb_json bb_json_make_bool(bool b)
{
	return (struct bb_json){.type = BB_JSON_BOOL, .b = b};
}

/* A number that is written without a point. */
static inline struct bb_json bb_json_make_int(int64_t i)
{
	return (struct bb_json){.type = BB_JSON_INT, .i = i};
}

/* A number; it must be finite. */
static inline struct bb_json bb_json_make_real(double f)
{
	return (struct bb_json){.type = BB_JSON_REAL, .f = f};
}

/* NULL makes a JSON null. */
static inline struct bb_json bb_json_make_str(const char *s)
{
	if (!s)
		return bb_json_make_null();
	return (struct bb_json){.type = BB_JSON_STRING, .len = (uint32_t)strlen(s), .s = s};
}

/* Building an object or an array: start with bb_build(arena), put, end with bb_build_object() or
 * bb_build_array(). Keys and strings are borrowed; a value put in is copied (not deeply).
 * Putting the same key twice is the caller's mistake. */
struct bb_builder {
	struct bb_arena *arena;
	struct bb_member *slots; /* arrays use the value only */
	uint32_t count, cap;
};

/* A builder with nothing in it; needs no end if it is given up. */
static inline struct bb_builder bb_build(struct bb_arena *arena)
{
	return (struct bb_builder){.arena = arena};
}

/* A member: `key` lives as long as the value that is built. */
static inline void bb_put(struct bb_builder *b, const char *key, struct bb_json value)
{
	if (b->count == b->cap) {
		uint32_t cap = b->cap ? b->cap * 2 : 8;
		struct bb_member *p = (struct bb_member *)bb_alloc(b->arena, cap * sizeof *p);
		if (b->count)
			memcpy(p, b->slots, b->count * sizeof *p);
		b->slots = p;
		b->cap = cap;
	}
	size_t len = key ? strlen(key) : 0;
	b->slots[b->count++] = (struct bb_member){
	    .key = key,
	    .key_len = (uint32_t)len,
	    .hash = bb_json_hash(key, len),
	    .value = value,
	};
}

/* A text, borrowed; NULL puts a JSON null. */
static inline void bb_put_str(struct bb_builder *b, const char *key, const char *s)
{
	bb_put(b, key, bb_json_make_str(s));
}

/* A whole number. */
static inline void bb_put_int(struct bb_builder *b, const char *key, int64_t i)
{
	bb_put(b, key, bb_json_make_int(i));
}

/* A finite number. */
static inline void bb_put_real(struct bb_builder *b, const char *key, double f)
{
	bb_put(b, key, bb_json_make_real(f));
}

/* true or false. */
static inline void bb_put_bool(struct bb_builder *b, const char *key, bool v)
{
	bb_put(b, key, bb_json_make_bool(v));
}

/* A NULL value puts a JSON null. */
static inline void bb_put_json(struct bb_builder *b, const char *key, const struct bb_json *v)
{
	bb_put(b, key, v ? *v : bb_json_make_null());
}

/* The next item of an array. */
static inline void bb_push(struct bb_builder *b, struct bb_json value)
{
	bb_put(b, NULL, value);
}

/* What was put, as an object in the arena. Ends the builder. */
static inline const struct bb_json *bb_build_object(struct bb_builder *b)
{
	struct bb_json *v = (struct bb_json *)bb_alloc(b->arena, sizeof *v);
	*v = (struct bb_json){.type = BB_JSON_OBJECT, .len = b->count, .members = b->slots};
	return v;
}

/* What was pushed, as an array in the arena. Ends the builder. */
static inline const struct bb_json *bb_build_array(struct bb_builder *b)
{
	struct bb_json *v = (struct bb_json *)bb_alloc(b->arena, sizeof *v);
	struct bb_json *items =
	    (struct bb_json *)bb_alloc(b->arena, (b->count + 1u) * sizeof *items);
	for (uint32_t i = 0; i < b->count; i++)
		items[i] = b->slots[i].value;
	*v = (struct bb_json){.type = BB_JSON_ARRAY, .len = b->count, .items = items};
	return v;
}

/* One-member objects, the commonest replies: {"status": "Accepted"}. */
static inline const struct bb_json *bb_json_one(struct bb_arena *a, const char *key,
						struct bb_json v)
{
	struct bb_builder b = bb_build(a);
	bb_put(&b, key, v);
	return bb_build_object(&b);
}

/* {} */
static inline const struct bb_json *bb_json_empty(struct bb_arena *a)
{
	struct bb_builder b = bb_build(a);
	return bb_build_object(&b);
}

/* One fault, as validation tells it: [{"path": ..., "rule": ...}]. Both texts are borrowed. */
static inline const struct bb_json *bb_json_fault(struct bb_arena *a, const char *path,
						  const char *rule)
{
	struct bb_builder fault = bb_build(a), list = bb_build(a);
	bb_put_str(&fault, "path", path);
	bb_put_str(&fault, "rule", rule);
	bb_push(&list, *bb_build_object(&fault));
	return bb_build_array(&list);
}
#endif
