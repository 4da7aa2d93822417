/* GET /openapi.json: OpenAPI 3.1, made of the routes and schemas that are really served. */
#include "openapi.h"

static bool is_shown(const struct bb_route *route)
{
	return route->phase == BB_OWNER && strcmp(route->method, "*") != 0;
}

/* All methods of one path. */
static struct bb_json path_item(const struct bb_api *api, struct bb_arena *a, const char *path)
{
	struct bb_builder b = bb_build(a);
	struct bb_route_info info;
	for (uint32_t i = 0; api->route_at(i, &info); i++) {
		if (!is_shown(info.route) || strcmp(info.route->path, path) != 0)
			continue;
		char *method = bb_strdup(a, info.route->method);
		for (char *c = method; *c; c++)
			*c = (char)(*c | 32);
		bb_put(&b, method, openapi_operation(api, a, &info));
	}
	return *bb_build_object(&b);
}

static const struct bb_json *paths(const struct bb_api *api, struct bb_arena *a)
{
	struct bb_builder b = bb_build(a);
	struct bb_route_info info;
	for (uint32_t i = 0; api->route_at(i, &info); i++)
		if (is_shown(info.route) && !openapi_has_key(&b, info.route->path))
			bb_put(&b, info.route->path, path_item(api, a, info.route->path));
	return bb_build_object(&b);
}

static const struct bb_json *components(const struct bb_api *api, struct bb_arena *a)
{
	struct bb_builder b = bb_build(a), schemas = bb_build(a);
	struct bb_route_info info;
	openapi_put_schema(api, &schemas, "rest/problem");
	for (uint32_t i = 0; api->route_at(i, &info); i++) {
		openapi_put_schema(api, &schemas, info.route->body);
		openapi_put_schema(api, &schemas, info.route->answer);
	}
	bb_put_json(&b, "schemas", bb_build_object(&schemas));
	bb_put_json(&b, "securitySchemes", openapi_security_schemes(api, a));
	return bb_build_object(&b);
}

/* A tag for each plugin that has routes. */
static const struct bb_json *all_tags(const struct bb_api *api, struct bb_arena *a)
{
	struct bb_builder names = bb_build(a), list = bb_build(a);
	struct bb_route_info info;
	for (uint32_t i = 0; api->route_at(i, &info); i++) {
		if (!is_shown(info.route) || openapi_has_key(&names, info.plugin))
			continue;
		bb_put_bool(&names, info.plugin, true);
		bb_push(&list, openapi_one(a, "name", openapi_text(info.plugin)));
	}
	return bb_build_array(&list);
}

static const struct bb_json *document(const struct bb_api *api, struct bb_arena *a)
{
	struct bb_builder b = bb_build(a), about = bb_build(a), servers = bb_build(a);
	bb_put_str(&about, "title", "Busbar");
	bb_put_str(
	    &about, "description",
	    "What this charging station management system can do, as it is served here. "
	    "x-roles names who may, beside admins, who may everything. An id with a slash, or "
	    "that begins with a dot, goes behind the path: {id} in braces stays where it "
	    "would be, and the query parameter id has it.");
	bb_put_str(&about, "version", api->version());
	bb_put_str(&b, "openapi", "3.1.0");
	bb_put_json(&b, "info", bb_build_object(&about));
	bb_push(&servers, openapi_one(a, "url", openapi_text("/")));
	bb_put_json(&b, "servers", bb_build_array(&servers));
	bb_put_json(&b, "tags", all_tags(api, a));
	bb_put_json(&b, "paths", paths(api, a));
	bb_put_json(&b, "components", components(api, a));
	return bb_build_object(&b);
}

/* Routes do not change while a node runs, so the text is made once. */
int openapi(struct bb_call *call, void *self)
{
	struct rest *p = self;
	if (!p->spec) {
		struct bb_arena *scratch = p->api->arena_new();
		p->spec_arena = p->api->arena_new();
		p->spec =
		    p->api->json_write(p->spec_arena, document(p->api, scratch), &p->spec_len);
		p->api->arena_free(scratch);
	}
	p->api->reply_bytes(call, "application/json", p->spec, p->spec_len);
	return BB_DONE;
}
