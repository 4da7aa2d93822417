/* GET /openapi.json: OpenAPI 3.1, made of the routes and schemas that are really served. */
#include "private.h"

/* As plugins/users sets it. */
#define SESSION_COOKIE "__Host-busbar"

/* "rest/charger" is the component "rest.charger". */
static const char *component_name(struct bb_arena *a, const char *schema)
{
	char *name = bb_strdup(a, schema);
	for (char *c = name; *c; c++)
		if (*c == '/')
			*c = '.';
	return name;
}

static struct bb_json text(const char *s)
{
	return bb_json_make_str(s);
}

static struct bb_json one(struct bb_arena *a, const char *key, struct bb_json v)
{
	return *bb_json_one(a, key, v);
}

static struct bb_json schema_ref(struct bb_arena *a, const char *schema)
{
	return one(a, "$ref",
		   text(bb_printf(a, "#/components/schemas/%s", component_name(a, schema))));
}

/* {"application/json": {"schema": {"$ref": ...}}} */
static struct bb_json content(struct bb_arena *a, const char *type, const char *schema)
{
	return one(a, type, one(a, "schema", schema_ref(a, schema)));
}

/* Of what goes in pieces. */
static struct bb_json bytes(struct bb_arena *a)
{
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "type", "string");
	bb_put_str(&b, "format", "binary");
	return one(a, "application/octet-stream", one(a, "schema", *bb_build_object(&b)));
}

static struct bb_json events(struct bb_arena *a)
{
	return one(a, "text/event-stream",
		   one(a, "schema", one(a, "type", bb_json_make_str("string"))));
}

static struct bb_json parameter(struct bb_arena *a, const char *name, const char *in)
{
	bool number = !strcmp(name, "limit"), time = !strcmp(name, "from") || !strcmp(name, "to");
	struct bb_builder b = bb_build(a), schema = bb_build(a);
	bb_put_str(&schema, "type", number ? "integer" : "string");
	if (time)
		bb_put_str(&schema, "format", "date-time");
	if (number)
		bb_put_int(&schema, "maximum", BB_PAGE_MOST);
	bb_put_str(&b, "name", name);
	bb_put_str(&b, "in", in);
	if (!strcmp(in, "path"))
		bb_put_bool(&b, "required", true);
	bb_put_json(&b, "schema", bb_build_object(&schema));
	return *bb_build_object(&b);
}

static void push_path_parameters(struct bb_builder *list, const char *path)
{
	for (const char *at = path; (at = strchr(at, '{')); at++) {
		const char *name = bb_strndup(list->arena, at + 1, strcspn(at + 1, "}"));
		bb_push(list, parameter(list->arena, name, "path"));
	}
}

static void push_query_parameters(struct bb_builder *list, const char *query)
{
	while (query && *query) {
		query += strspn(query, " ");
		size_t n = strcspn(query, " ");
		if (n)
			bb_push(list,
				parameter(list->arena, bb_strndup(list->arena, query, n), "query"));
		query += n;
	}
}

static const struct bb_json *member(const struct bb_json *v, const char *name)
{
	return bb_json_get(bb_json_get(v, "properties"), name);
}

/* The server offers all lists as CSV. */
static bool is_list(const struct bb_api *api, const struct bb_route *route)
{
	const struct bb_json *schema = route->answer ? api->schema(route->answer) : NULL;
	return !strcmp(route->method, "GET") && member(schema, "next_cursor") &&
	       bb_json_get(bb_json_get(member(schema, "items"), "items"), "properties");
}

static struct bb_json format_parameter(struct bb_arena *a)
{
	struct bb_builder b = bb_build(a), schema = bb_build(a), words = bb_build(a);
	bb_push(&words, text("json"));
	bb_push(&words, text("csv"));
	bb_put_str(&schema, "type", "string");
	bb_put_json(&schema, "enum", bb_build_array(&words));
	bb_put_str(&b, "name", "format");
	bb_put_str(&b, "in", "query");
	bb_put_str(&b, "description", "csv: all pages as text/csv, or with `limit` the one");
	bb_put_json(&b, "schema", bb_build_object(&schema));
	return *bb_build_object(&b);
}

static const struct bb_json *list_content(struct bb_arena *a, const char *schema)
{
	struct bb_builder b = bb_build(a);
	bb_put(&b, "application/json", one(a, "schema", schema_ref(a, schema)));
	bb_put(&b, "text/csv", one(a, "schema", one(a, "type", text("string"))));
	return bb_build_object(&b);
}

static struct bb_json responses(const struct bb_api *api, struct bb_arena *a,
				const struct bb_route *route)
{
	struct bb_builder b = bb_build(a), good = bb_build(a), bad = bb_build(a);
	bb_put_str(&good, "description", "done");
	if (is_list(api, route))
		bb_put_json(&good, "content", list_content(a, route->answer));
	else if (route->answer)
		bb_put(&good, "content", content(a, "application/json", route->answer));
	else if (route->flags & BB_STREAM_ANSWER)
		bb_put(&good, "content", bytes(a));
	else if (route->flags & BB_EVENT_STREAM)
		bb_put(&good, "content", events(a));
	bb_put_str(&bad, "description", "a problem");
	bb_put(&bad, "content", content(a, "application/problem+json", "rest/problem"));
	bb_put_json(&b, "2XX", bb_build_object(&good));
	bb_put_json(&b, "default", bb_build_object(&bad));
	return *bb_build_object(&b);
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

static bool is_shown(const struct bb_route *route)
{
	return route->phase == BB_OWNER && strcmp(route->method, "*") != 0;
}

/* Who signs in has a session; without a plugin for users there is none. */
static bool has_sessions(const struct bb_api *api)
{
	struct bb_route_info info;
	for (uint32_t i = 0; api->route_at(i, &info); i++)
		if (!strcmp(info.route->path, "/auth/login"))
			return true;
	return false;
}

/* Any one of them will do. */
static struct bb_json security(const struct bb_api *api, struct bb_arena *a, const char *scope)
{
	struct bb_builder list = bb_build(a), none = bb_build(a);
	struct bb_json scopes = *bb_build_array(&none);
	if (!scope || strcmp(scope, "public") != 0) {
		bb_push(&list, one(a, "key", scopes));
		if (has_sessions(api))
			bb_push(&list, one(a, "session", scopes));
	}
	return *bb_build_array(&list);
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

static struct bb_json operation(const struct bb_api *api, struct bb_arena *a,
				const struct bb_route_info *info)
{
	const struct bb_route *route = info->route;
	struct bb_builder b = bb_build(a), tags = bb_build(a), parameters = bb_build(a);
	bb_push(&tags, text(info->plugin));
	push_path_parameters(&parameters, route->path);
	push_query_parameters(&parameters, route->query);
	if (is_list(api, route))
		bb_push(&parameters, format_parameter(a));
	bb_put_str(&b, "operationId", operation_id(a, route));
	bb_put_str(&b, "summary", route->summary);
	bb_put_json(&b, "tags", bb_build_array(&tags));
	bb_put_str(&b, "x-roles", route->scope);
	bb_put(&b, "security", security(api, a, route->scope));
	if (parameters.count)
		bb_put_json(&b, "parameters", bb_build_array(&parameters));
	if (route->body)
		put_request_body(&b, needs_body(api, a, route),
				 content(a, "application/json", route->body));
	else if (route->flags & BB_STREAM_BODY)
		put_request_body(&b, true, bytes(a));
	bb_put(&b, "responses", responses(api, a, route));
	return *bb_build_object(&b);
}

static bool has_key(const struct bb_builder *b, const char *key)
{
	for (uint32_t i = 0; i < b->count; i++)
		if (b->slots[i].key && !strcmp(b->slots[i].key, key))
			return true;
	return false;
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
		bb_put(&b, method, operation(api, a, &info));
	}
	return *bb_build_object(&b);
}

static const struct bb_json *paths(const struct bb_api *api, struct bb_arena *a)
{
	struct bb_builder b = bb_build(a);
	struct bb_route_info info;
	for (uint32_t i = 0; api->route_at(i, &info); i++)
		if (is_shown(info.route) && !has_key(&b, info.route->path))
			bb_put(&b, info.route->path, path_item(api, a, info.route->path));
	return bb_build_object(&b);
}

static void put_schema(const struct bb_api *api, struct bb_builder *b, const char *schema)
{
	const char *name = schema ? component_name(b->arena, schema) : NULL;
	const struct bb_json *document = schema ? api->schema(schema) : NULL;
	if (document && !has_key(b, name))
		bb_put_json(b, name, document);
}

static const struct bb_json *security_schemes(const struct bb_api *api, struct bb_arena *a)
{
	struct bb_builder b = bb_build(a), key = bb_build(a), session = bb_build(a);
	bb_put_str(&key, "type", "http");
	bb_put_str(&key, "scheme", "bearer");
	bb_put_str(&key, "description", "an API key, bb_...");
	bb_put_json(&b, "key", bb_build_object(&key));
	if (has_sessions(api)) {
		bb_put_str(&session, "type", "apiKey");
		bb_put_str(&session, "in", "cookie");
		bb_put_str(&session, "name", SESSION_COOKIE);
		bb_put_str(&session, "description",
			   "of POST /auth/login; what is no GET or HEAD needs its csrf_token as "
			   "the header X-CSRF-Token besides");
		bb_put_json(&b, "session", bb_build_object(&session));
	}
	return bb_build_object(&b);
}

static const struct bb_json *components(const struct bb_api *api, struct bb_arena *a)
{
	struct bb_builder b = bb_build(a), schemas = bb_build(a);
	struct bb_route_info info;
	put_schema(api, &schemas, "rest/problem");
	for (uint32_t i = 0; api->route_at(i, &info); i++) {
		put_schema(api, &schemas, info.route->body);
		put_schema(api, &schemas, info.route->answer);
	}
	bb_put_json(&b, "schemas", bb_build_object(&schemas));
	bb_put_json(&b, "securitySchemes", security_schemes(api, a));
	return bb_build_object(&b);
}

/* A tag for each plugin that has routes. */
static const struct bb_json *all_tags(const struct bb_api *api, struct bb_arena *a)
{
	struct bb_builder names = bb_build(a), list = bb_build(a);
	struct bb_route_info info;
	for (uint32_t i = 0; api->route_at(i, &info); i++) {
		if (!is_shown(info.route) || has_key(&names, info.plugin))
			continue;
		bb_put_bool(&names, info.plugin, true);
		bb_push(&list, one(a, "name", text(info.plugin)));
	}
	return bb_build_array(&list);
}

static const struct bb_json *document(const struct bb_api *api, struct bb_arena *a)
{
	struct bb_builder b = bb_build(a), about = bb_build(a), servers = bb_build(a);
	bb_put_str(&about, "title", "Busbar");
	bb_put_str(&about, "description",
		   "What this charging station management system can do, as it is served here. "
		   "x-roles names who may, beside admins, who may everything.");
	bb_put_str(&about, "version", api->version());
	bb_put_str(&b, "openapi", "3.1.0");
	bb_put_json(&b, "info", bb_build_object(&about));
	bb_push(&servers, one(a, "url", text("/")));
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
