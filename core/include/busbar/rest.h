/* What REST handlers of every plugin share: rows as JSON, and pages of a list.
 * Inline, over the api that init() got. */
#ifndef BUSBAR_REST_H
#define BUSBAR_REST_H
#include <stdlib.h>

#include <busbar/plugin.h>

#define BB_PAGE_DEFAULT 50
#define BB_PAGE_MOST 500

/* One cell as JSON; texts are copied. */
static inline struct bb_json bb_cell_json(struct bb_arena *a, const struct bb_val *v)
{
	switch (v->type) {
	case BB_I64:
		return bb_json_make_int(v->i);
	case BB_F64:
		return bb_json_make_real(v->f);
	case BB_TEXT:
		return bb_json_make_str(bb_strndup(a, v->s, v->len));
	default:
		return bb_json_make_null();
	}
}

/* Puts the row's cells from column `from` on into an object under construction, named as the
 * columns are. */
static inline void bb_put_row(struct bb_builder *b, const struct bb_rows *r, uint32_t row,
			      uint32_t from)
{
	for (uint32_t c = from; c < r->columns; c++)
		bb_put(b, bb_strdup(b->arena, r->names[c]),
		       bb_cell_json(b->arena, bb_cell(r, row, c)));
}

/* The `limit` parameter: 50 if absent, 1 to 500; -1 if it is not such a number (answer 400). Fetch
 * one row more than this, so that bb_page() knows whether there are more. */
static inline int64_t bb_page_limit(const struct bb_api *api, const struct bb_call *call)
{
	const char *text = api->param(call, "limit");
	if (!text)
		return BB_PAGE_DEFAULT;
	char *end;
	long long v = strtoll(text, &end, 10);
	return *end || end == text || v < 1 || v > BB_PAGE_MOST ? -1 : v;
}

/* Makes one item of a list from a row. */
typedef const struct bb_json *bb_item_fn(struct bb_arena *, const struct bb_rows *, uint32_t row,
					 void *arg);

/* {"items": [...], "next_cursor": "..." | null} of at most `limit` rows. Column 0 of the query is
 * the cursor: what the next page's `cursor` parameter says. `item` NULL: an object of all columns
 * but the cursor. */
static inline const struct bb_json *bb_page(struct bb_arena *a, const struct bb_rows *r,
					    int64_t limit, bb_item_fn *item, void *arg)
{
	struct bb_builder items = bb_build(a), page = bb_build(a);
	struct bb_json next = bb_json_make_null();
	for (uint32_t i = 0; i < r->rows && i < limit; i++) {
		if (item) {
			bb_push(&items, *item(a, r, i, arg));
		} else {
			struct bb_builder b = bb_build(a);
			bb_put_row(&b, r, i, 1);
			bb_push(&items, *bb_build_object(&b));
		}
	}
	if (r->rows > limit) {
		const struct bb_val *v = bb_cell(r, (uint32_t)limit - 1, 0);
		char *text = (char *)bb_alloc(a, 24);
		if (v->type == BB_I64) {
			char digits[24];
			uint64_t u = v->i < 0 ? 0 : (uint64_t)v->i;
			size_t n = sizeof digits;
			do
				digits[--n] = (char)('0' + u % 10);
			while (u /= 10);
			memcpy(text, digits + n, sizeof digits - n);
			text[sizeof digits - n] = '\0';
		} else {
			text = bb_strndup(a, v->s, v->len);
		}
		next = bb_json_make_str(text);
	}
	bb_put_json(&page, "items", bb_build_array(&items));
	bb_put(&page, "next_cursor", next);
	return bb_build_object(&page);
}
#endif
