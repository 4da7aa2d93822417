#include "net/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include <busbar/networks.h>

#define MINUTE_MS 60000u
#define FIRST_SIZE 64u
#define SWEEPS 60u

static size_t place(const struct sources *s, const uint8_t address[16])
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < 16; i++)
		h = (h ^ address[i]) * UINT64_C(1099511628211);
	return (size_t)(h ^ h >> 32) & (s->size - 1);
}

static void grow(struct sources *s)
{
	struct sources larger = {.size = s->size ? s->size * 2 : FIRST_SIZE, .count = s->count};
	larger.buckets = mem_zalloc(larger.size * sizeof(struct source *));
	for (size_t i = 0; i < s->size; i++)
		for (struct source *at = s->buckets[i], *next; at; at = next) {
			struct source **bucket = &larger.buckets[place(&larger, at->address)];
			next = at->next;
			at->next = *bucket;
			*bucket = at;
		}
	free(s->buckets);
	*s = larger;
}

struct source *sources_get(struct sources *s, const uint8_t address[16], uint64_t now_ms)
{
	uint8_t network[16];
	memcpy(network, address, sizeof network);
	bb_network_cut(network);
	if (s->count >= s->size)
		grow(s);
	struct source **bucket = &s->buckets[place(s, network)];
	for (struct source *at = *bucket; at; at = at->next)
		if (!memcmp(at->address, network, sizeof network))
			return at;
	struct source *made = mem_zalloc(sizeof *made);
	memcpy(made->address, network, sizeof network);
	made->at_ms = now_ms;
	made->tokens = -1; /* it has not been asked yet */
	made->next = *bucket;
	*bucket = made;
	s->count++;
	return made;
}

bool source_may_open(struct source *s, int64_t per_minute, uint64_t now_ms)
{
	double most = (double)per_minute;
	if (s->tokens < 0)
		s->tokens = most;
	s->tokens += (double)(now_ms - s->at_ms) * most / MINUTE_MS;
	if (s->tokens > most)
		s->tokens = most;
	s->at_ms = now_ms;
	if (s->tokens < 1)
		return false;
	s->tokens -= 1;
	return true;
}

void sources_sweep(struct sources *s, uint64_t now_ms)
{
	for (size_t n = s->size / SWEEPS + 1; n && s->size; n--) {
		struct source **at = &s->buckets[s->swept++ & (s->size - 1)];
		while (*at) {
			struct source *seen = *at;
			if (seen->connections || seen->links || now_ms - seen->at_ms < MINUTE_MS) {
				at = &seen->next;
				continue;
			}
			*at = seen->next;
			free(seen);
			s->count--;
		}
	}
}

void sources_free(struct sources *s)
{
	for (size_t i = 0; i < s->size; i++)
		for (struct source *at = s->buckets[i], *next; at; at = next) {
			next = at->next;
			free(at);
		}
	free(s->buckets);
	*s = (struct sources){0};
}
