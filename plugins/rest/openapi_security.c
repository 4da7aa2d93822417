/* By what a caller is named: API keys, and what plugins for users and tokens add. */
#include "openapi.h"

static bool is_loaded(const struct bb_api *api, const char *plugin)
{
	struct bb_route_info info;
	for (uint32_t i = 0; api->route_at(i, &info); i++)
		if (!strcmp(info.plugin, plugin))
			return true;
	return false;
}

static void put_bearer(struct bb_builder *b, const char *name, const char *format,
		       const char *description)
{
	struct bb_builder scheme = bb_build(b->arena);
	bb_put_str(&scheme, "type", "http");
	bb_put_str(&scheme, "scheme", "bearer");
	if (format)
		bb_put_str(&scheme, "bearerFormat", format);
	bb_put_str(&scheme, "description", description);
	bb_put_json(b, name, bb_build_object(&scheme));
}

static void put_api_key(struct bb_builder *b, const char *name, const char *in, const char *called,
			const char *description)
{
	struct bb_builder scheme = bb_build(b->arena);
	bb_put_str(&scheme, "type", "apiKey");
	bb_put_str(&scheme, "in", in);
	bb_put_str(&scheme, "name", called);
	bb_put_str(&scheme, "description", description);
	bb_put_json(b, name, bb_build_object(&scheme));
}

const struct bb_json *openapi_security_schemes(const struct bb_api *api, struct bb_arena *a)
{
	struct bb_builder b = bb_build(a);
	put_bearer(&b, "key", NULL, "an API key, bb_...");
	if (is_loaded(api, "oidc"))
		put_bearer(&b, "jwt", "JWT",
			   "a token of an identity provider that is trusted here");
	if (is_loaded(api, "users")) {
		put_api_key(&b, "session", "cookie", BB_SESSION_COOKIE, "of POST /auth/login");
		put_api_key(
		    &b, "csrf", "header", "X-CSRF-Token",
		    "the session's csrf_token, beside its cookie, with all but GET and HEAD");
	}
	return bb_build_object(&b);
}

static void push_scheme(struct bb_builder *list, const char *first, const char *second)
{
	struct bb_builder b = bb_build(list->arena), none = bb_build(list->arena);
	const struct bb_json *scopes = bb_build_array(&none);
	bb_put_json(&b, first, scopes);
	if (second)
		bb_put_json(&b, second, scopes);
	bb_push(list, *bb_build_object(&b));
}

/* Any one of them will do. */
struct bb_json openapi_security(const struct bb_api *api, struct bb_arena *a,
				const struct bb_route *route)
{
	struct bb_builder list = bb_build(a);
	if (!openapi_is_public(route)) {
		push_scheme(&list, "key", NULL);
		if (is_loaded(api, "oidc"))
			push_scheme(&list, "jwt", NULL);
		if (is_loaded(api, "users"))
			push_scheme(&list, "session", strcmp(route->method, "GET") ? "csrf" : NULL);
	}
	return *bb_build_array(&list);
}
