/* A route as an operation of OpenAPI. */
#include "openapi.h"

struct bb_json openapi_content(struct bb_arena *a, const char *type, const char *schema)
{
	const char *ref = bb_printf(a, "#/components/schemas/%s", openapi_component(a, schema));
	struct bb_json reference = openapi_one(a, "$ref", openapi_text(ref));
	return openapi_one(a, type, openapi_one(a, "schema", reference));
}

struct bb_json openapi_bytes(struct bb_arena *a, const char *type)
{
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "type", "string");
	bb_put_str(&b, "format", "binary");
	return openapi_one(a, type, openapi_one(a, "schema", *bb_build_object(&b)));
}

bool openapi_is_public(const struct bb_route *route)
{
	return route->scope && !strcmp(route->scope, "public");
}

bool openapi_takes_key(const struct bb_route *route)
{
	return !strcmp(route->method, "POST") && !openapi_is_public(route);
}

bool openapi_has_version(const struct bb_api *api, const char *path)
{
	struct bb_route_info info;
	for (uint32_t i = 0; api->route_at(i, &info); i++)
		if (info.route->flags & BB_HEEDS_IF_MATCH && !strcmp(info.route->path, path))
			return true;
	return false;
}

/* "get_api_admin_chargers_id" */
static const char *operation_id(struct bb_arena *a, const struct bb_route *route)
{
	char *id = bb_printf(a, "%s%s", route->method, route->path), *to = id;
	for (const char *c = id; *c; c++) {
		if (*c == '/' || *c == '-' || *c == '.')
			*to++ = '_';
		else if (*c >= 'A' && *c <= 'Z')
			*to++ = (char)(*c + 32);
		else if (*c != '{' && *c != '}')
			*to++ = *c;
	}
	*to = '\0';
	return id;
}

static void put_request_body(struct bb_builder *b, bool required, struct bb_json what)
{
	struct bb_builder body = bb_build(b->arena);
	bb_put_bool(&body, "required", required);
	bb_put(&body, "content", what);
	bb_put_json(b, "requestBody", bb_build_object(&body));
}

/* No body is as {}. */
static bool needs_body(const struct bb_api *api, struct bb_arena *a, const struct bb_route *route)
{
	return api->validate(route->body, bb_json_empty(a), a, NULL) != 0;
}

struct bb_json openapi_operation(const struct bb_api *api, struct bb_arena *a,
				 const struct bb_route_info *info)
{
	const struct bb_route *route = info->route;
	struct bb_builder b = bb_build(a), tags = bb_build(a);
	bb_push(&tags, openapi_text(info->plugin));
	bb_put_str(&b, "operationId", operation_id(a, route));
	bb_put_str(&b, "summary", route->summary);
	bb_put_json(&b, "tags", bb_build_array(&tags));
	bb_put_str(&b, "x-roles", route->scope);
	bb_put(&b, "security", openapi_security(api, a, route));
	openapi_put_parameters(api, &b, route);
	if (route->body)
		put_request_body(&b, needs_body(api, a, route),
				 openapi_content(a, "application/json", route->body));
	else if (route->flags & BB_STREAM_BODY)
		put_request_body(&b, true, openapi_bytes(a, "application/octet-stream"));
	openapi_put_responses(api, &b, route);
	return *bb_build_object(&b);
}
