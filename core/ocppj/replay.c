#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "ocppj/internal.h"

/* A repetition comes within a charger's own time-out, or after it has connected again. Later, the
 * same bytes are more likely a charger that has begun to count from one again, and it needs the
 * time of now, not that of an old answer. */
#define KEEP_MS 60000

/* Only equality matters, and that different frames of one charger differ: eight bytes at a time. */
uint64_t replay_hash(const char *text, size_t len)
{
	uint64_t h = 0x9e3779b97f4a7c15u ^ len;
	for (; len >= 8; text += 8, len -= 8) {
		uint64_t w;
		memcpy(&w, text, 8);
		h = (h ^ w) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
	}
	uint64_t rest = 0;
	memcpy(&rest, text, len);
	h = (h ^ rest) * 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 29;
}

static bool is_same(const struct inbound *in, const char *id, uint64_t hash)
{
	return in && in->hash == hash && !strcmp(in->envelope.id, id);
}

struct inbound *replay_at_work(const struct charger *c, const char *id, uint64_t hash)
{
	if (is_same(c->working, id, hash))
		return c->working->answered ? NULL : c->working;
	struct inbound *in = c->first;
	while (in && !is_same(in, id, hash))
		in = in->next;
	return in;
}

const struct replay *replay_find(const struct ocppj *o, const struct charger *c, const char *id,
				 uint64_t hash)
{
	for (int64_t i = 0; c->replays && i < o->options.replay_calls; i++) {
		const struct replay *r = &c->replays[i];
		if (r->text && r->hash == hash && !strcmp(r->text + r->len, id))
			return clock_now_ms() - r->at_ms < KEEP_MS ? r : NULL;
	}
	return NULL;
}

void replay_keep(struct ocppj *o, struct charger *c, const char *id, uint64_t hash,
		 const char *text, size_t len)
{
	if (!o->options.replay_calls)
		return;
	if (!c->replays)
		c->replays = mem_zalloc((size_t)o->options.replay_calls * sizeof *c->replays);
	struct replay *r = &c->replays[c->replay_next];
	c->replay_next = (c->replay_next + 1) % (uint32_t)o->options.replay_calls;
	size_t id_size = strlen(id) + 1, size = len + id_size;
	if (size > r->cap || size < r->cap / 4) {
		free(r->text);
		r->text = mem_alloc(size);
		r->cap = size;
	}
	r->hash = hash;
	r->at_ms = clock_now_ms();
	r->len = len;
	memcpy(r->text, text, len);
	memcpy(r->text + len, id, id_size);
}

void replay_free(struct ocppj *o, struct charger *c)
{
	for (int64_t i = 0; c->replays && i < o->options.replay_calls; i++)
		free(c->replays[i].text);
	free(c->replays);
	c->replays = NULL;
}
