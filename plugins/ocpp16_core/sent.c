#include "sent.h"

#include "samples.h"

#define YEAR_2015_MS INT64_C(1420070400000)
#define DAY_MS INT64_C(86400000)

static bool parse_time(const struct bb_api *api, struct bb_arena *a, const char *text,
		       int64_t *ret_ms)
{
	static const char *const endings[] = {"", "Z", ":00"};
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		const char *whole = *endings[i] ? bb_printf(a, "%s%s", text, endings[i]) : text;
		if (!api->time_parse(whole, strlen(whole), ret_ms))
			return true;
	}
	return false;
}

struct sent_time sent_time_read(const struct bb_api *api, struct bb_arena *a,
				const struct bb_json *v, int64_t now_ms)
{
	struct sent_time t = {.ms = now_ms, .absurd = true};
	int64_t ms;
	if (parse_time(api, a, bb_json_str(v, ""), &ms) && ms >= YEAR_2015_MS &&
	    ms <= now_ms + DAY_MS)
		t = (struct sent_time){.ms = ms};
	return t;
}

bool sent_time_offline(const struct sent_time *t, int64_t now_ms, int64_t after_ms)
{
	return now_ms - t->ms > after_ms;
}

const char *sent_time_seconds(const struct bb_api *api, struct bb_arena *a, int64_t ms)
{
	const char *text = api->time_format(a, ms);
	return bb_printf(a, "%.*sZ", (int)strcspn(text, ".Z"), text);
}

/* A number that JSON gave as a double, too, as long as it is an integer that fits. */
static int64_t integer_of(const struct bb_json *v, int64_t other)
{
	if (bb_json_is(v, BB_JSON_REAL) && v->f > -9e18 && v->f < 9e18)
		return (int64_t)v->f;
	return bb_json_int(v, other);
}

int64_t sent_connector(const struct bb_json *payload)
{
	int64_t id = integer_of(bb_json_get(payload, "connectorId"), 0);
	return id < INT32_MIN ? INT32_MIN : id > INT32_MAX ? INT32_MAX : id;
}

const char *sent_protocol_id(struct bb_arena *a, const struct bb_json *transaction_id)
{
	int64_t id = integer_of(transaction_id, 0);
	return id > 0 ? bb_printf(a, "%lld", (long long)id) : NULL;
}

int64_t sent_register_wh(const struct bb_json *v)
{
	int64_t wh = integer_of(v, -1);
	return samples_plausible_wh(wh) ? wh : -1;
}

/* The members as they came, joined by bars. */
static const char *key_of(const struct bb_api *api, struct bb_arena *a,
			  const struct bb_json *payload, const char *const *names, size_t count)
{
	const char *key = "";
	for (size_t i = 0; i < count; i++) {
		const struct bb_json *v = bb_json_get(payload, names[i]);
		const char *text = bb_json_is(v, BB_JSON_STRING) ? v->s
				   : v                           ? api->json_write(a, v, NULL)
								 : "";
		key = bb_printf(a, "%s%s%s", key, i ? "|" : "", text);
	}
	return key;
}

const char *sent_start_key(const struct bb_api *api, struct bb_arena *a,
			   const struct bb_json *payload)
{
	static const char *const names[] = {"connectorId", "idTag", "meterStart", "timestamp"};
	return key_of(api, a, payload, names, 4);
}

const char *sent_stop_key(const struct bb_api *api, struct bb_arena *a,
			  const struct bb_json *payload)
{
	static const char *const names[] = {"transactionId", "idTag", "meterStop", "timestamp",
					    "reason"};
	return bb_printf(a, "stop|%s", key_of(api, a, payload, names, 5));
}

static uint64_t fnv64(const char *s, size_t len)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)s[i]) * UINT64_C(1099511628211);
	return h;
}

const char *sent_sample_key(struct bb_arena *a, int64_t connector_id, const struct bb_json *element,
			    const char *text, size_t len)
{
	return bb_printf(a, "%lld|%s|%016llx", (long long)connector_id,
			 bb_json_get_str(element, "timestamp", ""),
			 (unsigned long long)fnv64(text, len));
}
