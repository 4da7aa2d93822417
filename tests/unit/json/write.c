#include <criterion/criterion.h>
#include <math.h>

#include "base/arena.h"
#include "json/json.h"

static struct bb_arena *arena;

static void set_up(void)
{
	arena = arena_new(0);
}

static void tear_down(void)
{
	arena = arena_free(arena);
}

TestSuite(write, .init = set_up, .fini = tear_down);

static const struct bb_json *parsed(const char *text)
{
	const struct bb_json *v = NULL;
	cr_assert_eq(json_parse(arena, text, strlen(text), &v, NULL), 0, "%s", text);
	return v;
}

Test(write, gives_back_compact_text_as_it_was_read)
{
	static const char *const texts[] = {
	    "null",
	    "true",
	    "false",
	    "0",
	    "-1",
	    "9223372036854775807",
	    "-9223372036854775808",
	    "1.0",
	    "0.1",
	    "-2.5",
	    "1e+300",
	    "5e-324",
	    "\"\"",
	    "[]",
	    "{}",
	    "[1,[2,{\"a\":null}],\"x\"]",
	    "{\"z\":{\"b\":[]},\"a\":true}",
	    "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f/\"",
	    "\"caf\xc3\xa9 \xf0\x9f\x94\x8c\"",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		size_t len;
		const char *text = json_text(arena, parsed(texts[i]), &len);
		cr_expect_str_eq(text, texts[i]);
		cr_expect_eq(len, strlen(texts[i]));
	}
}

/* Long enough to be looked at in words, with what must be escaped at each place of one. */
Test(write, escapes_wherever_it_stands)
{
	static const struct {
		char c;
		const char *escaped;
	} odd[] = {{'"', "\\\""},  {'\\', "\\\\"}, {'\n', "\\n"}, {0x1f, "\\u001f"}, {0x20, " "},
		   {0x7f, "\x7f"}, {'!', "!"},     {'#', "#"},    {'[', "["}};
	for (size_t k = 0; k < sizeof odd / sizeof *odd; k++)
		for (int at = 0; at < 20; at++) {
			char raw[32], expected[64];
			sprintf(raw, "%.*s%c%s", at, "caf\xc3\xa9 abcdefghijklmno", odd[k].c,
				"opqrstuvw");
			sprintf(expected, "\"%.*s%s%s\"", at, "caf\xc3\xa9 abcdefghijklmno",
				odd[k].escaped, "opqrstuvw");
			struct bb_json v = bb_json_make_str(raw);
			cr_expect_str_eq(json_text(arena, &v, NULL), expected);
		}
}

Test(write, writes_reals_so_that_they_read_back_the_same)
{
	static const double reals[] = {
	    0.0,       -0.0,     1.0,     0.1,      1.0 / 3,   1e21,   1e22,
	    1e-7,      123456.7, 0x1p53,  0x1p63,   -0x1p63,   5e-324, 1.7976931348623157e308,
	    0.1 + 0.2, 16.2,     1234.56, 99999999, 1e15 + .5, 4.35};
	for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
		struct bb_json v = bb_json_make_real(reals[i]);
		const char *text = json_text(arena, &v, NULL);
		const struct bb_json *back = parsed(text);
		cr_expect_eq(back->type, BB_JSON_REAL, "%s", text);
		cr_expect_eq(memcmp(&back->f, &reals[i], sizeof(double)), 0, "%s", text);
	}
}

Test(write, writes_what_no_json_number_can_say_as_null)
{
	static const double reals[] = {NAN, INFINITY, -INFINITY};
	for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
		struct bb_json v = bb_json_make_real(reals[i]);
		cr_expect_str_eq(json_text(arena, &v, NULL), "null");
	}
}

Test(write, appends_to_the_buffer)
{
	struct buf out = {0};
	buf_add_str(&out, "[3,");
	json_write(&out, parsed("{}"));
	buf_add_char(&out, ']');
	cr_assert_str_eq(out.data, "[3,{}]");
	buf_free(&out);
}

Test(write, writes_what_the_builder_made)
{
	struct bb_builder list = bb_build(arena);
	bb_push(&list, bb_json_make_int(1));
	bb_push(&list, bb_json_make_str(NULL));
	struct bb_builder b = bb_build(arena);
	bb_put_str(&b, "status", "Accepted");
	bb_put_json(&b, "list", bb_build_array(&list));
	bb_put_real(&b, "limit", 16.2);
	cr_assert_str_eq(json_text(arena, bb_build_object(&b), NULL),
			 "{\"status\":\"Accepted\",\"list\":[1,null],\"limit\":16.2}");
	cr_assert_str_eq(json_text(arena, json_copy(arena, bb_json_empty(arena)), NULL), "{}");
}
