/* The secrets that OCPP 1.6 carries in plain sight: the value of the key AuthorizationKey, in
 * ChangeConfiguration and in a charger's answer to GetConfiguration; and, in the URLs that chargers
 * are to fetch from and to send to, the passwords of others' servers and the tokens of this one. */
#ifndef BUSBAR_SECRETS_H
#define BUSBAR_SECRETS_H
#include <strings.h>

#include <busbar/json.h>
#include <busbar/url.h>

#define BB_SECRETS_LIST "configurationKey"

/* Members that are URLs, and the objects that they may stand in. */
static const char *const bb_secrets_urls[] = {"location", "remoteLocation"};
static const char *const bb_secrets_inner[] = {"log", "firmware"};
enum { BB_SECRETS_URLS = 2, BB_SECRETS_INNER = 2 };

/* Is it {"key": "AuthorizationKey", "value": ...}? */
static inline bool bb_secrets_is_key(const struct bb_json *v)
{
	return bb_json_get(v, "value") &&
	       !strcasecmp(bb_json_get_str(v, "key", ""), "AuthorizationKey");
}

/* Has it, itself, a URL with a secret? */
static inline bool bb_secrets_has_url(const struct bb_json *v)
{
	for (size_t i = 0; i < BB_SECRETS_URLS; i++)
		if (bb_url_has_secret(bb_json_get_str(v, bb_secrets_urls[i], "")))
			return true;
	return false;
}

/* Either. */
static inline bool bb_secrets_is_secret(const struct bb_json *v)
{
	return bb_secrets_is_key(v) || bb_secrets_has_url(v);
}

/* A copy of the object with one member replaced. */
static inline const struct bb_json *bb_secrets_replace(struct bb_arena *a, const struct bb_json *v,
						       const char *key, struct bb_json value)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < v->len; i++)
		bb_put(&b, v->members[i].key,
		       strcmp(v->members[i].key, key) != 0 ? v->members[i].value : value);
	return bb_build_object(&b);
}

/* A copy of the object, in the arena, with "***" for its own secrets; itself if it has none. */
static inline const struct bb_json *bb_secrets_hide(struct bb_arena *a, const struct bb_json *v)
{
	if (bb_secrets_is_key(v))
		v = bb_secrets_replace(a, v, "value", bb_json_make_str("***"));
	for (size_t i = 0; i < BB_SECRETS_URLS; i++) {
		const char *url = bb_json_get_str(v, bb_secrets_urls[i], "");
		if (bb_url_has_secret(url))
			v = bb_secrets_replace(a, v, bb_secrets_urls[i],
					       bb_json_make_str(bb_url_shown(a, url)));
	}
	return v;
}

/* Has the payload any? */
static inline bool bb_secrets_in(const struct bb_json *payload)
{
	const struct bb_json *list = bb_json_get(payload, BB_SECRETS_LIST);
	bool found = bb_secrets_is_secret(payload);
	for (size_t i = 0; i < BB_SECRETS_INNER && !found; i++)
		found = bb_secrets_has_url(bb_json_get(payload, bb_secrets_inner[i]));
	for (uint32_t i = 0; i < bb_json_count(list) && !found; i++)
		found = bb_secrets_is_secret(bb_json_at(list, i));
	return found;
}

/* The payload with "***" in their place. */
static inline const struct bb_json *bb_secrets_hidden(struct bb_arena *a,
						      const struct bb_json *payload)
{
	const struct bb_json *list = bb_json_get(payload, BB_SECRETS_LIST);
	payload = bb_secrets_hide(a, payload);
	for (size_t i = 0; i < BB_SECRETS_INNER; i++)
		if (bb_secrets_has_url(bb_json_get(payload, bb_secrets_inner[i])))
			payload = bb_secrets_replace(
			    a, payload, bb_secrets_inner[i],
			    *bb_secrets_hide(a, bb_json_get(payload, bb_secrets_inner[i])));
	if (!bb_json_is(list, BB_JSON_ARRAY))
		return payload;
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < list->len; i++)
		bb_push(&b, *bb_secrets_hide(a, bb_json_at(list, i)));
	return bb_secrets_replace(a, payload, BB_SECRETS_LIST, *bb_build_array(&b));
}
#endif
