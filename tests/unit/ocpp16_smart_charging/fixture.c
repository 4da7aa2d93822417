#include "fixture.h"

#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/clock.h"
#include "json/json.h"

static struct bb_arena *arena;

const struct bb_api fixture_api = {.size = sizeof(struct bb_api), .time_parse = clock_parse};

void fixture_setup(void)
{
	arena = arena_new(0);
}

void fixture_teardown(void)
{
	arena = arena_free(arena);
}

struct bb_arena *fixture_arena(void)
{
	return arena;
}

const struct bb_json *fixture_json(const char *fmt, ...)
{
	char text[8192];
	const struct bb_json *v;
	struct json_fault fault;
	va_list ap;
	va_start(ap, fmt);
	int len = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	cr_assert(len > 0 && (size_t)len < sizeof text);
	for (char *at = text; *at; at++)
		if (*at == '\'')
			*at = '"';
	cr_assert_eq(json_parse(arena, text, (size_t)len, &v, &fault), 0, "%s: %s", fault.reason,
		     text);
	return v;
}

const char *fixture_text(const struct bb_json *v)
{
	return v ? json_text(arena, v, NULL) : "none";
}

int64_t fixture_ms(const char *time)
{
	int64_t ms = 0;
	cr_assert_eq(clock_parse(time, strlen(time), &ms), 0, "%s", time);
	return ms;
}
