/* A transaction as JSON. */
#include "transactions.h"

/* The view's last columns, which are not shown as they are stored. */
enum { FROM_END_FLAGS = 4, FROM_END_ESTIMATED = 3, FROM_END_PRICE = 2, FROM_END_CURRENCY = 1 };

/* "offline clock" as ["offline", "clock"] */
static const struct bb_json *words(struct bb_arena *a, const char *text)
{
	struct bb_builder b = bb_build(a);
	while (text && *text) {
		text += strspn(text, " ");
		size_t n = strcspn(text, " ");
		if (n)
			bb_push(&b, bb_json_make_str(bb_strndup(a, text, n)));
		text += n;
	}
	return bb_build_array(&b);
}

static const char *text_of(const struct bb_rows *r, uint32_t row, const char *column)
{
	for (uint32_t c = 1; c < r->columns; c++)
		if (!strcmp(r->names[c], column))
			return bb_cell_text(r, row, c);
	return NULL;
}

/* Null while it runs. */
static struct bb_json duration_s(const struct bb_api *api, const struct bb_rows *r, uint32_t row)
{
	const char *from = text_of(r, row, "started_at"), *to = text_of(r, row, "stopped_at");
	int64_t a, b;
	if (!from || !to || api->time_parse(from, strlen(from), &a) ||
	    api->time_parse(to, strlen(to), &b))
		return bb_json_make_null();
	return bb_json_make_int((b - a) / 1000);
}

void transaction_put(const struct bb_api *api, struct bb_builder *b, const struct bb_rows *r,
		     uint32_t row)
{
	uint32_t end = r->columns;
	for (uint32_t c = 1; c < end - FROM_END_FLAGS; c++)
		bb_put(b, bb_strdup(b->arena, r->names[c]),
		       bb_cell_json(b->arena, bb_cell(r, row, c)));
	bb_put(b, "duration_s", duration_s(api, r, row));
	bb_put_json(b, "flags", words(b->arena, bb_cell_text(r, row, end - FROM_END_FLAGS)));
	bb_put_bool(b, "estimated", bb_cell_int(r, row, end - FROM_END_ESTIMATED, 0) != 0);
	bb_put(b, "price",
	       bb_money_json(b->arena, bb_cell(r, row, end - FROM_END_PRICE),
			     bb_cell(r, row, end - FROM_END_CURRENCY)));
}
