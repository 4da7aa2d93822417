#include "ocppj/envelope.h"
#include "base/utf8.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "ocppj/internal.h"
#include "json/json.h"

static const struct good {
	const char *text;
	enum envelope_kind kind;
	const char *id, *rest, *payload; /* rest: the action or the code */
} good[] = {
    {"[2,\"1\",\"Heartbeat\",{}]", ENVELOPE_CALL, "1", "Heartbeat", "{}"},
    {" [ 2 , \"a\\\"b\" ,\r\n\t\"X,\\\"]\" , { \"a\" : [ 1 ] } ] \n", ENVELOPE_CALL, "a\"b",
     "X,\"]", "{ \"a\" : [ 1 ] }"},
    {"[2,\"123456789012345678901234567890123456\",\"A\",[]]", ENVELOPE_CALL,
     "123456789012345678901234567890123456", "A", "[]"},
    {"[2,\"1\",\"A\",null]", ENVELOPE_CALL, "1", "A", "null"},
    {"[3,\"1\",{\"status\":\"Accepted\"}]", ENVELOPE_RESULT, "1", NULL,
     "{\"status\":\"Accepted\"}"},
    {"[3,\"1\",\"\\\\\"]", ENVELOPE_RESULT, "1", NULL, "\"\\\\\""},
    {"[4,\"1\",\"NotSupported\",\"text\",{\"a\":1}]", ENVELOPE_ERROR, "1", "NotSupported", NULL},
    {"[4,\"1\",\"NotSupported\"]", ENVELOPE_ERROR, "1", "NotSupported", NULL},
    {"[4,\"1\",7,null,null]", ENVELOPE_ERROR, "1", "GenericError", NULL},
};

static struct bb_arena *arena;

static void setup(void)
{
	arena = arena_new(0);
}

static void teardown(void)
{
	arena_free(arena);
}

TestSuite(envelope, .init = setup, .fini = teardown);

Test(envelope, is_read_in_all_its_kinds)
{
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		const struct good *g = &good[i];
		const struct bb_json *v;
		struct envelope e;
		struct envelope_fault f;
		size_t len = 0;
		cr_assert_eq(json_parse(arena, g->text, strlen(g->text), &v, NULL), 0);
		cr_assert_eq(envelope_read(v, &e, &f), 0, "%s", g->text);
		cr_expect_eq(e.kind, g->kind, "%s", g->text);
		cr_expect_str_eq(e.id, g->id);
		if (g->rest)
			cr_expect_str_eq(e.kind == ENVELOPE_CALL ? e.action : e.code, g->rest);
		const char *text = envelope_payload_text(g->text, strlen(g->text), e.kind, &len);
		cr_expect_eq(text != NULL, g->payload != NULL, "%s", g->text);
		if (text)
			cr_expect(len == strlen(g->payload) && !memcmp(text, g->payload, len),
				  "%s has the payload %.*s", g->text, (int)len, text);
	}
}

static const struct bad {
	const char *text, *id;
	bool answer;
} bad[] = {
    {"{}", "-1", true},
    {"7", "-1", true},
    {"\"pong\"", "-1", true},
    {"null", "-1", true},
    {"[]", "-1", true},
    {"[2]", "-1", true},
    {"[2,\"7\"]", "7", true},
    {"[2,\"7\",\"Heartbeat\"]", "7", true},
    {"[2,\"7\",\"Heartbeat\",{},{}]", "7", true},
    {"[2,\"7\",12,{}]", "7", true},
    {"[2,\"7\",\"\",{}]", "7", true},
    {"[2,7,\"Heartbeat\",{}]", "-1", true},
    {"[2,null,\"Heartbeat\",{}]", "-1", true},
    {"[2,\"\",\"Heartbeat\",{}]", "-1", true},
    {"[2,\"1234567890123456789012345678901234567\",\"Heartbeat\",{}]", "-1", true},
    {"[\"2\",\"7\",\"Heartbeat\",{}]", "7", true},
    {"[2.5,\"7\",\"Heartbeat\",{}]", "7", true},
    {"[1,\"7\",\"Heartbeat\",{}]", "7", false},
    {"[5,\"7\",\"Heartbeat\",{}]", "7", false},
    {"[-2,\"7\",\"Heartbeat\",{}]", "7", false},
    {"[5]", "-1", false},
    {"[5,7]", "-1", false},
    {"[true]", "-1", true},
    {"[3]", "-1", false},
    {"[3,\"\",{}]", "-1", false},
    {"[3,\"7\"]", "7", false},
    {"[3,\"7\",{},1]", "7", false},
    {"[4,\"7\"]", "7", false},
};

Test(envelope, that_is_none_has_a_reason_and_an_id_to_answer_to)
{
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const struct bb_json *v;
		struct envelope e;
		struct envelope_fault f;
		cr_assert_eq(json_parse(arena, bad[i].text, strlen(bad[i].text), &v, NULL), 0);
		cr_assert_eq(envelope_read(v, &e, &f), -EBADMSG, "%s", bad[i].text);
		cr_expect_str_eq(f.id, bad[i].id, "%s: %s", bad[i].text, f.id);
		cr_expect_eq(f.answer, bad[i].answer, "%s", bad[i].text);
		cr_expect(*f.reason);
	}
}

Test(envelope, is_written_as_json_whatever_the_texts_hold)
{
	struct buf b = {0};
	envelope_write_error(&b, "a\"b", "InternalError", "line\nbreak", NULL);
	cr_assert_str_eq(b.data, "[4,\"a\\\"b\",\"InternalError\",\"line\\nbreak\",{}]");
	buf_free(&b);
}

Test(envelope, of_an_error_has_a_description_of_at_most_255_characters)
{
	struct buf b = {0}, text = {0};
	for (int i = 0; i < 300; i++)
		buf_add_str(&text, "\xc3\xa4");
	envelope_write_error(&b, "1", "InternalError", text.data, NULL);
	const struct bb_json *v;
	cr_assert_eq(json_parse(arena, b.data, b.len, &v, NULL), 0);
	cr_assert_eq(bb_json_at(v, 3)->len, 510);
	buf_free(&b);
	buf_free(&text);
}

Test(envelope, knows_the_codes_of_the_standard)
{
	cr_assert_str_eq(envelope_error_code("OccurenceConstraintViolation"),
			 "OccurenceConstraintViolation");
	cr_assert_str_eq(envelope_error_code("404"), "InternalError");
}

static const struct text {
	const char *bytes;
	bool valid;
} texts[] = {
    {"", true},
    {"plain", true},
    {"\xc3\xa4", true},
    {"\xe2\x82\xac", true},
    {"\xf0\x9f\x94\x8c", true},
    {"\xef\xbf\xbf", true},
    {"\xf4\x8f\xbf\xbf", true},
    {"\xc3", false},
    {"\xff", false},
    {"a\x80", false},
    {"\xc0\xaf", false},
    {"\xc1\xbf", false},
    {"\xe0\x80\xaf", false},
    {"\xed\xa0\x80", false},
    {"\xf0\x80\x80\xaf", false},
    {"\xf4\x90\x80\x80", false},
    {"\xe2\x82", false},
    {"\xe2\x28\xa1", false},
    {"\xf0\x9f\x94\x41", false},
};

Test(utf8, is_told_from_what_only_looks_like_it)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_expect_eq(utf8_valid(texts[i].bytes, strlen(texts[i].bytes)), texts[i].valid,
			     "case %zu", i);
}
