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

static void show(struct bb_rest *r, const struct bb_json *examples)
{
	bb_rest_done(r, bb_page_of(r->arena, examples, NULL));
}

int tariff_examples(struct bb_call *call, void *self)
{
	struct tariffs *p = self;
	examples_read(bb_rest_later(p->api, p->me, call, p), show);
	return BB_LATER;
}
