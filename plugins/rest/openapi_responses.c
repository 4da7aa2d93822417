/* What a route answers. */
#include "openapi.h"

bool openapi_is_list(const struct bb_api *api, const struct bb_route *route)
{
	return bb_json_get(bb_json_get(api->parameters(route), "properties"), "format") != NULL;
}

static struct bb_json of_type(struct bb_arena *a, const char *media, const char *type)
{
	struct bb_json schema = openapi_one(a, "type", openapi_text(type));
	return openapi_one(a, media, openapi_one(a, "schema", schema));
}

/* A media type stands in the place of a schema. */
static struct bb_json unstructured(struct bb_arena *a, const char *media)
{
	if (!strcmp(media, "application/json"))
		return of_type(a, media, "object");
	return strncmp(media, "text/", 5) ? openapi_bytes(a, media) : of_type(a, media, "string");
}

static struct bb_json list_content(struct bb_arena *a, const char *schema)
{
	struct bb_json json = openapi_content(a, "application/json", schema);
	struct bb_json csv = of_type(a, "text/csv", "string");
	struct bb_builder b = bb_build(a);
	bb_put(&b, "application/json", *bb_json_get(&json, "application/json"));
	bb_put(&b, "text/csv", *bb_json_get(&csv, "text/csv"));
	return *bb_build_object(&b);
}

/* False: there is no body. */
static bool content_of(const struct bb_api *api, struct bb_arena *a, const struct bb_route *route,
		       struct bb_json *ret)
{
	if (openapi_is_list(api, route))
		*ret = list_content(a, route->answer);
	else if (route->answer && api->schema(route->answer))
		*ret = openapi_content(a, "application/json", route->answer);
	else if (route->answer)
		*ret = unstructured(a, route->answer);
	else if (route->flags & BB_STREAM_ANSWER)
		*ret = openapi_bytes(a, "application/octet-stream");
	else if (route->flags & BB_EVENT_STREAM)
		*ret = of_type(a, "text/event-stream", "string");
	else
		return false;
	return true;
}

static void put_header(struct bb_builder *headers, const char *name, const char *description)
{
	struct bb_arena *a = headers->arena;
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "description", description);
	bb_put(&b, "schema", openapi_one(a, "type", openapi_text("string")));
	bb_put_json(headers, name, bb_build_object(&b));
}

static void put_headers(const struct bb_api *api, struct bb_builder *b,
			const struct bb_route *route)
{
	struct bb_builder headers = bb_build(b->arena);
	bool has_version = !strcmp(route->method, "GET") || !strcmp(route->method, "PUT");
	if (has_version && openapi_has_version(api, route->path))
		put_header(&headers, "ETag", "of what is answered, for If-Match");
	if (openapi_takes_key(route))
		put_header(&headers, "Idempotent-Replay", "true: this was answered before");
	if (headers.count)
		bb_put_json(b, "headers", bb_build_object(&headers));
}

static struct bb_json described(struct bb_arena *a, const char *description)
{
	return openapi_one(a, "description", openapi_text(description));
}

static struct bb_json response(struct bb_arena *a, const char *description, struct bb_json what)
{
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "description", description);
	bb_put(&b, "content", what);
	return *bb_build_object(&b);
}

void openapi_put_responses(const struct bb_api *api, struct bb_builder *to,
			   const struct bb_route *route)
{
	struct bb_arena *a = to->arena;
	struct bb_builder b = bb_build(a), good = bb_build(a);
	struct bb_json what;
	bb_put_str(&good, "description", "done");
	put_headers(api, &good, route);
	if (content_of(api, a, route, &what)) {
		bb_put(&good, "content", what);
		if (route->flags & BB_ANSWERS_503)
			bb_put(&b, "503", response(a, "not well", what));
	}
	if (route->flags & BB_EVENT_STREAM)
		bb_put(&b, "204",
		       described(a, "what it is of has ended, and the caller has had all"));
	bb_put_json(&b, "2XX", bb_build_object(&good));
	what = openapi_content(a, "application/problem+json", "rest/problem");
	bb_put(&b, "default", response(a, "a problem", what));
	bb_put_json(to, "responses", bb_build_object(&b));
}
