/* Sessions to try tariffs with: scripts/examples/sessions.lua, and GET /api/admin/tariffs/examples.
 */
#include "tariffs.h"

struct reading_examples {
	struct bb_rest *rest;
	examples_fn *fn;
};

static void read_them(int err, const struct bb_json *v, void *arg)
{
	const struct reading_examples *e = arg;
	if (err)
		bb_rest_fail(e->rest, "500", bb_json_get_str(v, "detail", "no examples"));
	else
		e->fn(e->rest, v);
}

void examples_read(struct bb_rest *r, examples_fn *fn)
{
	struct bb_script s = {"default", "examples/sessions", r->api->version(), NULL, 0};
	struct reading_examples *e = bb_alloc(r->arena, sizeof *e);
	*e = (struct reading_examples){r, fn};
	if (r->api->script_bundled(r->me, s.name, r->arena, &s.text, &s.len)) {
		bb_rest_fail(r, "500", "the bundled examples are missing");
		return;
	}
	int err =
	    r->api->script_call(r->me, &s, "sessions", bb_json_empty(r->arena), 0, read_them, e);
	if (err < 0)
		read_them(err, NULL, e);
}

/* A page of them; the cursor is how many came before. */
struct wanted {
	int64_t from, limit;
};

static void show(struct bb_rest *r, const struct bb_json *examples)
{
	const struct wanted *w = r->arg;
	struct bb_builder items = bb_build(r->arena);
	int64_t count = bb_json_count(examples), end = w->from + w->limit;
	for (int64_t i = w->from; i < end && i < count; i++)
		bb_push(&items, *bb_json_at(examples, (uint32_t)i));
	const char *next = end < count ? bb_printf(r->arena, "%lld", (long long)end) : NULL;
	bb_rest_done(r, bb_page_of(r->arena, bb_build_array(&items), next));
}

int tariff_examples(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_INT}};
	struct tariffs *p = self;
	struct wanted *w = bb_zalloc(p->api->arena(call), sizeof *w);
	struct bb_val cursor;
	if (!bb_filters(p->api, call, filters, 1, &cursor, &w->limit))
		return BB_DONE;
	w->from = cursor.type == BB_I64 && cursor.i > 0 && cursor.i < UINT32_MAX ? cursor.i : 0;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = w;
	examples_read(r, show);
	return BB_LATER;
}
