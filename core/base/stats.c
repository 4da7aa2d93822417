#include "base/stats.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"

#define MOST_LABELS 4u
#define MOST_SERIES 64u
#define OTHER "other"

struct family {
	const struct bb_metric *metric;
	const void *owner;
	uint32_t labels, most;
	struct bb_series **series; /* in the order of coming */
	uint32_t count, room;
	uint32_t *slots; /* their indices + 1 by hash; 0: free. A power of two, at most half full */
	uint32_t size;
};

struct before {
	const void *owner;
	void (*fn)(void *arg);
	void *arg;
	struct before *next;
};

static struct {
	struct family **families; /* by name */
	uint32_t count;
	struct before *before, **before_end;
	struct family *latest; /* the one that was asked for last */
	struct bb_series **strays;
	uint32_t stray_count;
} all;

static uint32_t count_words(const char *text)
{
	uint32_t n = 0;
	while (text && *(text += strspn(text, " "))) {
		text += strcspn(text, " ");
		n++;
	}
	return n;
}

/* Where the metric of that name is, or belongs. */
static uint32_t place_of(const char *name)
{
	uint32_t low = 0, high = all.count;
	while (low < high) {
		uint32_t at = (low + high) / 2;
		if (strcmp(all.families[at]->metric->name, name) < 0)
			low = at + 1;
		else
			high = at;
	}
	return low;
}

static struct family *family_add(uint32_t at, const void *owner, const struct bb_metric *m)
{
	struct family *f = mem_zalloc(sizeof *f);
	f->metric = m;
	f->owner = owner;
	f->labels = count_words(m->labels);
	f->most = m->most ? m->most : MOST_SERIES;
	all.families = mem_realloc(all.families, (all.count + 1) * sizeof(struct family *));
	memmove(&all.families[at + 1], &all.families[at],
		(all.count - at) * sizeof(struct family *));
	all.families[at] = f;
	all.count++;
	return f;
}

/* NULL: it is another owner's, or cannot be. */
static struct family *family_of(const void *owner, const struct bb_metric *m)
{
	if (all.latest && all.latest->metric == m)
		return all.latest;
	uint32_t at = place_of(m->name);
	struct family *f = at < all.count ? all.families[at] : NULL;
	if (!f || strcmp(f->metric->name, m->name) != 0)
		f = count_words(m->labels) <= MOST_LABELS ? family_add(at, owner, m) : NULL;
	else if (f->owner != owner)
		f = NULL;
	if (f)
		all.latest = f;
	return f;
}

static uint32_t hash_of(const char *const *values, uint32_t count)
{
	uint32_t h = 0x811c9dc5u;
	for (uint32_t i = 0; i < count; i++) {
		for (const char *s = values[i]; *s; s++)
			h = (h ^ (uint8_t)*s) * 0x01000193u;
		h = (h ^ 0xff) * 0x01000193u;
	}
	return h;
}

static bool are_equal(const char *const *a, const char *const *b, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return true;
}

static uint32_t *slot_of(const struct family *f, uint32_t hash, const char *const *values)
{
	for (uint32_t i = hash;; i++) {
		uint32_t *slot = &f->slots[i & (f->size - 1)];
		const struct bb_series *s = *slot ? f->series[*slot - 1] : NULL;
		if (!s || (s->hash == hash &&
			   are_equal((const char *const *)s->values, values, f->labels)))
			return slot;
	}
}

static void grow(struct family *f)
{
	f->size = f->size ? f->size * 2 : 8;
	free(f->slots);
	f->slots = mem_zalloc(f->size * sizeof *f->slots);
	for (uint32_t i = 0; i < f->count; i++)
		*slot_of(f, f->series[i]->hash, (const char *const *)f->series[i]->values) = i + 1;
}

static struct bb_series *series_new(const struct bb_metric *m, const char *const *values,
				    uint32_t labels)
{
	bool histogram = m->type == BB_HISTOGRAM;
	uint32_t bounds = histogram ? m->bound_count : 0;
	struct bb_series *s = mem_zalloc(sizeof *s + bounds * sizeof *s->buckets);
	s->bounds = m->bounds;
	s->bound_count = bounds;
	s->shown = m->type != BB_GAUGE;
	s->values = mem_zalloc((labels + 1) * sizeof *s->values);
	for (uint32_t i = 0; i < labels; i++)
		s->values[i] = mem_strdup(values[i]);
	return s;
}

static void series_free(struct bb_series *s, uint32_t labels)
{
	for (uint32_t i = 0; i < labels; i++)
		free((char *)s->values[i]);
	free(s->values);
	free(s);
}

static struct bb_series *series_add(struct family *f, uint32_t hash, const char *const *values)
{
	if (2 * (f->count + 1) > f->size)
		grow(f);
	if (f->count == f->room) {
		f->room = f->room ? 2 * f->room : 4;
		f->series = mem_realloc(f->series, f->room * sizeof(struct bb_series *));
	}
	struct bb_series *s = series_new(f->metric, values, f->labels);
	s->hash = hash;
	f->series[f->count++] = s;
	*slot_of(f, hash, values) = f->count;
	return s;
}

static struct bb_series *series_of(struct family *f, const char *const *values)
{
	uint32_t hash = hash_of(values, f->labels);
	const uint32_t *slot = f->size ? slot_of(f, hash, values) : NULL;
	if (slot && *slot)
		return f->series[*slot - 1];
	return f->count < f->most ? series_add(f, hash, values) : NULL;
}

/* One that nobody reads, so that whoever counts need not ask. */
static struct bb_series *stray(const struct bb_metric *m)
{
	log_line(BB_ERROR, "metrics", "%s belongs to somebody else, or has too many labels",
		 m->name);
	struct bb_series *s = series_new(m, NULL, 0);
	all.strays = mem_realloc(all.strays, (all.stray_count + 1) * sizeof(struct bb_series *));
	all.strays[all.stray_count++] = s;
	return s;
}

struct bb_series *stats_series(const void *owner, const struct bb_metric *m,
			       const char *const *values)
{
	static const char *const others[MOST_LABELS] = {OTHER, OTHER, OTHER, OTHER};
	const char *given[MOST_LABELS];
	struct family *f = family_of(owner, m);
	if (!f)
		return stray(m);
	if (!values && f->labels)
		return NULL;
	for (uint32_t i = 0; i < f->labels; i++)
		given[i] = values[i] ? values[i] : "";
	struct bb_series *s = series_of(f, given);
	if (s)
		return s;
	uint32_t hash = hash_of(others, f->labels);
	const uint32_t *slot = slot_of(f, hash, others);
	return *slot ? f->series[*slot - 1] : series_add(f, hash, others);
}

struct bb_series *stats_single(const struct bb_metric *m)
{
	return stats_series(NULL, m, NULL);
}

void stats_know(const struct bb_metric *metrics, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		stats_series(NULL, &metrics[i], NULL);
}

void stats_hide(const struct bb_metric *m)
{
	uint32_t at = place_of(m->name);
	if (at >= all.count || all.families[at]->metric != m)
		return;
	struct family *f = all.families[at];
	for (uint32_t i = 0; i < f->count; i++)
		f->series[i]->shown = false;
}

void stats_before(const void *owner, void (*fn)(void *arg), void *arg)
{
	struct before *b = mem_alloc(sizeof *b);
	*b = (struct before){owner, fn, arg, NULL};
	if (!all.before)
		all.before_end = &all.before;
	*all.before_end = b;
	all.before_end = &b->next;
}

static void read_family(const struct family *f, struct bb_reading *readings, bb_metric_fn *fn,
			void *arg)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < f->count; i++) {
		const struct bb_series *s = f->series[i];
		if (s->shown)
			readings[count++] = (struct bb_reading){(const char *const *)s->values,
								s->value, s->count, s->buckets};
	}
	fn(f->metric, readings, count, arg);
}

void stats_each(bb_metric_fn *fn, void *arg)
{
	uint32_t most = 1;
	for (const struct before *b = all.before; b; b = b->next)
		b->fn(b->arg);
	for (uint32_t i = 0; i < all.count; i++)
		most = all.families[i]->count > most ? all.families[i]->count : most;
	struct bb_reading *readings = mem_alloc(most * sizeof *readings);
	for (uint32_t i = 0; i < all.count; i++)
		read_family(all.families[i], readings, fn, arg);
	free(readings);
}

static void family_free(struct family *f)
{
	for (uint32_t i = 0; i < f->count; i++)
		series_free(f->series[i], f->labels);
	free(f->series);
	free(f->slots);
	free(f);
}

void stats_forget(const void *owner)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < all.count; i++) {
		if (owner && all.families[i]->owner == owner)
			family_free(all.families[i]);
		else
			all.families[kept++] = all.families[i];
	}
	all.count = kept;
	all.latest = NULL;
	for (struct before **at = &all.before, *b; (b = *at);) {
		if (b->owner != owner) {
			at = &b->next;
			continue;
		}
		*at = b->next;
		free(b);
	}
	all.before_end = &all.before;
	while (*all.before_end)
		all.before_end = &(*all.before_end)->next;
}
