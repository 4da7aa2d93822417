/* Pricing a session part by part, each by its own tariff, and joining what comes of it. */
#include "bill.h"
#include "facts.h"
#include "parts.h"
#include "tariffs.h"

struct parts_run {
	struct tariffs *plugin;
	struct bb_arena *arena;
	const struct bb_json *session;
	const struct priced_part *parts;
	size_t count, at; /* at: the part under way */
	int64_t stopped_ms;
	int64_t energy_wh, duration_s, idle_s; /* of the parts before, and from_wh of this one */
	int64_t part_wh;
	bool interpolated;             /* the energy at the beginning of the part under way */
	struct bb_builder lines, told; /* told: the bill's member `parts` */
	bill_fn *fn;
	void *arg;
};

static void run_next(struct parts_run *);

static int64_t time_ms(const struct parts_run *r, const char *member)
{
	const char *text = bb_json_get_str(r->session, member, "");
	int64_t ms = 0;
	r->plugin->api->time_parse(text, strlen(text), &ms);
	return ms;
}

/* What a line of a session in parts says of its tariff. */
static const char *part_note(const struct parts_run *r, const struct bb_json *line)
{
	struct bb_arena *a = r->arena;
	const struct priced_part *p = &r->parts[r->at];
	bool first = r->at == 0;
	const char *time = r->plugin->api->time_format(a, first ? p[1].from_ms : p->from_ms);
	const char *own = bb_json_get_str(line, "note", NULL);
	const char *note = bb_printf(a, "tariff %lld, version %lld, %s %.19sZ", (long long)p->id,
				     (long long)p->version, first ? "until" : "from", time);
	if (!first && r->interpolated && !strcmp(bb_json_get_str(line, "kind", ""), "energy"))
		note = bb_printf(a, "%s, the energy then interpolated", note);
	return own ? bb_printf(a, "%s; %s", note, own) : note;
}

static void push_line(struct parts_run *r, const struct bb_json *line)
{
	if (r->count == 1) {
		bb_push(&r->lines, *line);
		return;
	}
	struct bb_builder b = bb_build(r->arena);
	for (uint32_t i = 0; i < line->len; i++)
		if (strcmp(line->members[i].key, "note") != 0)
			bb_put(&b, line->members[i].key, line->members[i].value);
	bb_put_str(&b, "note", part_note(r, line));
	bb_push(&r->lines, *bb_build_object(&b));
}

static void push_part(struct parts_run *r)
{
	const struct priced_part *p = &r->parts[r->at];
	struct bb_builder b = bb_build(r->arena);
	bb_put_int(&b, "tariff_id", p->id);
	bb_put_int(&b, "tariff_version", p->version);
	bb_put_str(&b, "from_at", r->plugin->api->time_format(r->arena, p->from_ms));
	bb_put_int(&b, "energy_wh", r->part_wh);
	bb_push(&r->told, *bb_build_object(&b));
}

/* The lines so far, while more may follow. */
static const struct bb_json *lines_so_far(struct parts_run *r)
{
	struct bb_builder so_far = r->lines;
	return bb_build_array(&so_far);
}

static void finish(struct parts_run *r)
{
	const struct bb_json *lines = bb_build_array(&r->lines);
	int64_t total = 0;
	for (uint32_t i = 0; i < bb_json_count(lines); i++)
		total += bb_json_get_int(bb_json_at(lines, i), "amount_minor", 0);
	struct bb_builder b = bb_build(r->arena);
	bb_put_str(&b, "currency", r->parts[0].source.currency);
	bb_put_json(&b, "lines", lines);
	bb_put_int(&b, "total_minor", total);
	bb_put_int(&b, "tariff_id", r->parts[0].id);
	bb_put_int(&b, "tariff_version", r->parts[0].version);
	bb_put_json(&b, "parts", bb_build_array(&r->told));
	r->fn(r->arg, bb_build_object(&b), NULL);
}

static void part_priced(void *arg, const struct bb_json *bill, const char *error)
{
	struct parts_run *r = arg;
	const struct priced_part *p = &r->parts[r->at];
	if (!bill) {
		r->fn(r->arg, NULL, bb_printf(r->arena, "%s: %s", p->title, error));
		return;
	}
	const struct bb_json *lines = bb_json_get(bill, "lines");
	for (uint32_t i = 0; i < bb_json_count(lines); i++)
		push_line(r, bb_json_at(lines, i));
	push_part(r);
	r->at++;
	if (r->at < r->count)
		run_next(r);
	else
		finish(r);
}

/* The whole session, or the facts of the part. */
static const struct bb_json *facts_of(struct parts_run *r)
{
	const struct priced_part *p = &r->parts[r->at];
	if (r->count == 1) {
		r->part_wh = bb_json_get_int(r->session, "energy_wh", 0);
		return r->session;
	}
	const struct part_before before = {(int64_t)r->at + 1, (int64_t)r->count, r->energy_wh,
					   r->duration_s,      r->idle_s,         lines_so_far(r)};
	int64_t to_ms = r->at + 1 < r->count ? p[1].from_ms : r->stopped_ms;
	const struct bb_json *session =
	    part_session(r->plugin->api, r->arena, r->session, p->from_ms, to_ms, &before,
			 &r->part_wh, &r->interpolated);
	r->energy_wh += r->part_wh;
	r->duration_s += bb_json_get_int(session, "duration_s", 0);
	r->idle_s += bb_json_get_int(session, "idle_s", 0);
	return session;
}

static void run_next(struct parts_run *r)
{
	const struct bb_json *session = facts_of(r);
	run_tariff(r->plugin, r->arena, &r->parts[r->at].source, session, part_priced, r);
}

void parts_run(struct tariffs *p, struct bb_arena *a, const struct bb_json *session,
	       const struct priced_part *parts, size_t count, bill_fn *fn, void *arg)
{
	struct parts_run *r = bb_alloc(a, sizeof *r);
	*r = (struct parts_run){.plugin = p,
				.arena = a,
				.session = session,
				.parts = parts,
				.count = count,
				.lines = bb_build(a),
				.told = bb_build(a),
				.fn = fn,
				.arg = arg};
	r->stopped_ms = time_ms(r, "stopped_at");
	run_next(r);
}
