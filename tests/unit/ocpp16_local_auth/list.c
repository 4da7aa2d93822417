#include "ocpp16_local_auth/list.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/arena.h"
#include "json/json.h"

static struct bb_arena *arena;

static void setup(void)
{
	arena = arena_new(0);
}

static void teardown(void)
{
	arena_free(arena);
}

TestSuite(list, .init = setup, .fini = teardown);

/* "a=1 b=2": tokens and what is known of them. */
static struct entries entries_of(const char *text)
{
	char *copy = bb_strdup(arena, text), *rest = NULL;
	struct entries e = {.list = bb_alloc(arena, (strlen(text) + 1) * sizeof *e.list)};
	for (char *word; (word = strtok_r(copy, " ", &rest)); copy = NULL) {
		char *sign = strchr(word, '=');
		*sign = '\0';
		e.list[e.count++] = (struct entry){word, sign + 1};
	}
	entries_sort(&e);
	return e;
}

static const char *text_of(const struct entries *e)
{
	const char *text = "";
	for (size_t i = 0; i < e->count; i++)
		text = arena_printf(arena, "%s%s%s=%s", text, i ? " " : "", e->list[i].id_tag,
				    e->list[i].info ? e->list[i].info : "");
	return text;
}

Test(list, is_sorted_without_regard_to_case_and_has_a_token_once)
{
	struct entries e = entries_of("b=1 A=2 a=3 C=4 B=5");
	cr_expect_eq(e.count, 3);
	cr_expect(!strcasecmp(e.list[0].id_tag, "a"));
	cr_expect(!strcasecmp(e.list[1].id_tag, "b"));
	cr_expect(!strcasecmp(e.list[2].id_tag, "c"));
	struct entries none = {0};
	entries_sort(&none);
	cr_expect_eq(none.count, 0);
}

Test(list, differs_by_what_is_gone_then_by_what_is_new_or_changed)
{
	static const struct {
		const char *has, *wants, *difference;
	} cases[] = {
	    {"", "", ""},
	    {"", "a=1 b=2", "a=1 b=2"},
	    {"a=1 b=2", "", "a= b="},
	    {"a=1 b=2", "a=1 b=2", ""},
	    {"a=1 b=2 d=4", "a=1 b=3 c=3", "d= b=3 c=3"},
	    {"A=1", "a=1", ""},
	    {"z=1", "a=1", "z= a=1"},
	    {"a=1 c=1 e=1", "b=1 d=1 f=1", "a= c= e= b=1 d=1 f=1"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct entries has = entries_of(cases[i].has), wants = entries_of(cases[i].wants);
		struct entries d = entries_difference(arena, &has, &wants);
		cr_expect_str_eq(text_of(&d), cases[i].difference, "case %zu: %s", i, text_of(&d));
	}
}

/* `has`, once the first `most` entries of the difference were taken. */
static struct entries after(const struct entries *has, const struct entries *d, size_t most)
{
	struct entries e = {.list = bb_alloc(arena, (has->count + most) * sizeof *e.list)};
	size_t n = d->count < most ? d->count : most;
	for (size_t i = 0; i < n; i++)
		if (d->list[i].info)
			e.list[e.count++] = d->list[i];
	for (size_t i = 0; i < has->count; i++) {
		size_t k = 0;
		while (k < n && strcasecmp(d->list[k].id_tag, has->list[i].id_tag) != 0)
			k++;
		if (k == n)
			e.list[e.count++] = has->list[i];
	}
	entries_sort(&e);
	return e;
}

static int parse(struct bb_arena *a, const char *text, size_t len, const struct bb_json **ret,
		 const char **ret_error)
{
	(void)ret_error;
	return json_parse(a, text, len, ret, NULL);
}

static const char *message(bool full, const char *entries, size_t most)
{
	struct entries e = entries_of(entries);
	for (size_t i = 0; i < e.count; i++)
		if (!*e.list[i].info)
			e.list[i].info = NULL;
	const struct bb_json *v = list_message(arena, full, 7, &e, most, parse);
	return json_text(arena, v, NULL);
}

Test(list, goes_into_a_message_as_far_as_there_is_room)
{
	cr_expect_str_eq(message(true, "", 10), "{\"listVersion\":7,\"localAuthorizationList\":[],"
						"\"updateType\":\"Full\"}");
	cr_expect_str_eq(message(false, "a= b={\"status\":\"Accepted\"} c={}", 2),
			 "{\"listVersion\":7,\"localAuthorizationList\":[{\"idTag\":\"a\"},"
			 "{\"idTag\":\"b\",\"idTagInfo\":{\"status\":\"Accepted\"}}],"
			 "\"updateType\":\"Differential\"}");
}

Test(list, gets_a_version_above_what_the_charger_has_and_what_was_tried)
{
	static const struct {
		int64_t has, tried, next;
	} cases[] = {
	    {0, 0, 1},
	    {7, 0, 8},
	    {7, 9, 10},
	    {9, 7, 10},
	    {INT32_MAX - 1, 0, INT32_MAX},
	    {INT32_MAX, 0, 1},
	    {0, INT32_MAX, 1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_eq(list_version(cases[i].has, cases[i].tried), cases[i].next, "case %zu",
			     i);
}

/* What a charger has after all messages, `most` entries in each. */
Test(list, comes_out_as_wanted_whatever_the_size_of_its_parts)
{
	for (size_t most = 1; most <= 8; most++) {
		struct entries has = entries_of("a=1 c=1 e=1 g=1"),
			       wants = entries_of("b=1 c=2 d=1 g=1 h=1");
		size_t messages = 0;
		for (;;) {
			struct entries d = entries_difference(arena, &has, &wants);
			if (!d.count)
				break;
			has = after(&has, &d, most);
			cr_assert_lt(messages++, 10);
		}
		cr_expect_str_eq(text_of(&has), "b=1 c=2 d=1 g=1 h=1");
		cr_expect_eq(messages, (6 + most - 1) / most, "%zu with %zu", messages, most);
	}
}
