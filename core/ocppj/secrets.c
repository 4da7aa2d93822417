/* The secrets that OCPP 1.6 carries in plain sight: the value of the key AuthorizationKey, in
 * ChangeConfiguration and in a charger's answer to GetConfiguration; and the passwords of others'
 * servers, in the URLs that chargers are to fetch from and to send to. */
#include <busbar/url.h>
#include <strings.h>

#include "ocppj/internal.h"

#define LIST "configurationKey"

/* Members that are URLs, and the objects that they may stand in. */
static const char *const urls[] = {"location", "remoteLocation"};
static const char *const inner[] = {"log", "firmware"};
#define COUNT(table) (sizeof(table) / sizeof *(table))

static bool is_key(const struct bb_json *v)
{
	return bb_json_get(v, "value") &&
	       !strcasecmp(bb_json_get_str(v, "key", ""), "AuthorizationKey");
}

static bool has_url(const struct bb_json *v)
{
	for (size_t i = 0; i < COUNT(urls); i++)
		if (bb_url_has_user(bb_json_get_str(v, urls[i], "")))
			return true;
	return false;
}

static bool is_secret(const struct bb_json *v)
{
	return is_key(v) || has_url(v);
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
	if (is_key(v))
		v = replace(a, v, "value", bb_json_make_str("***"));
	for (size_t i = 0; i < COUNT(urls); i++) {
		const char *url = bb_json_get_str(v, urls[i], "");
		if (bb_url_has_user(url))
			v = replace(a, v, urls[i], bb_json_make_str(bb_url_shown(a, url)));
	}
	return v;
}

bool secrets_in(const struct bb_json *payload)
{
	const struct bb_json *list = bb_json_get(payload, LIST);
	bool found = is_secret(payload);
	for (size_t i = 0; i < COUNT(inner) && !found; i++)
		found = has_url(bb_json_get(payload, inner[i]));
	for (uint32_t i = 0; i < bb_json_count(list) && !found; i++)
		found = is_secret(bb_json_at(list, i));
	return found;
}

const struct bb_json *secrets_hidden(struct bb_arena *a, const struct bb_json *payload)
{
	const struct bb_json *list = bb_json_get(payload, LIST);
	payload = hide(a, payload);
	for (size_t i = 0; i < COUNT(inner); i++)
		if (has_url(bb_json_get(payload, inner[i])))
			payload =
			    replace(a, payload, inner[i], *hide(a, bb_json_get(payload, inner[i])));
	if (!bb_json_is(list, BB_JSON_ARRAY))
		return payload;
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < list->len; i++)
		bb_push(&b, *hide(a, bb_json_at(list, i)));
	return replace(a, payload, LIST, *bb_build_array(&b));
}
