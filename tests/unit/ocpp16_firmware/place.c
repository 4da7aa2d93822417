#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/clock.h"
#include "ocpp16_firmware/place.h"
#include "json/json.h"

static const char *time_format(struct bb_arena *a, int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];
	clock_format(ms, text);
	return bb_strdup(a, text);
}

static const struct bb_api api = {
    .size = sizeof api, .time_parse = clock_parse, .time_format = time_format};

static const struct bb_json *json(struct bb_arena *a, const char *text)
{
	const struct bb_json *v;
	struct json_fault fault;
	cr_assert_eq(json_parse(a, text, strlen(text), &v, &fault), 0);
	return v;
}

Test(place, a_location_is_one_that_chargers_can_fetch_from)
{
	cr_expect(place_is_url("http://host/fw.bin"));
	cr_expect(place_is_url("https://host:8443/fw.bin?v=2"));
	cr_expect(place_is_url("ftp://user:secret@host/fw.bin"));
	cr_expect(place_is_url("FTPS://host/fw.bin"));
	cr_expect_not(place_is_url("file:///etc/passwd"));
	cr_expect_not(place_is_url("ftp://"));
	cr_expect_not(place_is_url("host/fw.bin"));
	cr_expect_not(place_is_url(""));
}

Test(place, payloads_have_what_was_asked_for_and_whole_seconds)
{
	struct bb_arena *a = arena_new(0);
	const struct bb_json *options = json(a, "{\"retries\":3,\"retry_interval_s\":60,\"oldest_"
						"at\":\"2026-11-21T12:00:00.5+01:00\"}");
	cr_expect_str_eq(
	    json_text(a, place_update(&api, a, "http://h/f", INT64_C(1795262400123), options),
		      NULL),
	    "{\"location\":\"http://h/f\",\"retries\":3,\"retryInterval\":60,"
	    "\"retrieveDate\":\"2026-11-21T12:00:00Z\"}");
	cr_expect_str_eq(json_text(a, place_diagnostics(&api, a, "http://h/u", options), NULL),
			 "{\"location\":\"http://h/u\",\"retries\":3,\"retryInterval\":60,"
			 "\"startTime\":\"2026-11-21T11:00:00Z\"}");
	cr_expect_str_eq(json_text(a, place_diagnostics(&api, a, "http://h/u", NULL), NULL),
			 "{\"location\":\"http://h/u\"}");
	arena_free(a);
}
