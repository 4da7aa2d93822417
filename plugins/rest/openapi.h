/* What the files of /openapi.json share. */
#ifndef REST_OPENAPI_H
#define REST_OPENAPI_H
#include "private.h"

static inline struct bb_json openapi_text(const char *s)
{
	return bb_json_make_str(s);
}

static inline struct bb_json openapi_one(struct bb_arena *a, const char *key, struct bb_json v)
{
	return *bb_json_one(a, key, v);
}

/* "rest/charger" is the component "rest.charger". */
const char *openapi_component(struct bb_arena *, const char *schema);

bool openapi_has_key(const struct bb_builder *, const char *key);
/* Puts a schema among the components, and what it shares with others. One that is there, or that is
 * no schema, is passed over. */
void openapi_put_schema(const struct bb_api *, struct bb_builder *components, const char *schema);

/* The Operation Object of a route. */
struct bb_json openapi_operation(const struct bb_api *, struct bb_arena *,
				 const struct bb_route_info *);

/* Its members `parameters` and `responses`; the former, if there are any. */
void openapi_put_parameters(const struct bb_api *, struct bb_builder *, const struct bb_route *);
void openapi_put_responses(const struct bb_api *, struct bb_builder *, const struct bb_route *);

/* "application/octet-stream": what goes in pieces. */
struct bb_json openapi_bytes(struct bb_arena *, const char *type);
/* {"application/json": {"schema": {"$ref": ...}}} */
struct bb_json openapi_content(struct bb_arena *, const char *type, const char *schema);

/* The server offers all lists as CSV. */
bool openapi_is_list(const struct bb_api *, const struct bb_route *);
/* What no key is needed for. */
bool openapi_is_public(const struct bb_route *);
/* Is Idempotency-Key heeded? */
bool openapi_takes_key(const struct bb_route *);
/* Does a PUT of this path heed If-Match? Then what GET and PUT answer has an ETag. */
bool openapi_has_version(const struct bb_api *, const char *path);

/* Who may ask: the schemes of this server, and what a route wants of them. */
const struct bb_json *openapi_security_schemes(const struct bb_api *, struct bb_arena *);
struct bb_json openapi_security(const struct bb_api *, struct bb_arena *, const struct bb_route *);
#endif
