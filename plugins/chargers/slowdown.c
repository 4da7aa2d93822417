#include "slowdown.h"

#include <openssl/rand.h>
#include <string.h>

#define FNV_PRIME UINT64_C(1099511628211)

static uint64_t add(uint64_t h, const char *text)
{
	for (; *text; text++)
		h = (h ^ (uint8_t)*text) * FNV_PRIME;
	return (h ^ 0xff) * FNV_PRIME; /* no byte of UTF-8: where one text ends */
}

uint64_t slowdown_key(struct slowdown *s, const char *a, const char *b)
{
	while (!s->seed)
		RAND_bytes((unsigned char *)&s->seed, sizeof s->seed);
	uint64_t h = add(s->seed, a);
	if (b)
		h = add(h, b);
	h ^= h >> 29;
	return h ? h : 1;
}

static const struct guesser *find(const struct slowdown *s, uint64_t key)
{
	const struct guesser *set = s->sets[key % SLOWDOWN_SETS];
	for (uint32_t i = 0; i < SLOWDOWN_WAYS; i++)
		if (set[i].key == key)
			return &set[i];
	return NULL;
}

/* Its own place, or that of the one that has been quiet for longest. */
static struct guesser *place(struct slowdown *s, uint64_t key)
{
	struct guesser *set = s->sets[key % SLOWDOWN_SETS], *oldest = &set[0];
	struct guesser *own = (struct guesser *)find(s, key);
	for (uint32_t i = 1; i < SLOWDOWN_WAYS && !own; i++)
		if (set[i].last_ms < oldest->last_ms)
			oldest = &set[i];
	if (!own)
		*oldest = (struct guesser){.key = key};
	return own ? own : oldest;
}

int64_t slowdown_wait(const struct slowdown *s, uint64_t key, int64_t now_ms)
{
	const struct guesser *g = find(s, key);
	return g && g->until_ms > now_ms ? g->until_ms - now_ms : 0;
}

bool slowdown_knows(const struct slowdown *s, uint64_t key)
{
	return find(s, key) != NULL;
}

static int64_t delay_of(uint32_t beyond, const struct slowdown_rule *rule)
{
	int64_t ms = rule->first_ms;
	while (--beyond && ms < rule->most_ms)
		ms *= 2;
	return ms < rule->most_ms ? ms : rule->most_ms;
}

void slowdown_wrong(struct slowdown *s, uint64_t key, int64_t now_ms,
		    const struct slowdown_rule *rule)
{
	struct guesser *g = place(s, key);
	int64_t quiet = now_ms - g->last_ms;
	uint32_t forgotten = (uint32_t)(quiet > 0 ? quiet / rule->forget_ms & 0xffffffff : 0);
	g->wrong = g->wrong > forgotten ? g->wrong - forgotten : 0;
	g->last_ms = now_ms;
	if (++g->wrong > rule->free)
		g->until_ms = now_ms + delay_of(g->wrong - rule->free, rule);
}

void slowdown_right(struct slowdown *s, uint64_t key)
{
	struct guesser *g = (struct guesser *)find(s, key);
	if (g)
		*g = (struct guesser){0};
}
