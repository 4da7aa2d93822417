/* The component schemas: those of bodies and answers, and what several of them share, once each. */
#include "openapi.h"

#define OWN "#/$defs/"
#define COMMON "common.json#/$defs/"

/* A file of schemas at work: "rest/charger". */
struct file {
	const struct bb_api *api;
	struct bb_builder *to;
	const char *folder, *common, *name;
	const struct bb_json *source;
};

bool openapi_has_key(const struct bb_builder *b, const char *key)
{
	for (uint32_t i = 0; i < b->count; i++)
		if (b->slots[i].key && !strcmp(b->slots[i].key, key))
			return true;
	return false;
}

const char *openapi_component(struct bb_arena *a, const char *schema)
{
	char *name = bb_strdup(a, schema);
	for (char *c = name; *c; c++)
		if (*c == '/')
			*c = '.';
	return name;
}

static struct file file_of(const struct bb_api *api, struct bb_builder *to, const char *name)
{
	const char *slash = strchr(name, '/');
	const char *folder = bb_strndup(to->arena, name, (size_t)(slash - name));
	return (struct file){
	    .api = api,
	    .to = to,
	    .folder = folder,
	    .common = bb_printf(to->arena, "%s/common", folder),
	    .name = name,
	    .source = api->schema_source(name),
	};
}

/* A shared definition has the name of a file that is nothing else, "rest.charger"; where a file has
 * that name and is something else, it is "rest.common.charger". */
static const char *shared_name(const struct file *f, const char *definition)
{
	struct bb_arena *a = f->to->arena;
	const char *name = bb_printf(a, "%s/%s", f->folder, definition);
	const struct bb_json *other = f->api->schema_source(name);
	const char *ref = bb_json_get_str(other, "$ref", "");
	bool is_same = !strcmp(ref, bb_printf(a, COMMON "%s", definition));
	if (other && !is_same)
		name = bb_printf(a, "%s/%s", f->common, definition);
	return openapi_component(a, name);
}

static struct bb_json rewritten(const struct file *, const struct bb_json *);

static void put(struct bb_builder *to, const char *name, struct bb_json v)
{
	if (!openapi_has_key(to, name))
		bb_put(to, name, v);
}

/* "#/components/schemas/rest.money" for a $ref of the file; what it refers to is put there. */
static const char *moved(const struct file *f, const char *ref)
{
	struct bb_arena *a = f->to->arena;
	bool is_shared = !strncmp(ref, COMMON, strlen(COMMON)) || !strcmp(f->name, f->common);
	const char *definition = strrchr(ref, '/') + 1;
	struct file in = is_shared ? file_of(f->api, f->to, f->common) : *f;
	const char *name = is_shared
			       ? shared_name(f, definition)
			       : openapi_component(a, bb_printf(a, "%s/%s", f->name, definition));
	if (!openapi_has_key(f->to, name))
		put(f->to, name,
		    rewritten(&in, bb_json_get(bb_json_get(in.source, "$defs"), definition)));
	return bb_printf(a, "#/components/schemas/%s", name);
}

static struct bb_json rewritten(const struct file *f, const struct bb_json *v)
{
	struct bb_builder b = bb_build(f->to->arena);
	if (bb_json_is(v, BB_JSON_ARRAY)) {
		for (uint32_t i = 0; i < v->len; i++)
			bb_push(&b, rewritten(f, &v->items[i]));
		return *bb_build_array(&b);
	}
	if (!bb_json_is(v, BB_JSON_OBJECT))
		return *v;
	for (uint32_t i = 0; i < v->len; i++) {
		const struct bb_member *m = &v->members[i];
		if (!strcmp(m->key, "$ref"))
			bb_put_str(&b, m->key, moved(f, bb_json_str(&m->value, "")));
		else if (strcmp(m->key, "$defs") != 0)
			bb_put(&b, m->key, rewritten(f, &m->value));
	}
	return *bb_build_object(&b);
}

void openapi_put_schema(const struct bb_api *api, struct bb_builder *to, const char *schema)
{
	const char *name = schema ? openapi_component(to->arena, schema) : NULL;
	if (!name || !api->schema(schema) || openapi_has_key(to, name))
		return;
	const struct file f = file_of(api, to, schema);
	put(to, name, rewritten(&f, f.source));
}
