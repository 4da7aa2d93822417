/* Rows as REST shows them. */
#include "notifications.h"

static bool is_among(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static struct bb_json cell_json(const struct notify *p, struct bb_arena *a, const char *name,
				const struct bb_val *v)
{
	static const char *const truths[] = {"active", "test", "has_secret"};
	static const char *const parsed[] = {"events", "filter", "data", "headers"};
	if (is_among(name, truths, sizeof truths / sizeof *truths))
		return bb_json_make_bool(v->i != 0);
	if (is_among(name, parsed, sizeof parsed / sizeof *parsed))
		return bb_cell_parsed(p->api, a, v);
	if (!strcmp(name, "event_id"))
		return bb_json_make_str(bb_printf(a, "evt_%lld", (long long)v->i));
	return bb_cell_json(a, v);
}

const struct bb_json *row_json(const struct notify *p, struct bb_arena *a, const struct bb_rows *r,
			       uint32_t row)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t c = 0; c < r->columns; c++) {
		const char *name = bb_strdup(a, r->names[c]);
		if (strcmp(name, "cursor") != 0)
			bb_put(&b, name, cell_json(p, a, name, bb_cell(r, row, c)));
	}
	return bb_build_object(&b);
}

const struct bb_json *row_item(struct bb_arena *a, const struct bb_rows *r, uint32_t row, void *arg)
{
	return row_json(arg, a, r, row);
}
