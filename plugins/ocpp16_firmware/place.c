#include "place.h"

bool place_is_url(const char *location)
{
	static const char *const schemes[] = {"http://", "https://", "ftp://", "ftps://"};
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t len = strlen(schemes[i]);
		if (!strncasecmp(location, schemes[i], len) && location[len])
			return true;
	}
	return false;
}

const char *place_time(const struct bb_api *api, struct bb_arena *a, int64_t ms)
{
	const char *text = api->time_format(a, ms);
	return bb_printf(a, "%.*sZ", (int)strcspn(text, ".Z"), text);
}

static void put_integer(struct bb_builder *b, const char *key, const struct bb_json *options,
			const char *name)
{
	const struct bb_json *v = bb_json_get(options, name);
	if (bb_json_is(v, BB_JSON_INT))
		bb_put_int(b, key, v->i);
}

static void put_time(const struct bb_api *api, struct bb_builder *b, const char *key,
		     const struct bb_json *options, const char *name)
{
	const char *text = bb_json_get_str(options, name, NULL);
	int64_t ms;
	if (text && !api->time_parse(text, strlen(text), &ms))
		bb_put_str(b, key, place_time(api, b->arena, ms));
}

static struct bb_builder begin(struct bb_arena *a, const char *location,
			       const struct bb_json *options)
{
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "location", location);
	put_integer(&b, "retries", options, "retries");
	put_integer(&b, "retryInterval", options, "retry_interval_s");
	return b;
}

const struct bb_json *place_update(const struct bb_api *api, struct bb_arena *a,
				   const char *location, int64_t retrieve_ms,
				   const struct bb_json *options)
{
	struct bb_builder b = begin(a, location, options);
	bb_put_str(&b, "retrieveDate", place_time(api, a, retrieve_ms));
	return bb_build_object(&b);
}

const struct bb_json *place_diagnostics(const struct bb_api *api, struct bb_arena *a,
					const char *location, const struct bb_json *options)
{
	struct bb_builder b = begin(a, location, options);
	put_time(api, &b, "startTime", options, "oldest_at");
	put_time(api, &b, "stopTime", options, "latest_at");
	return bb_build_object(&b);
}

static bool refuse(const struct bb_api *api, struct bb_call *call, const char *path,
		   const char *rule)
{
	bb_rest_fault(api, call, path, rule);
	api->fail(call, "422", "%s %s", path, rule);
	return false;
}

bool place_check(const struct bb_api *api, struct bb_call *call, const struct bb_json *body)
{
	const char *location = bb_json_get_str(body, "location", NULL);
	if (!location)
		return true;
	if (bb_json_get(body, "file_id"))
		return refuse(api, call, "location", "cannot go together with file_id");
	struct bb_arena *a = api->arena(call);
	if (!place_is_url(location) ||
	    api->validate("ocpp1.6/UpdateFirmware",
			  place_update(api, a, location, api->now_ms(), NULL), a, NULL))
		return refuse(api, call, "location", "is no http, https, ftp or ftps URL");
	return true;
}
