#include "schema/node.h"

struct words words_make(struct bb_arena *arena, uint32_t count)
{
	uint32_t size = 2;
	while (size < 2 * count)
		size *= 2;
	return (struct words){
	    .slots = (struct word *)bb_zalloc(arena, size * sizeof(struct word)),
	    .mask = size - 1,
	};
}

bool words_add(struct words *w, const char *s, uint32_t len, uint32_t index)
{
	uint32_t hash = bb_json_hash(s, len);
	if (words_find(w, s, len, hash))
		return false;
	uint32_t i = hash & w->mask;
	while (w->slots[i].s)
		i = (i + 1) & w->mask;
	w->slots[i] = (struct word){.s = s, .len = len, .hash = hash, .index = index};
	return true;
}
