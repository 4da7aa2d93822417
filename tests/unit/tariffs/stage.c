#include "stage.h"

#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/clock.h"
#include "bill.h"
#include "json/json.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

static struct loop *loop;
static struct script_host *host;
struct bb_arena *arena;

void stage_setup(void)
{
	static const struct script_limits limits = {
	    .memory_bytes = 4 << 20, .instructions = 5000000, .time_ms = 20000};
	char *error = NULL;
	loop = loop_new();
	host = script_host_new(loop, &limits);
	arena = arena_new(0);
	cr_assert_eq(script_host_library(host, BUSBAR_ROOT "/scripts/lib", &error), 0, "%s", error);
}

void stage_teardown(void)
{
	script_host_free(host);
	loop_free(loop);
	arena = arena_free(arena);
#if defined(__SANITIZE_ADDRESS__)
	cr_assert_eq(__lsan_do_recoverable_leak_check(), 0, "leaks");
#endif
}

static const char *time_format(struct bb_arena *a, int64_t ms)
{
	char text[CLOCK_TEXT_SIZE];
	clock_format(ms, text);
	return bb_strdup(a, text);
}

const struct bb_api api = {.size = sizeof api, .time_format = time_format};

int64_t ms_of(const char *text)
{
	int64_t ms;
	cr_assert_eq(clock_parse(text, strlen(text), &ms), 0, "%s", text);
	return ms;
}

static void keep(int err, const struct bb_json *v, void *arg)
{
	struct answer *a = arg;
	a->err = err;
	a->value = v ? json_copy(arena, v) : NULL;
}

struct answer run(const char *name, const struct bb_json *s, const char *settings)
{
	struct buf text = {0};
	const struct bb_json *v;
	struct answer a = {-1, NULL};
	cr_assert_eq(buf_read_file(&text, arena_printf(arena, "%s/scripts/tariffs/%s.lua",
						       BUSBAR_ROOT, name)),
		     0);
	cr_assert_eq(json_parse(arena, settings, strlen(settings), &v, NULL), 0, "%s", settings);
	struct bb_script script = {"acme", name, "1", text.data, text.len};
	script_call(host, &script, "price",
		    facts_with(arena, s, bb_json_get_str(v, "currency", "EUR"), v), 100, keep, &a);
	buf_free(&text);
	return a;
}

const char *price(const char *name, const struct bb_json *s, const char *settings)
{
	struct answer a = run(name, s, settings);
	cr_assert_eq(a.err, 0, "%s", a.value ? json_text(arena, a.value, NULL) : "");
	const char *fault = bill_fault(arena, a.value);
	cr_assert_null(fault, "%s in %s", fault, json_text(arena, a.value, NULL));
	const char *text = "";
	const struct bb_json *lines = bb_json_get(a.value, "lines");
	for (uint32_t i = 0; i < bb_json_count(lines); i++) {
		const struct bb_json *l = bb_json_at(lines, i);
		text = arena_printf(arena, "%s%s %lld; ", text, bb_json_get_str(l, "kind", "?"),
				    (long long)bb_json_get_int(l, "amount_minor", 0));
	}
	return arena_printf(arena, "%s= %lld", text,
			    (long long)bb_json_get_int(a.value, "total_minor", -1));
}
