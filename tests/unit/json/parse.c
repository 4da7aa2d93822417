#include <criterion/criterion.h>
#include <errno.h>

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

TestSuite(parse, .init = set_up, .fini = tear_down);

/* From memory of exactly that length, so that reading past the end is seen. */
static int parse(const char *text, size_t len, const struct bb_json **ret, struct json_fault *fault)
{
	char *exact = mem_alloc(len);
	memcpy(exact, text, len);
	int err = json_parse(arena, exact, len, ret, fault);
	free(exact);
	return err;
}

static const struct bb_json *parsed(const char *text)
{
	const struct bb_json *v = NULL;
	struct json_fault fault = {0};
	int err = parse(text, strlen(text), &v, &fault);
	cr_assert_eq(err, 0, "%s: %s", text, fault.reason);
	return v;
}

Test(parse, accepts_what_rfc8259_calls_json)
{
	static const char *const texts[] = {
	    "null",
	    "true",
	    " \t\r\n[ ] ",
	    "{}",
	    "\"\"",
	    "0",
	    "-0",
	    "-0.0",
	    "1e5",
	    "1E+5",
	    "1e-5",
	    "0.5",
	    "5e-324",
	    "1e-999",
	    "[1,[2,[3,{}]]]",
	    "{\"\":1}",
	    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
	    "\"\x7f\"",
	    "\"\xf0\x9f\x94\x8c\"",
	    "{\"a\":{\"a\":1},\"b\":{\"a\":1}}",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		parsed(texts[i]);
}

static const struct refusal {
	const char *text, *reason;
} refusals[] = {
    {"", "is empty"},
    {"  \n", "is empty"},
    {"[01]", "number"},
    {"[-01]", "number"},
    {"[+1]", NULL},
    {"[1.]", "number"},
    {"[.5]", NULL},
    {"[1e]", "number"},
    {"[1e+]", "number"},
    {"[-]", "number"},
    {"[0x10]", "number"},
    {"[1e999]", "number"},
    {"[-1e999]", "number"},
    {"[012345678901234567890]", "number"},
    {"[1234567890123456789012345-]", "number"},
    {"[NaN]", NULL},
    {"[Infinity]", NULL},
    {"nul", NULL},
    {"True", NULL},
    {"[1,]", NULL},
    {"[,1]", NULL},
    {"[1 2]", NULL},
    {"[1", NULL},
    {"1]", NULL},
    {"{\"a\"}", NULL},
    {"{\"a\":}", NULL},
    {"{\"a\":1,}", NULL},
    {"{a:1}", NULL},
    {"{'a':1}", NULL},
    {"{1:1}", NULL},
    {"{\"a\":1 \"b\":2}", NULL},
    {"[\"a", "end"},
    {"[\"a\\\"]", "end"},
    {"{} {}", NULL},
    {"[] x", NULL},
    {"1 2", NULL},
    {"[1]//", NULL},
    {"/* */[1]", NULL},
    {"[\"\\x41\"]", "string"},
    {"[\"\\u12g4\"]", "string"},
    {"[\"\\u12\"]", "string"},
    {"[\"\\ud800\"]", "string"},
    {"[\"\\ud800\\u0041\"]", "string"},
    {"[\"\\udc00\"]", "string"},
    {"[\"\\udc00\\ud800\"]", "string"},
    {"[\"a\tb\"]", "control character"},
    {"[\"a\nb\"]", "control character"},
    {"[\"\x1f\"]", "control character"},
    {"[\"\xff\"]", "UTF-8"},
    {"[\"\xc0\xaf\"]", "UTF-8"},
    {"[\"\xe2\x82\"]", "UTF-8"},
    {"[\"\xed\xa0\x80\"]", "UTF-8"},
    {"[\"\xf4\x90\x80\x80\"]", "UTF-8"},
    {"\xff[1]", "UTF-8"},
    {"\xef\xbb\xbf{}", NULL},
    {"[\"a\\u0000b\"]", "U+0000"},
    {"{\"a\\u0000\":1}", "U+0000"},
    {"{\"a\":1,\"a\":1}", "twice"},
    {"{\"a\":1,\"b\":2,\"\\u0061\":3}", "twice"},
    {"[{\"x\":{\"\":1,\"\":2}}]", "twice"},
};

Test(parse, refuses_everything_else_and_says_why)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		const struct refusal *r = &refusals[i];
		const struct bb_json *untouched = NULL;
		struct json_fault fault = {0};
		int err = parse(r->text, strlen(r->text), &untouched, &fault);
		cr_expect_eq(err, -EINVAL, "%s", r->text);
		cr_expect_null(untouched, "%s", r->text);
		cr_expect_not_null(fault.reason, "%s", r->text);
		cr_expect(fault.reason &&
			      strstr(fault.reason, r->reason ? r->reason : "is not JSON"),
			  "%s: %s", r->text, fault.reason);
	}
}

Test(parse, refuses_raw_nul_bytes_anywhere)
{
	static const struct {
		const char *text;
		size_t len;
	} texts[] = {{"[\"a\0b\"]", 7}, {"[1]\0", 4}, {"\0", 1}, {"[\0]", 3}};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct bb_json *v;
		cr_expect_eq(parse(texts[i].text, texts[i].len, &v, NULL), -EINVAL, "text %zu", i);
	}
}

Test(parse, tells_integers_from_other_numbers)
{
	static const struct {
		const char *text;
		int64_t i;
	} integers[] = {
	    {"0", 0},
	    {"-0", 0},
	    {"-1", -1},
	    {"9223372036854775807", INT64_MAX},
	    {"-9223372036854775808", INT64_MIN},
	};
	for (size_t k = 0; k < sizeof integers / sizeof *integers; k++) {
		const struct bb_json *v = parsed(integers[k].text);
		cr_expect_eq(v->type, BB_JSON_INT, "%s", integers[k].text);
		cr_expect_eq(v->i, integers[k].i, "%s", integers[k].text);
	}
	static const struct {
		const char *text;
		double f;
	} reals[] = {
	    {"1.0", 1.0},
	    {"0.1", 0.1},
	    {"1e2", 100},
	    {"9223372036854775808", 0x1p63},
	    {"-9223372036854775809", -0x1p63},
	    {"18446744073709551615", 0x1p64},
	    {"18446744073709551616", 0x1p64},
	    {"100000000000000000000000000000", 1e29},
	    {"-123456789012345678901234567890", -123456789012345678901234567890.0},
	    {"123456789012345678901234567890.5e-3", 123456789012345678901234567.8905},
	};
	for (size_t k = 0; k < sizeof reals / sizeof *reals; k++) {
		const struct bb_json *v = parsed(reals[k].text);
		cr_expect_eq(v->type, BB_JSON_REAL, "%s", reals[k].text);
		cr_expect_eq(v->f, reals[k].f, "%s: %.17g", reals[k].text, v->f);
	}
}

Test(parse, leaves_digits_in_strings_alone_when_a_number_is_big)
{
	const struct bb_json *v =
	    parsed("{\"123456789012345678901\":[\"1234567890123456789012\\\"3\","
		   "12345678901234567890123]}");
	const struct bb_json *list = bb_json_get(v, "123456789012345678901");
	cr_assert_str_eq(bb_json_str(bb_json_at(list, 0), ""), "1234567890123456789012\"3");
	cr_assert_eq(bb_json_real(bb_json_at(list, 1), 0), 12345678901234567890123.0);
}

Test(parse, decodes_strings_and_counts_their_bytes)
{
	const struct bb_json *v = parsed("[\"caf\\u00e9\",\"\\ud83d\\udd0c\",\"a\\/b\"]");
	cr_assert_str_eq(v->items[0].s, "caf\xc3\xa9");
	cr_assert_eq(v->items[0].len, 5);
	cr_assert_str_eq(v->items[1].s, "\xf0\x9f\x94\x8c");
	cr_assert_eq(v->items[1].len, 4);
	cr_assert_str_eq(v->items[2].s, "a/b");
}

Test(parse, keeps_the_order_of_members_and_hashes_their_keys)
{
	const struct bb_json *v = parsed("{\"z\":1,\"a\":null,\"m\":false}");
	static const char *const keys[] = {"z", "a", "m"};
	cr_assert_eq(bb_json_count(v), 3);
	for (uint32_t i = 0; i < 3; i++) {
		cr_assert_str_eq(v->members[i].key, keys[i]);
		cr_assert_eq(v->members[i].key_len, 1);
		cr_assert_eq(v->members[i].hash, bb_json_hash(keys[i], 1));
	}
	cr_assert(bb_json_is(bb_json_get(v, "a"), BB_JSON_NULL));
	cr_assert_not(bb_json_get_bool(v, "m", true));
}

static int parse_nested(unsigned depth, const char *open, const char *close)
{
	struct buf text = {0};
	for (unsigned i = 0; i < depth; i++)
		buf_add_str(&text, open);
	buf_add_str(&text, "1");
	for (unsigned i = 0; i < depth; i++)
		buf_add_str(&text, close);
	const struct bb_json *v;
	struct json_fault fault = {0};
	int err = parse(text.data, text.len, &v, &fault);
	if (err)
		cr_expect_str_eq(fault.reason, "is nested too deeply");
	buf_free(&text);
	return err;
}

Test(parse, allows_so_many_containers_in_one_another_and_no_more)
{
	static const unsigned too_deep[] = {JSON_MAX_DEPTH + 1, 1000, 1025, 100000};
	cr_expect_eq(parse_nested(JSON_MAX_DEPTH, "[", "]"), 0);
	cr_expect_eq(parse_nested(JSON_MAX_DEPTH, "{\"a\":", "}"), 0);
	for (size_t i = 0; i < sizeof too_deep / sizeof *too_deep; i++) {
		cr_expect_eq(parse_nested(too_deep[i], "[", "]"), -EINVAL);
		cr_expect_eq(parse_nested(too_deep[i], "{\"a\":", "}"), -EINVAL);
	}
}

/* An object of `count` members, the last of which is named as the first when `twice`. */
static int parse_wide(unsigned count, bool twice)
{
	struct buf text = {0};
	for (unsigned i = 0; i < count; i++)
		buf_printf(&text, "%c\"k%u\":%u", i ? ',' : '{', twice && i == count - 1 ? 0 : i,
			   i);
	buf_add_str(&text, "}");
	const struct bb_json *v;
	int err = parse(text.data, text.len, &v, NULL);
	buf_free(&text);
	return err;
}

Test(parse, finds_duplicate_keys_in_objects_of_any_size)
{
	static const unsigned counts[] = {2, 24, 25, 1000, 20000};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		cr_expect_eq(parse_wide(counts[i], false), 0, "%u", counts[i]);
		cr_expect_eq(parse_wide(counts[i], true), -EINVAL, "%u", counts[i]);
	}
}

Test(parse, tells_keys_of_the_same_hash_apart)
{
	cr_assert_eq(bb_json_hash("costarring", 10), bb_json_hash("liquid", 6));
	cr_assert_eq(bb_json_count(parsed("{\"costarring\":1,\"liquid\":2}")), 2);
}

Test(parse, refuses_a_text_that_is_too_long)
{
	size_t len = JSON_MAX_BYTES + 1;
	char *text = mem_alloc(len);
	memset(text, ' ', len);
	text[0] = '1';
	const struct bb_json *v;
	struct json_fault fault = {0};
	cr_assert_eq(json_parse(arena, text, len, &v, &fault), -EINVAL);
	cr_assert_str_eq(fault.reason, "is too long");
	free(text);
}

Test(parse, is_usable_again_after_a_refusal)
{
	const struct bb_json *v;
	cr_assert_lt(parse("[1,", 3, &v, NULL), 0);
	cr_assert_eq(bb_json_count(parsed("[1,2]")), 2);
}
