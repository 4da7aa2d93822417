/* Running a tariff's function price(session), and judging what it answers. */
#include "bill.h"
#include "facts.h"
#include "tariffs.h"

#define SCHEMA "hooks/price"

struct run {
	struct tariffs *plugin;
	struct bb_arena *arena;
	const char *name, *currency; /* currency NULL: the script's to say */
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
	if (r->plugin->api->validate(SCHEMA, v, r->arena, &errors)) {
		const struct bb_json *first = bb_json_at(errors, 0);
		return bb_printf(r->arena, "%s: the answer's %s %s", r->name,
				 bb_json_get_str(first, "path", ""),
				 bb_json_get_str(first, "rule", ""));
	}
	const char *currency = bb_json_get_str(v, "currency", "");
	const char *fault = bill_fault(r->arena, v);
	if (fault || !r->currency || !strcmp(currency, r->currency))
		return fault;
	return bb_printf(r->arena, "%s: the answer's currency is %s, but the tariff's is %s",
			 r->name, currency, r->currency);
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

static void run(const struct run *as, const struct bb_script *script, const struct bb_json *session)
{
	struct tariffs *p = as->plugin;
	struct run *r = bb_alloc(as->arena, sizeof *r);
	*r = *as;
	int err = p->api->script_call(p->me, script, "price", session,
				      (uint32_t)p->cfg->price_timeout_ms, answered, r);
	if (err < 0)
		answered(err, NULL, r);
}

void run_tariff(struct tariffs *p, struct bb_arena *a, const struct source *s,
		const struct bb_json *session, bill_fn *fn, void *arg)
{
	const struct run r = {p, a, s->name, s->currency, fn, arg};
	const struct bb_script script = {s->operator_id, s->name, s->version, s->text, s->len};
	run(&r, &script, facts_with(a, session, s->currency, s->settings));
}

void run_scripts(struct tariffs *p, struct bb_arena *a, const struct bb_script *set,
		 const struct bb_json *session, bill_fn *fn, void *arg)
{
	const struct run r = {p, a, set->name, NULL, fn, arg};
	run(&r, set, session);
}

const struct bb_json *run_parsed(const struct tariffs *p, struct bb_arena *a, const char *text)
{
	const struct bb_json *v;
	return text && !p->api->json_parse(a, text, strlen(text), &v, NULL) ? v : NULL;
}

const struct bb_json *run_settings(const struct tariffs *p, struct bb_arena *a, const char *text)
{
	const struct bb_json *v = run_parsed(p, a, text);
	return bb_json_is(v, BB_JSON_OBJECT) ? v : bb_json_empty(a);
}

/* The column of that name, which is there. */
static uint32_t column(const struct bb_rows *rows, const char *name)
{
	uint32_t c = 0;
	while (c + 1 < rows->columns && strcmp(rows->names[c], name) != 0)
		c++;
	return c;
}

struct source source_of_row(const struct tariffs *p, struct bb_arena *a, const struct bb_rows *rows,
			    uint32_t row, const char *operator_id)
{
	const struct bb_val *text = bb_cell(rows, row, column(rows, "source"));
	int64_t id = bb_cell_int(rows, row, column(rows, "id"), 0);
	int64_t version = bb_cell_int(rows, row, column(rows, "version"), 0);
	const char *settings = bb_cell_text(rows, row, column(rows, "settings"));
	return (struct source){
	    .operator_id = operator_id,
	    .name = bb_printf(a, "tariffs/%lld", (long long)id),
	    .version = bb_printf(a, "%lld", (long long)version),
	    .text = bb_strndup(a, text->s, text->len),
	    .len = text->len,
	    .currency = bb_strdup(a, bb_cell_text(rows, row, column(rows, "currency"))),
	    .settings = run_settings(p, a, settings),
	};
}
