/* What a route is asked with, beside its body. */
#include "openapi.h"

static struct bb_json parameter(struct bb_arena *a, const char *name, const char *in,
				const char *description, const struct bb_json *schema)
{
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "name", name);
	bb_put_str(&b, "in", in);
	if (description)
		bb_put_str(&b, "description", description);
	if (!strcmp(in, "path"))
		bb_put_bool(&b, "required", true);
	bb_put_json(&b, "schema", schema);
	return *bb_build_object(&b);
}

/* The parameter itself has it. */
static const struct bb_json *without_description(struct bb_arena *a, const struct bb_json *schema)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < schema->len; i++)
		if (strcmp(schema->members[i].key, "description") != 0)
			bb_put(&b, schema->members[i].key, schema->members[i].value);
	return bb_build_object(&b);
}

static void push_text(struct bb_builder *list, const char *name, const char *in,
		      const char *description)
{
	struct bb_arena *a = list->arena;
	struct bb_json text = openapi_text("string");
	bb_push(list, parameter(a, name, in, description, bb_json_one(a, "type", text)));
}

static void push_of_path(struct bb_builder *list, const char *path)
{
	for (const char *at = path; (at = strchr(at, '{')); at++)
		push_text(list, bb_strndup(list->arena, at + 1, strcspn(at + 1, "}")), "path",
			  NULL);
}

static void push_of_query(struct bb_builder *list, const struct bb_json *known)
{
	struct bb_arena *a = list->arena;
	for (uint32_t i = 0; i < bb_json_count(known); i++) {
		const struct bb_member *m = &known->members[i];
		const char *description = bb_json_get_str(&m->value, "description", NULL);
		bb_push(list, parameter(a, m->key, "query", description,
					without_description(a, &m->value)));
	}
}

static void push_of_header(struct bb_builder *list, const struct bb_route *route)
{
	if (openapi_takes_key(route))
		push_text(
		    list, "Idempotency-Key", "header",
		    "the same request with the same key is done once, and its answer given again");
	if (route->flags & BB_HEEDS_IF_MATCH)
		push_text(list, "If-Match", "header",
			  "an ETag: 412 if the thing has been changed since");
}

void openapi_put_parameters(const struct bb_api *api, struct bb_builder *b,
			    const struct bb_route *route)
{
	struct bb_builder list = bb_build(b->arena);
	push_of_path(&list, route->path);
	push_of_query(&list, bb_json_get(api->parameters(route), "properties"));
	push_of_header(&list, route);
	if (list.count)
		bb_put_json(b, "parameters", bb_build_array(&list));
}
