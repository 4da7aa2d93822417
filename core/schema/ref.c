#include "schema/compile.h"

#define OWN "#/$defs/"
#define COMMON "common.json#/$defs/"

const struct bb_json *ref_find(const struct source *from, const char *ref,
			       const struct source **ret)
{
	const struct source *in = NULL;
	const char *name = NULL;
	if (!strncmp(ref, OWN, sizeof OWN - 1)) {
		in = from;
		name = ref + sizeof OWN - 1;
	} else if (!strncmp(ref, COMMON, sizeof COMMON - 1)) {
		in = from->common;
		name = ref + sizeof COMMON - 1;
	}
	if (!in || strchr(name, '/'))
		return NULL;
	const struct bb_json *found = bb_json_get(bb_json_get(in->document, "$defs"), name);
	if (found)
		*ret = in;
	return found;
}

static struct bb_json resolve(struct bb_arena *, const struct source *, const struct bb_json *);

static struct bb_json resolve_array(struct bb_arena *arena, const struct source *source,
				    const struct bb_json *v)
{
	struct bb_builder b = bb_build(arena);
	for (uint32_t i = 0; i < v->len; i++)
		bb_push(&b, resolve(arena, source, &v->items[i]));
	return *bb_build_array(&b);
}

/* The target's members, save for those that stand beside the $ref, and these. */
static struct bb_json resolve_ref(struct bb_arena *arena, const struct bb_json *v,
				  const struct source *in, const struct bb_json *found)
{
	struct bb_json target = resolve(arena, in, found);
	struct bb_builder b = bb_build(arena);
	for (uint32_t i = 0; i < target.len; i++)
		if (!bb_json_get(v, target.members[i].key))
			bb_put(&b, target.members[i].key, target.members[i].value);
	for (uint32_t i = 0; i < v->len; i++)
		if (strcmp(v->members[i].key, "$ref") != 0)
			bb_put(&b, v->members[i].key, v->members[i].value);
	return *bb_build_object(&b);
}

static struct bb_json resolve_object(struct bb_arena *arena, const struct source *source,
				     const struct bb_json *v)
{
	const struct source *in;
	const char *ref = bb_json_get_str(v, "$ref", NULL);
	const struct bb_json *found = ref ? ref_find(source, ref, &in) : NULL;
	if (found)
		return resolve_ref(arena, v, in, found);
	struct bb_builder b = bb_build(arena);
	for (uint32_t i = 0; i < v->len; i++)
		if (v != source->document || strcmp(v->members[i].key, "$defs") != 0)
			bb_put(&b, v->members[i].key, resolve(arena, source, &v->members[i].value));
	return *bb_build_object(&b);
}

static struct bb_json resolve(struct bb_arena *arena, const struct source *source,
			      const struct bb_json *v)
{
	if (v->type == BB_JSON_OBJECT)
		return resolve_object(arena, source, v);
	return v->type == BB_JSON_ARRAY ? resolve_array(arena, source, v) : *v;
}

const struct bb_json *ref_resolve(struct bb_arena *arena, const struct source *source)
{
	struct bb_json *v = (struct bb_json *)bb_alloc(arena, sizeof *v);
	*v = resolve(arena, source, source->document);
	return v;
}
