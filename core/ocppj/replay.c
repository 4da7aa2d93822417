#include <stdlib.h>

#include "base/arena.h"
#include "ocppj/internal.h"

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

static struct replay *find(const struct ocppj *o, const struct charger *c, const char *id,
			   uint64_t hash)
{
	for (int64_t i = 0; c->replays && i < o->options.replay_calls; i++)
		if (c->replays[i].hash == hash && !strcmp(c->replays[i].id, id))
			return &c->replays[i];
	return NULL;
}

const struct replay *replay_begin(struct ocppj *o, struct charger *c, const char *id, uint64_t hash)
{
	if (!o->options.replay_calls)
		return NULL;
	struct replay *r = find(o, c, id, hash);
	if (r)
		return r;
	if (!c->replays)
		c->replays = mem_zalloc((size_t)o->options.replay_calls * sizeof *c->replays);
	r = &c->replays[c->replay_next];
	c->replay_next = (c->replay_next + 1) % (uint32_t)o->options.replay_calls;
	free(r->text);
	*r = (struct replay){.hash = hash};
	memcpy(r->id, id, strlen(id) + 1);
	return NULL;
}

void replay_answer(struct ocppj *o, struct charger *c, const char *id, uint64_t hash,
		   const char *text, size_t len)
{
	struct replay *r = find(o, c, id, hash);
	if (!r || r->text)
		return;
	r->text = mem_strndup(text, len);
	r->len = len;
}

void replay_free(struct ocppj *o, struct charger *c)
{
	for (int64_t i = 0; c->replays && i < o->options.replay_calls; i++)
		free(c->replays[i].text);
	free(c->replays);
	c->replays = NULL;
}
