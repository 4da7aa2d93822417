#include "text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void add_digits(struct bb_bytes *t, uint64_t n, unsigned least)
{
	char digits[24], *at = digits + sizeof digits;
	for (unsigned i = 0; n || i < least; i++, n /= 10)
		*--at = (char)('0' + n % 10);
	bb_bytes_add(t, at, (size_t)(digits + sizeof digits - at));
}

/* In the name's unit, with as many decimals as it has. */
static void add_value(struct bb_bytes *t, int64_t v, uint32_t scale)
{
	uint64_t n = v < 0 ? -(uint64_t)v : (uint64_t)v;
	unsigned decimals = 0;
	if (v < 0)
		bb_bytes_add_str(t, "-");
	for (uint32_t s = scale; s > 1; s /= 10)
		decimals++;
	uint64_t rest = scale ? n % scale : 0;
	add_digits(t, scale ? n / scale : n, 1);
	if (!rest)
		return;
	for (; rest % 10 == 0; decimals--)
		rest /= 10;
	bb_bytes_add_str(t, ".");
	add_digits(t, rest, decimals);
}

static void add_escaped(struct bb_bytes *t, const char *s, bool quoted)
{
	for (; *s; s++) {
		if (*s == '\\' || (quoted && *s == '"'))
			bb_bytes_add(t, "\\", 1);
		if (*s == '\n')
			bb_bytes_add_str(t, "\\n");
		else
			bb_bytes_add(t, s, 1);
	}
}

static const char *next_name(const char **names, size_t *ret_len)
{
	const char *at = *names + strspn(*names, " ");
	*ret_len = strcspn(at, " ");
	*names = at + *ret_len;
	return at;
}

/* {action="Reset",le="0.5"}; of a bucket with its bound, which is +Inf behind the last. */
static void add_labels(struct bb_bytes *t, const struct bb_metric *m, const struct bb_reading *r,
		       const uint32_t *bucket)
{
	const char *names = m->labels ? m->labels : "", *before = "{";
	size_t len;
	for (uint32_t i = 0;; i++) {
		const char *name = next_name(&names, &len);
		if (!len)
			break;
		bb_bytes_add_str(t, before);
		bb_bytes_add(t, name, len);
		bb_bytes_add_str(t, "=\"");
		add_escaped(t, r->values[i], true);
		bb_bytes_add_str(t, "\"");
		before = ",";
	}
	if (bucket) {
		bb_bytes_add_str(t, before);
		bb_bytes_add_str(t, "le=\"");
		if (*bucket < m->bound_count)
			add_value(t, m->bounds[*bucket], m->scale);
		else
			bb_bytes_add_str(t, "+Inf");
		bb_bytes_add_str(t, "\"");
	}
	if (bucket || *before == ',')
		bb_bytes_add_str(t, "}");
}

static void add_line(struct bb_bytes *t, const struct bb_metric *m, const char *suffix,
		     const struct bb_reading *r, int64_t value, uint32_t scale)
{
	bb_bytes_add_str(t, m->name);
	bb_bytes_add_str(t, suffix);
	add_labels(t, m, r, NULL);
	bb_bytes_add_str(t, " ");
	add_value(t, value, scale);
	bb_bytes_add_str(t, "\n");
}

static void add_histogram(struct bb_bytes *t, const struct bb_metric *m, const struct bb_reading *r)
{
	uint64_t under = 0;
	for (uint32_t i = 0; i <= m->bound_count; i++) {
		under = i < m->bound_count ? under + r->buckets[i] : r->count;
		bb_bytes_add_str(t, m->name);
		bb_bytes_add_str(t, "_bucket");
		add_labels(t, m, r, &i);
		bb_bytes_add_str(t, " ");
		add_digits(t, under, 1);
		bb_bytes_add_str(t, "\n");
	}
	add_line(t, m, "_sum", r, r->value, m->scale);
	add_line(t, m, "_count", r, (int64_t)r->count, 0);
}

void text_metric(const struct bb_metric *m, const struct bb_reading *r, uint32_t count, void *to)
{
	static const char *const types[] = {
	    [BB_COUNTER] = "counter", [BB_GAUGE] = "gauge", [BB_HISTOGRAM] = "histogram"};
	struct bb_bytes *t = to;
	bb_bytes_add_str(t, "# HELP ");
	bb_bytes_add_str(t, m->name);
	bb_bytes_add_str(t, " ");
	add_escaped(t, m->help, false);
	bb_bytes_add_str(t, "\n# TYPE ");
	bb_bytes_add_str(t, m->name);
	bb_bytes_add_str(t, " ");
	bb_bytes_add_str(t, types[m->type]);
	bb_bytes_add_str(t, "\n");
	for (uint32_t i = 0; i < count; i++) {
		if (m->type == BB_HISTOGRAM)
			add_histogram(t, m, &r[i]);
		else
			add_line(t, m, "", &r[i], r[i].value, m->scale);
	}
}
