#include <criterion/criterion.h>

#include <busbar/rest.h>

#include "base/arena.h"
#include "base/clock.h"

static const char *time_text(struct bb_arena *a, int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];
	clock_format(ms, text);
	return bb_strdup(a, text);
}

static const struct bb_api api = {
    .size = sizeof api,
    .now_ms = clock_now_ms,
    .time_parse = clock_parse,
    .time_format = time_text,
};

static void expect_change(const char *last, const char *expected)
{
	struct bb_arena *a = arena_new(0);
	const struct bb_json *before = bb_json_one(a, "updated_at", bb_json_make_str(last));
	cr_expect_str_eq(bb_changed_at(&api, a, before).s, expected);
	arena_free(a);
}

Test(changed_at, is_now_but_later_than_the_last_change)
{
	clock_set_ms(1000);
	expect_change("1970-01-01T00:00:00.999Z", "1970-01-01T00:00:01.000Z");
	expect_change("1970-01-01T00:00:01.000Z", "1970-01-01T00:00:01.001Z");
	expect_change("1970-01-01T00:00:05.000Z", "1970-01-01T00:00:05.001Z");
}
