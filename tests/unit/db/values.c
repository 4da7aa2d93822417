/* What goes in comes out the same, from either engine. */
#include <math.h>

#include "node.h"

static void expect_text(const struct bb_rows *r, uint32_t column, const char *text)
{
	const struct bb_val *v = bb_cell(r, 0, column);
	cr_assert_eq(v->type, BB_TEXT, "%s has type %u", r->names[column], v->type);
	cr_assert_str_eq(v->s, text);
	cr_assert_eq(v->len, strlen(text));
}

static struct bb_rows added(struct node *n, uint32_t count, const struct bb_val *params)
{
	struct outcome o;
	cr_assert_eq(node_write_one(n, "add", count, params, &o), 0);
	cr_assert_eq(o.rows.rows, 1);
	cr_assert_eq(o.rows.columns, 7);
	cr_assert_eq(o.rows.changed, 1);
	return o.rows;
}

ON_BOTH(values, a_row_of_every_type_comes_back_as_it_went_in)
{
	struct bb_rows r =
	    added(n, PARAMS(bb_text("Zoë ⚡ \"it's\""), bb_i64(INT64_MAX), bb_i64(-7), bb_f64(0.1),
			    bb_text("2026-11-21T08:00:00.120Z"), bb_blob("\0\x01\xff'", 4)));
	cr_assert_str_eq(r.names[0], "id");
	cr_assert_str_eq(r.names[6], "bytes");
	cr_assert_eq(bb_cell_int(&r, 0, 0, -1), 1);
	expect_text(&r, 1, "Zoë ⚡ \"it's\"");
	cr_assert_eq(bb_cell_int(&r, 0, 2, 0), INT64_MAX);
	cr_assert_eq(bb_cell_int(&r, 0, 3, 0), -7);
	cr_assert_eq(bb_cell(&r, 0, 4)->type, BB_F64);
	cr_assert_eq(bb_cell_real(&r, 0, 4, 0), 0.1);
	expect_text(&r, 5, "2026-11-21T08:00:00.120Z");
	cr_assert_eq(bb_cell(&r, 0, 6)->type, BB_BLOB);
	cr_assert_eq(bb_cell(&r, 0, 6)->len, 4);
	cr_assert_eq(memcmp(bb_cell(&r, 0, 6)->s, "\0\x01\xff'", 4), 0);
}

ON_BOTH(values, null_is_null_in_every_type)
{
	struct bb_rows r =
	    added(n, PARAMS(bb_null(), bb_null(), bb_null(), bb_null(), bb_null(), bb_null()));
	for (uint32_t i = 1; i < r.columns; i++)
		cr_assert_eq(bb_cell(&r, 0, i)->type, BB_NULL, "%s", r.names[i]);
	cr_assert_null(bb_cell_text(&r, 0, 1));
}

ON_BOTH(values, an_empty_text_is_not_null)
{
	struct bb_rows r = added(
	    n, PARAMS(bb_text(""), bb_i64(0), bb_i64(0), bb_f64(0), bb_null(), bb_blob("", 0)));
	expect_text(&r, 1, "");
	cr_assert_eq(bb_cell(&r, 0, 6)->type, BB_BLOB);
	cr_assert_eq(bb_cell(&r, 0, 6)->len, 0);
}

ON_BOTH(values, a_real_that_is_whole_stays_a_real)
{
	struct bb_rows r = added(n, PARAMS(bb_null(), bb_i64(INT64_MIN), bb_null(), bb_f64(-3),
					   bb_text("1969-12-31T23:59:59.999Z"), bb_null()));
	cr_assert_eq(bb_cell(&r, 0, 4)->type, BB_F64);
	cr_assert_eq(bb_cell_real(&r, 0, 4, 0), -3.0);
	cr_assert_eq(bb_cell_int(&r, 0, 2, 0), INT64_MIN);
	expect_text(&r, 5, "1969-12-31T23:59:59.999Z");
}

ON_BOTH(values, a_parameter_need_not_end_in_a_nul)
{
	struct outcome o;
	cr_assert_eq(node_write_one(n, "swap_words", PARAMS(bb_textn("busbar", 3), bb_i64(5)), &o),
		     0);
	cr_assert_str_eq(bb_cell_text(&o.rows, 0, 0), "bus");
	cr_assert_eq(bb_cell_int(&o.rows, 0, 1, 0), 5);
}

ON_BOTH(values, sums_and_conditions_have_the_same_types)
{
	struct outcome o;
	for (int i = 1; i <= 3; i++)
		added(n, PARAMS(bb_null(), bb_i64(i), bb_i64(10 * i), bb_null(), bb_null(),
				bb_null()));
	cr_assert_eq(node_read(n, "sums", 0, NULL, &o), 0);
	cr_assert_eq(bb_cell_int(&o.rows, 0, 0, -1), 3);
	cr_assert_eq(bb_cell_int(&o.rows, 0, 1, -1), 6);
	cr_assert_eq(bb_cell(&o.rows, 0, 2)->type, BB_F64);
	cr_assert_eq(bb_cell_real(&o.rows, 0, 2, 0), 2.0);
	cr_assert_eq(bb_cell_int(&o.rows, 0, 3, -1), 30);
	cr_assert_eq(bb_cell_int(&o.rows, 0, 4, -1), 1);
	cr_assert_eq(o.rows.changed, 0);
}

ON_BOTH(values, optional_filters_may_be_null)
{
	struct outcome o;
	for (int i = 1; i <= 3; i++)
		added(n, PARAMS(bb_text(i == 1   ? "a"
					: i == 2 ? "b"
						 : "c"),
				bb_i64(i), bb_null(), bb_null(),
				bb_text("2026-11-21T08:00:00.000Z"), bb_null()));
	cr_assert_eq(node_read(n, "from_number", PARAMS(bb_null(), bb_null()), &o), 0);
	cr_assert_eq(o.rows.rows, 3);
	cr_assert_eq(node_read(n, "from_number", PARAMS(bb_i64(2), bb_null()), &o), 0);
	cr_assert_eq(o.rows.rows, 2);
	cr_assert_str_eq(bb_cell_text(&o.rows, 0, 0), "b");
	struct bb_val later = bb_text("2026-11-21T08:00:00.001Z");
	cr_assert_eq(node_read(n, "from_number", PARAMS(bb_null(), later), &o), 0);
	cr_assert_eq(o.rows.rows, 0);
}

ON_BOTH(values, a_long_text_and_many_rows_come_back_whole)
{
	const uint32_t size = 300000;
	struct outcome o;
	char *text = bb_alloc(n->arena, size);
	for (uint32_t i = 0; i < size; i++)
		text[i] = (char)('a' + i % 23);
	for (uint32_t i = 0; i < 100; i++)
		cr_assert_eq(node_write_one(n, "add_note",
					    PARAMS(bb_i64(i), bb_textn(text, i ? i : size)), &o),
			     0);
	cr_assert_eq(node_read(n, "notes", 0, NULL, &o), 0);
	cr_assert_eq(o.rows.rows, 100);
	for (uint32_t i = 0; i < 100; i++) {
		const struct bb_val *v = bb_cell(&o.rows, i, 1);
		cr_assert_eq(v->len, i ? i : size);
		cr_assert_eq(memcmp(v->s, text, v->len), 0);
		cr_assert_eq(v->s[v->len], '\0');
	}
}
