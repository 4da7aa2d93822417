/* The one secret that OCPP 1.6 carries in plain sight: the value of the key AuthorizationKey, in
 * ChangeConfiguration and in a charger's answer to GetConfiguration. */
#include <strings.h>

#include "ocppj/internal.h"

#define LIST "configurationKey"

static bool is_secret(const struct bb_json *v)
{
	return bb_json_get(v, "value") &&
	       !strcasecmp(bb_json_get_str(v, "key", ""), "AuthorizationKey");
}

/* A copy of the object with one member replaced. */
static const struct bb_json *replace(struct bb_arena *a, const struct bb_json *v, const char *key,
				     struct bb_json value)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < v->len; i++)
		bb_put(&b, v->members[i].key,
		       strcmp(v->members[i].key, key) != 0 ? v->members[i].value : value);
	return bb_build_object(&b);
}

static const struct bb_json *hide(struct bb_arena *a, const struct bb_json *v)
{
	return is_secret(v) ? replace(a, v, "value", bb_json_make_str("***")) : v;
}

bool secrets_in(const struct bb_json *payload)
{
	const struct bb_json *list = bb_json_get(payload, LIST);
	bool found = is_secret(payload);
	for (uint32_t i = 0; i < bb_json_count(list) && !found; i++)
		found = is_secret(bb_json_at(list, i));
	return found;
}

const struct bb_json *secrets_hidden(struct bb_arena *a, const struct bb_json *payload)
{
	const struct bb_json *list = bb_json_get(payload, LIST);
	if (!bb_json_is(list, BB_JSON_ARRAY))
		return hide(a, payload);
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < list->len; i++)
		bb_push(&b, *hide(a, bb_json_at(list, i)));
	return replace(a, payload, LIST, *bb_build_array(&b));
}
