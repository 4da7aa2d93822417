/* Running a tariff's function price(session), and judging what it answers. */
#include "bill.h"
#include "facts.h"
#include "tariffs.h"

#define SCHEMA "hooks/price"

struct run {
	struct tariffs *plugin;
	struct bb_arena *arena;
	const char *name;
	bill_fn *fn;
	void *arg;
};

/* "tariffs/7:12: there is no such thing" */
static const char *script_error(const struct run *r, int err, const struct bb_json *v)
{
	if (err == -ENOENT)
		return bb_printf(r->arena, "%s: it has no function price(session)", r->name);
	const char *script = bb_json_get_str(v, "script", r->name);
	const char *detail = bb_json_get_str(v, "detail", strerror(-err));
	int64_t line = bb_json_get_int(v, "line", 0);
	if (line)
		return bb_printf(r->arena, "%s:%lld: %s", script, (long long)line, detail);
	return bb_printf(r->arena, "%s: %s", script, detail);
}

static const char *answer_fault(const struct run *r, const struct bb_json *v)
{
	const struct bb_json *errors;
	if (!bb_json_is(v, BB_JSON_OBJECT))
		return bb_printf(r->arena, "%s: price(session) does not return a table", r->name);
	if (!r->plugin->api->validate(SCHEMA, v, r->arena, &errors))
		return bill_fault(r->arena, v);
	const struct bb_json *first = bb_json_at(errors, 0);
	return bb_printf(r->arena, "%s: the answer's %s %s", r->name,
			 bb_json_get_str(first, "path", ""), bb_json_get_str(first, "rule", ""));
}

/* `v` goes with this call; what stays of it is copied as text and read again. */
static const struct bb_json *keep(const struct run *r, const struct bb_json *v)
{
	const struct bb_json *copy = NULL;
	size_t len;
	const char *text = r->plugin->api->json_write(r->arena, v, &len);
	r->plugin->api->json_parse(r->arena, text, len, &copy, NULL);
	return copy;
}

static void answered(int err, const struct bb_json *v, void *arg)
{
	const struct run *r = arg;
	const char *error = err ? script_error(r, err, v) : answer_fault(r, v);
	r->fn(r->arg, error ? NULL : keep(r, v), error);
}

void run_tariff(struct tariffs *p, struct bb_arena *a, const struct source *s,
		const struct bb_json *session, bill_fn *fn, void *arg)
{
	struct run *r = bb_alloc(a, sizeof *r);
	*r = (struct run){p, a, s->name, fn, arg};
	const struct bb_script script = {s->operator_id, s->name, s->version, s->text, s->len};
	int err = p->api->script_call(p->me, &script, "price",
				      facts_with(a, session, s->currency, s->settings),
				      (uint32_t)p->cfg->price_timeout_ms, answered, r);
	if (err < 0)
		answered(err, NULL, r);
}

const struct bb_json *run_settings(const struct tariffs *p, struct bb_arena *a, const char *text)
{
	const struct bb_json *v;
	if (!text || p->api->json_parse(a, text, strlen(text), &v, NULL) ||
	    !bb_json_is(v, BB_JSON_OBJECT))
		return bb_json_empty(a);
	return v;
}
