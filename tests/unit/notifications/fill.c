/* What is put into gateways' texts. */
#include "fill.h"

#include <criterion/criterion.h>

#include "base/arena.h"

static const struct fill_field fields[] = {
    {"target", "+49 170/1&x=\"y\""}, {"text", "a\"b\\c\nd\x7f\xc3\xa4"}, {"none", NULL}};

static const char *filled(struct bb_arena *a, const char *text, enum fill_form form)
{
	const char *bad = NULL;
	const char *out = fill(a, text, form, fields, 3, &bad);
	return out ? out : bad;
}

Test(fill, writes_values_as_their_place_needs_them)
{
	struct bb_arena *a = arena_new(0);
	cr_expect_str_eq(filled(a, "https://x/?to={{target}}&b", FILL_URL),
			 "https://x/?to=%2B49%20170%2F1%26x%3D%22y%22&b");
	cr_expect_str_eq(filled(a, "{\"t\":\"{{text}}\",\"n\":\"{{none}}\"}", FILL_JSON),
			 "{\"t\":\"a\\\"b\\\\c\\u000ad\\u007f\xc3\xa4\",\"n\":\"\"}");
	cr_expect_str_eq(filled(a, "{{text}}", FILL_AS_IS), fields[1].value);
	cr_expect_str_eq(filled(a, "", FILL_JSON), "");
	cr_expect_str_eq(filled(a, "{ {text} }", FILL_JSON), "{ {text} }");
	arena_free(a);
}

Test(fill, names_what_is_not_there)
{
	struct bb_arena *a = arena_new(0);
	cr_expect_str_eq(filled(a, "a {{nobody}} b", FILL_URL), "{{nobody}}");
	cr_expect_str_eq(filled(a, "a {{target", FILL_URL), "{{");
	cr_expect_str_eq(filled(a, "a {{}} b", FILL_URL), "{{}}");
	arena_free(a);
}

Test(fill, does_not_fill_what_was_put_in)
{
	struct bb_arena *a = arena_new(0);
	static const struct fill_field nested[] = {{"a", "{{b}}"}, {"b", "x"}};
	const char *bad;
	cr_expect_str_eq(fill(a, "{{a}}{{b}}", FILL_AS_IS, nested, 2, &bad), "{{b}}x");
	arena_free(a);
}
