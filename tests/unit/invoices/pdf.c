#include "pdf.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "json/json.h"

/* fontconfig keeps what it has read until the process ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}

static struct bb_arena *arena;

static void setup(void)
{
	arena = arena_new(0);
}

static void teardown(void)
{
	arena = arena_free(arena);
}

TestSuite(pdf, .init = setup, .fini = teardown, .timeout = 120);

static const struct bb_json *parse(const char *text)
{
	const struct bb_json *v;
	cr_assert_eq(json_parse(arena, text, strlen(text), &v, NULL), 0, "%s", text);
	return v;
}

/* A head, and so many rows of that text. */
static const struct bb_json *document(uint32_t rows, const char *text)
{
	const struct bb_json *head = parse("{\"title\":\"T\",\"columns\":[\"A\",\"B\",\"C\",\"D\"],"
					   "\"footer\":[\"f\"],\"page\":\"{page}/{pages}\"}");
	struct bb_builder pieces = bb_build(arena), list = bb_build(arena), row = bb_build(arena),
			  cells = bb_build(arena);
	bb_push(&cells, bb_json_make_str(text));
	bb_put_str(&row, "style", "line");
	bb_put_json(&row, "cells", bb_build_array(&cells));
	const struct bb_json *one = bb_build_object(&row);
	for (uint32_t i = 0; i < rows; i++)
		bb_push(&list, *one);
	bb_push(&pieces, *head);
	bb_push(&pieces, *bb_build_array(&list));
	return bb_build_array(&pieces);
}

static int pages(const struct bb_json *pieces)
{
	struct pdf pdf;
	int err = pdf_render(pieces, "2026-11-26T08:00:00Z", &pdf);
	if (err)
		return err;
	cr_expect_eq(memcmp(pdf.bytes, "%PDF-1.", 7), 0);
	free(pdf.bytes);
	return pdf.pages;
}

Test(pdf, a_page_ends_where_it_is_full)
{
	cr_expect_eq(pages(document(3, "x")), 1);
	int many = pages(document(500, "x"));
	cr_expect_geq(many, 9);
	cr_expect_leq(many, 12);
}

Test(pdf, a_long_word_is_broken_and_no_row_is_cut)
{
	char word[400];
	memset(word, 'W', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	cr_expect_geq(pages(document(40, word)), 8);
}

Test(pdf, odd_texts_are_texts)
{
	cr_expect_eq(
	    pages(document(2, "<b>&amp; \xe6\xbc\xa2\xe5\xad\x97 \xd7\xa9\xd7\x9c\n\x01\tx")), 1);
	cr_expect_eq(pages(document(1, "")), 1);
}

Test(pdf, the_same_gives_the_same_bytes_and_its_date_is_in_them)
{
	struct pdf a, b, c;
	cr_assert_eq(pdf_render(document(60, "x"), "2026-11-26T08:00:00Z", &a), 0);
	cr_assert_eq(pdf_render(document(60, "x"), "2026-11-26T08:00:00Z", &b), 0);
	cr_assert_eq(pdf_render(document(60, "x"), "2025-11-26T08:00:00Z", &c), 0);
	cr_expect(a.len == b.len && !memcmp(a.bytes, b.bytes, a.len));
	cr_expect(a.len != c.len || memcmp(a.bytes, c.bytes, a.len) != 0);
	free(a.bytes);
	free(b.bytes);
	free(c.bytes);
}

Test(pdf, too_many_pages_are_refused)
{
	cr_expect_eq(pages(document(60000, "x")), -EFBIG);
}
