#include "parts.h"

static bool valid(const struct candidate *c, int64_t at_ms)
{
	return c->valid_from_ms <= at_ms && at_ms < c->valid_until_ms && c->since_ms <= at_ms;
}

/* The one that holds at a time, whoever runs; NULL: none. */
static const struct candidate *holds(const struct candidate *c, size_t count, int64_t at_ms)
{
	const struct candidate *best = NULL;
	for (size_t i = 0; i < count; i++) {
		if (!valid(&c[i], at_ms))
			continue;
		if (!best || c[i].rank < best->rank ||
		    (c[i].rank == best->rank && c[i].version > best->version))
			best = &c[i];
	}
	return best;
}

static int64_t earlier(int64_t best, int64_t at, int64_t after, int64_t before)
{
	return at > after && at < before && at < best ? at : best;
}

/* The next time after which something else may hold; `end` if there is none. */
static int64_t next_change(const struct candidate *c, size_t count, int64_t after, int64_t end)
{
	int64_t best = end;
	for (size_t i = 0; i < count; i++) {
		best = earlier(best, c[i].valid_from_ms, after, end);
		best = earlier(best, c[i].valid_until_ms, after, end);
		best = earlier(best, c[i].since_ms, after, end);
	}
	return best;
}

/* Does a session that runs go over from one to the other? Who pays in one currency goes on in it.
 */
static bool goes_over(const struct candidate *from, const struct candidate *to, int64_t at_ms)
{
	if (!to || to == from || strcmp(from->currency, to->currency) != 0)
		return false;
	if (at_ms == from->valid_until_ms && from->running)
		return true;
	return to->running && (to->since_ms == at_ms || to->valid_from_ms == at_ms);
}

static int64_t whole_second(int64_t ms)
{
	return ms - (ms % 1000 + 1000) % 1000;
}

size_t parts_of(const struct candidate *c, size_t count, int64_t from_ms, int64_t to_ms,
		struct part *ret)
{
	const struct candidate *current = holds(c, count, from_ms);
	if (!current)
		return 0;
	size_t n = 1;
	ret[0] = (struct part){current, from_ms};
	for (int64_t at = from_ms; (at = next_change(c, count, at, to_ms)) < to_ms;) {
		const struct candidate *next = holds(c, count, at);
		if (!goes_over(current, next, at))
			continue;
		current = next;
		int64_t begin = whole_second(at);
		if (begin > ret[n - 1].from_ms && n < PARTS_MOST)
			ret[n++] = (struct part){current, begin};
		else
			ret[n - 1].tariff = current;
	}
	return n;
}

static int64_t seconds(int64_t ms)
{
	return whole_second(ms) / 1000;
}

static int64_t sample_at(const struct bb_json *sample)
{
	return bb_json_get_int(sample, "at_s", 0);
}

static int64_t sample_wh(const struct bb_json *sample)
{
	return bb_json_get_int(sample, "energy_wh", -1);
}

/* Wh from the session's start until then, to the nearest. */
static int64_t energy_at(const struct bb_json *samples, int64_t at_s, bool *ret_interpolated)
{
	const struct bb_json *before = NULL;
	*ret_interpolated = false;
	for (uint32_t i = 0; i < bb_json_count(samples); i++) {
		const struct bb_json *s = bb_json_at(samples, i);
		if (sample_wh(s) < 0)
			continue;
		if (sample_at(s) > at_s && before) {
			int64_t wh = sample_wh(s) - sample_wh(before);
			int64_t past = at_s - sample_at(before);
			int64_t length = sample_at(s) - sample_at(before);
			*ret_interpolated = wh > 0 && past > 0;
			return sample_wh(before) + (2 * wh * past + length) / (2 * length);
		}
		if (sample_at(s) <= at_s)
			before = s;
	}
	return before ? sample_wh(before) : 0;
}

static void push_sample(struct bb_builder *list, int64_t at_s, int64_t wh, int64_t power_w)
{
	struct bb_builder b = bb_build(list->arena);
	bb_put_int(&b, "at_s", at_s);
	if (wh >= 0)
		bb_put_int(&b, "energy_wh", wh);
	if (power_w >= 0)
		bb_put_int(&b, "power_w", power_w);
	bb_push(list, *bb_build_object(&b));
}

struct cut {
	int64_t from_s, to_s, from_wh, to_wh;
};

static const struct bb_json *cut_samples(struct bb_arena *a, const struct bb_json *samples,
					 struct cut c)
{
	struct bb_builder list = bb_build(a);
	push_sample(&list, c.from_s, 0, -1);
	for (uint32_t i = 0; i < bb_json_count(samples); i++) {
		const struct bb_json *s = bb_json_at(samples, i);
		int64_t wh = sample_wh(s);
		if (sample_at(s) > c.from_s && sample_at(s) < c.to_s)
			push_sample(&list, sample_at(s), wh < 0 ? -1 : wh - c.from_wh,
				    bb_json_get_int(s, "power_w", -1));
	}
	push_sample(&list, c.to_s, c.to_wh - c.from_wh, -1);
	return bb_build_array(&list);
}

/* And how long it charged and was idle meanwhile. */
static const struct bb_json *cut_periods(struct bb_arena *a, const struct bb_json *periods,
					 struct cut c, int64_t *ret_charging_s, int64_t *ret_idle_s)
{
	struct bb_builder list = bb_build(a);
	*ret_charging_s = *ret_idle_s = 0;
	for (uint32_t i = 0; i < bb_json_count(periods); i++) {
		const struct bb_json *p = bb_json_at(periods, i);
		int64_t from = bb_json_get_int(p, "from_s", 0), to = bb_json_get_int(p, "to_s", 0);
		const char *state = bb_json_get_str(p, "state", "");
		from = from > c.from_s ? from : c.from_s;
		to = to < c.to_s ? to : c.to_s;
		if (from >= to)
			continue;
		*(!strcmp(state, "idle") ? ret_idle_s : ret_charging_s) += to - from;
		struct bb_builder b = bb_build(a);
		bb_put_int(&b, "from_s", from);
		bb_put_int(&b, "to_s", to);
		bb_put_str(&b, "state", state);
		bb_push(&list, *bb_build_object(&b));
	}
	return bb_build_array(&list);
}

/* Members that a part has of its own. */
static bool is_own(const char *key)
{
	static const char *const own[] = {
	    "started_at", "stopped_at", "started_at_s", "stopped_at_s", "duration_s",
	    "charging_s", "idle_s",     "energy_wh",    "periods",      "samples"};
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (!strcmp(own[i], key))
			return true;
	return false;
}

static const struct bb_json *before_json(struct bb_arena *a, const struct part_before *before)
{
	struct bb_builder b = bb_build(a);
	bb_put_int(&b, "number", before->number);
	bb_put_int(&b, "count", before->count);
	bb_put_int(&b, "energy_wh", before->energy_wh);
	bb_put_int(&b, "duration_s", before->duration_s);
	bb_put_int(&b, "idle_s", before->idle_s);
	bb_put_json(&b, "lines", before->lines);
	return bb_build_object(&b);
}

const struct bb_json *part_session(const struct bb_api *api, struct bb_arena *a,
				   const struct bb_json *session, int64_t from_ms, int64_t to_ms,
				   const struct part_before *before, int64_t *ret_wh,
				   bool *ret_interpolated)
{
	const struct bb_json *samples = bb_json_get(session, "samples");
	bool last = before->number == before->count, ignored;
	struct cut c = {.from_s = seconds(from_ms), .to_s = seconds(to_ms)};
	c.from_wh = before->number == 1 ? 0 : energy_at(samples, c.from_s, ret_interpolated);
	c.to_wh =
	    last ? bb_json_get_int(session, "energy_wh", 0) : energy_at(samples, c.to_s, &ignored);
	if (before->number == 1)
		*ret_interpolated = false;
	int64_t charging_s, idle_s;
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < session->len; i++)
		if (!is_own(session->members[i].key))
			bb_put(&b, session->members[i].key, session->members[i].value);
	const struct bb_json *periods =
	    cut_periods(a, bb_json_get(session, "periods"), c, &charging_s, &idle_s);
	bb_put_str(&b, "started_at", api->time_format(a, from_ms));
	bb_put_str(&b, "stopped_at", api->time_format(a, to_ms));
	bb_put_int(&b, "started_at_s", c.from_s);
	bb_put_int(&b, "stopped_at_s", c.to_s);
	bb_put_int(&b, "duration_s", c.to_s - c.from_s);
	bb_put_int(&b, "charging_s", charging_s);
	bb_put_int(&b, "idle_s", idle_s);
	bb_put_int(&b, "energy_wh", c.to_wh - c.from_wh);
	bb_put_json(&b, "periods", periods);
	bb_put_json(&b, "samples", cut_samples(a, samples, c));
	bb_put_json(&b, "part", before_json(a, before));
	*ret_wh = c.to_wh - c.from_wh;
	return bb_build_object(&b);
}
