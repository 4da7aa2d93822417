#include "layout.h"

#define SCRIPT_MS 10000
#define LINES_AT_ONCE 40u /* a call runs on the loop: what it does must be little */

struct layout {
	struct bb_rest *r;
	const struct bb_json *document, *sessions;
	bool html, headed, footed;
	uint32_t next; /* session */
	struct bb_builder pieces;
	layout_fn *fn;
};

static void step(struct layout *l);

/* What a call gives goes with its callback: it is written and read again. */
static void on_piece(int err, const struct bb_json *v, void *arg)
{
	struct layout *l = arg;
	const struct bb_api *api = l->r->api;
	const struct bb_json *copy = NULL;
	if (err) {
		const struct invoices *p = l->r->self;
		api->log(p->me, BB_ERROR, "the layout failed: %s:%lld: %s",
			 bb_json_get_str(v, "script", "?"),
			 (long long)bb_json_get_int(v, "line", 0),
			 bb_json_get_str(v, "detail", strerror(-err)));
		bb_rest_fail(l->r, "500", "the document could not be laid out");
		return;
	}
	size_t len;
	const char *text = api->json_write(l->r->arena, v, &len);
	if (!api->json_parse(l->r->arena, text, len, &copy, NULL))
		bb_push(&l->pieces, *copy);
	step(l);
}

static void ask(struct layout *l, const char *function, const struct bb_json *question)
{
	const struct invoices *p = l->r->self;
	struct bb_script script = p->layout;
	script.operator_id = bb_json_get_str(l->document, "operator_id", "default");
	int err = p->api->script_call(p->me, &script, function, question, SCRIPT_MS, on_piece, l);
	if (err < 0)
		on_piece(err, NULL, l);
}

/* All but the sessions. */
static const struct bb_json *frame(const struct layout *l)
{
	struct bb_builder b = bb_build(l->r->arena);
	for (uint32_t i = 0; i < l->document->len; i++)
		if (&l->document->members[i].value != l->sessions)
			bb_put(&b, l->document->members[i].key, l->document->members[i].value);
	return bb_build_object(&b);
}

/* The next sessions, with what their figures need. */
static const struct bb_json *slice(struct layout *l)
{
	struct bb_builder b = bb_build(l->r->arena), list = bb_build(l->r->arena);
	uint32_t lines = 0;
	while (l->next < bb_json_count(l->sessions) && lines < LINES_AT_ONCE) {
		const struct bb_json *session = bb_json_at(l->sessions, l->next++);
		lines += 2 + bb_json_count(bb_json_get(session, "lines"));
		bb_push(&list, *session);
	}
	bb_put_json(&b, "language", bb_json_get(l->document, "language"));
	bb_put_json(&b, "decimals", bb_json_get(l->document, "decimals"));
	bb_put_json(&b, "sessions", bb_build_array(&list));
	return bb_build_object(&b);
}

static void step(struct layout *l)
{
	if (!l->headed) {
		l->headed = true;
		ask(l, l->html ? "html_head" : "head", frame(l));
	} else if (l->next < bb_json_count(l->sessions)) {
		ask(l, l->html ? "html_rows" : "rows", slice(l));
	} else if (l->html && !l->footed) {
		l->footed = true;
		ask(l, "html_foot", frame(l));
	} else {
		l->fn(l->r, bb_build_array(&l->pieces));
	}
}

void layout_begin(struct bb_rest *r, const struct bb_json *document, bool html, layout_fn *fn)
{
	struct layout *l = bb_zalloc(r->arena, sizeof *l);
	*l = (struct layout){
	    .r = r,
	    .document = document,
	    .sessions = bb_json_get(document, "sessions"),
	    .html = html,
	    .pieces = bb_build(r->arena),
	    .fn = fn,
	};
	step(l);
}
