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

static const struct bb_json *schema_of(struct bb_arena *a, const char *name)
{
	bool number = !strcmp(name, "limit"), time = !strcmp(name, "from") || !strcmp(name, "to");
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "type", number ? "integer" : "string");
	if (time)
		bb_put_str(&b, "format", "date-time");
	if (number) {
		bb_put_int(&b, "minimum", 1);
		bb_put_int(&b, "maximum", BB_PAGE_MOST);
		bb_put_int(&b, "default", BB_PAGE_DEFAULT);
	}
	return bb_build_object(&b);
}

static void push(struct bb_builder *list, const char *name, const char *in, const char *description)
{
	struct bb_arena *a = list->arena;
	bb_push(list, parameter(a, name, in, description, schema_of(a, name)));
}

static void push_of_path(struct bb_builder *list, const char *path)
{
	for (const char *at = path; (at = strchr(at, '{')); at++)
		push(list, bb_strndup(list->arena, at + 1, strcspn(at + 1, "}")), "path", NULL);
}

static void push_of_query(struct bb_builder *list, const char *query)
{
	while (query && *query) {
		query += strspn(query, " ");
		size_t n = strcspn(query, " ");
		if (n)
			push(list, bb_strndup(list->arena, query, n), "query", NULL);
		query += n;
	}
}

static void push_format(struct bb_builder *list)
{
	struct bb_arena *a = list->arena;
	struct bb_builder schema = bb_build(a), words = bb_build(a);
	bb_push(&words, openapi_text("json"));
	bb_push(&words, openapi_text("csv"));
	bb_put_str(&schema, "type", "string");
	bb_put_json(&schema, "enum", bb_build_array(&words));
	bb_push(list, parameter(a, "format", "query",
				"csv: all pages as text/csv, or with `limit` the one",
				bb_build_object(&schema)));
}

static void push_of_header(struct bb_builder *list, const struct bb_route *route)
{
	if (openapi_takes_key(route))
		push(list, "Idempotency-Key", "header",
		     "the same request with the same key is done once, and its answer given again");
	if (route->flags & BB_HEEDS_IF_MATCH)
		push(list, "If-Match", "header",
		     "an ETag: 412 if the thing has been changed since");
}

void openapi_put_parameters(const struct bb_api *api, struct bb_builder *b,
			    const struct bb_route *route)
{
	struct bb_builder list = bb_build(b->arena);
	push_of_path(&list, route->path);
	push_of_query(&list, route->query);
	if (openapi_is_list(api, route))
		push_format(&list);
	push_of_header(&list, route);
	if (list.count)
		bb_put_json(b, "parameters", bb_build_array(&list));
}
