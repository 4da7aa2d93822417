#include "keyset.h"

#include <busbar/rest.h>
#include <strings.h>

static uint64_t generations;

void keyset_free(struct keyset *s)
{
	for (uint32_t i = 0; i < s->count; i++)
		key_free(&s->keys[i]);
	free(s->keys);
	s->keys = NULL;
	s->count = 0;
}

int keyset_read(struct keyset *s, const struct bb_api *api, struct bb_arena *a, const char *text,
		size_t len)
{
	const struct bb_json *v;
	struct keyset read = {0};
	if (api->json_parse(a, text, len, &v, NULL))
		return -EINVAL;
	const struct bb_json *list = bb_json_get(v, "keys");
	read.keys = calloc(KEYS_MOST, sizeof *read.keys);
	if (!read.keys)
		return -ENOMEM;
	for (uint32_t i = 0; bb_json_at(list, i) && read.count < KEYS_MOST; i++)
		if (key_read(a, bb_json_at(list, i), &read.keys[read.count]))
			read.count++;
	if (!read.count) {
		keyset_free(&read);
		return -EINVAL;
	}
	keyset_free(s);
	s->keys = read.keys;
	s->count = read.count;
	s->generation = ++generations;
	return 0;
}

const struct key *keyset_find(const struct keyset *s, const char *kid, const struct algorithm *alg)
{
	const struct key *found = NULL;
	for (uint32_t i = 0; i < s->count; i++) {
		const struct key *k = &s->keys[i];
		if (!key_is_for(k, alg) || (kid && strcmp(k->id, kid) != 0))
			continue;
		if (found)
			return NULL;
		found = k;
	}
	return found;
}

static bool has_directive(const char *text, const char *name)
{
	size_t len = strlen(name);
	for (; *text; text += strcspn(text, ","), text += *text == ',') {
		text += strspn(text, " \t");
		if (!strncasecmp(text, name, len) && strchr(" \t,", text[len]))
			return true;
	}
	return false;
}

/* -1: it says nothing of it. */
static int64_t max_age_s(const char *text)
{
	static const char name[] = "max-age=";
	for (; *text; text += strcspn(text, ","), text += *text == ',') {
		text += strspn(text, " \t");
		if (!strncasecmp(text, name, strlen(name)))
			return strtol(text + strlen(name), NULL, 10);
	}
	return -1;
}

int64_t keyset_max_age_ms(const char *cache_control, int64_t usual_ms, int64_t least_ms,
			  int64_t most_ms)
{
	int64_t ms = usual_ms, s = cache_control ? max_age_s(cache_control) : -1;
	if (s >= 0)
		ms = s > most_ms / 1000 ? most_ms : s * 1000;
	if (cache_control &&
	    (has_directive(cache_control, "no-store") || has_directive(cache_control, "no-cache")))
		ms = least_ms;
	return ms < least_ms ? least_ms : ms > most_ms ? most_ms : ms;
}
