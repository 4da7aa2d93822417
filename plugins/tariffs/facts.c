#include "facts.h"

static int64_t clamp(int64_t v, int64_t low, int64_t high)
{
	return v < low ? low : v > high ? high : v;
}

/* The i-th of `of` readings that are kept of `count`: the first and the last, and evenly between.
 */
static size_t kept(size_t i, size_t of, size_t count)
{
	return of == count ? i : i * (count - 1) / (of - 1);
}

/* Readings within the session, their energy counted from its start and never falling. */
static size_t relative(const struct facts *f, struct reading *out)
{
	size_t n = 0;
	int64_t so_far = 0;
	for (size_t i = 0; i < f->reading_count; i++) {
		struct reading r = f->readings[i];
		if (r.at_ms <= f->session.from_ms || r.at_ms >= f->session.to_ms)
			continue;
		if (r.energy_wh >= 0)
			so_far = r.energy_wh =
			    clamp(r.energy_wh - f->meter_start_wh, so_far, f->energy_wh);
		out[n++] = r;
	}
	return n;
}

size_t facts_samples(struct bb_arena *a, const struct facts *f, struct reading **ret)
{
	struct reading *all = bb_alloc(a, (f->reading_count + 2) * sizeof *all);
	all[0] = (struct reading){f->session.from_ms, 0, -1};
	size_t n = 1 + relative(f, all + 1);
	all[n++] = (struct reading){f->session.to_ms, f->energy_wh, -1};
	size_t most = n < SAMPLES_MOST ? n : SAMPLES_MOST;
	for (size_t i = 0; i < most; i++)
		all[i] = all[kept(i, most, n)];
	*ret = all;
	return most;
}

static int64_t seconds(int64_t ms)
{
	return ms / 1000 - (ms % 1000 < 0);
}

static const struct bb_json *samples_json(struct bb_arena *a, const struct reading *r, size_t count)
{
	struct bb_builder list = bb_build(a);
	for (size_t i = 0; i < count; i++) {
		struct bb_builder b = bb_build(a);
		bb_put_int(&b, "at_s", seconds(r[i].at_ms));
		if (r[i].energy_wh >= 0)
			bb_put_int(&b, "energy_wh", r[i].energy_wh);
		if (r[i].power_w >= 0)
			bb_put_int(&b, "power_w", r[i].power_w);
		bb_push(&list, *bb_build_object(&b));
	}
	return bb_build_array(&list);
}

/* Given, or found out. */
static size_t spans(const struct facts *f, const struct reading *samples, size_t count,
		    struct span *ret)
{
	const struct period s = f->session;
	if (f->idle_ms < 0)
		return usage_spans(s, f->statuses, f->status_count, samples, count, f->idle_below_w,
				   ret);
	int64_t end = s.to_ms - clamp(f->idle_ms, 0, s.to_ms - s.from_ms);
	size_t n = 0;
	if (end > s.from_ms)
		ret[n++] = (struct span){s.from_ms, end, false};
	if (s.to_ms > end)
		ret[n++] = (struct span){end, s.to_ms, true};
	return n;
}

/* A connector that flutters without end: the sums remain, at the beginning and the end. */
static size_t thin(struct period session, struct span *s, size_t count)
{
	if (count <= SPANS_MOST)
		return count;
	struct usage u = usage_sum(s, count);
	s[0] = (struct span){session.from_ms, session.from_ms + u.charging_ms, false};
	s[1] = (struct span){session.to_ms - u.idle_ms, session.to_ms, true};
	return u.idle_ms ? 2 : 1;
}

static const struct bb_json *spans_json(struct bb_arena *a, const struct span *s, size_t count)
{
	struct bb_builder list = bb_build(a);
	for (size_t i = 0; i < count; i++) {
		struct bb_builder b = bb_build(a);
		bb_put_int(&b, "from_s", seconds(s[i].from_ms));
		bb_put_int(&b, "to_s", seconds(s[i].to_ms));
		bb_put_str(&b, "state", s[i].idle ? "idle" : "charging");
		bb_push(&list, *bb_build_object(&b));
	}
	return bb_build_array(&list);
}

const struct bb_json *facts_session(const struct bb_api *api, struct bb_arena *a,
				    const struct facts *f)
{
	struct reading *samples;
	size_t count = facts_samples(a, f, &samples);
	struct span *parts = bb_alloc(a, (f->status_count + 2) * sizeof *parts);
	size_t part_count = thin(f->session, parts, spans(f, samples, count, parts));
	struct usage u = usage_sum(parts, part_count);
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < f->identity->len; i++)
		bb_put(&b, f->identity->members[i].key, f->identity->members[i].value);
	bb_put_str(&b, "time_zone", f->time_zone);
	bb_put_str(&b, "started_at", api->time_format(a, f->session.from_ms));
	bb_put_str(&b, "stopped_at", api->time_format(a, f->session.to_ms));
	bb_put_int(&b, "started_at_s", seconds(f->session.from_ms));
	bb_put_int(&b, "stopped_at_s", seconds(f->session.to_ms));
	bb_put_int(&b, "duration_s", (f->session.to_ms - f->session.from_ms) / 1000);
	bb_put_int(&b, "charging_s", u.charging_ms / 1000);
	bb_put_int(&b, "idle_s", u.idle_ms / 1000);
	bb_put_int(&b, "energy_wh", f->energy_wh);
	bb_put_json(&b, "periods", spans_json(a, parts, part_count));
	bb_put_json(&b, "samples", samples_json(a, samples, count));
	bb_put_bool(&b, "estimated", f->estimated);
	return bb_build_object(&b);
}

const struct bb_json *facts_with(struct bb_arena *a, const struct bb_json *session,
				 const char *currency, const struct bb_json *settings)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < session->len; i++)
		bb_put(&b, session->members[i].key, session->members[i].value);
	bb_put_str(&b, "currency", currency);
	bb_put_json(&b, "settings", settings);
	return bb_build_object(&b);
}
