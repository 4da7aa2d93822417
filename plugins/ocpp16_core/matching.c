/* Which transaction a StopTransaction ends. See docs/ocpp16-core.md, "A stop without a known id".
 */
#include <strings.h>

#include "transaction.h"

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* idTags are case-insensitive. */
static bool same_tag(const char *a, const char *b)
{
	return a && b && *a && !strcasecmp(a, b);
}

static bool may_mean(const struct transaction *t, const struct stop *s)
{
	if (t->completed && !(t->estimated && s->at_ms <= t->ended_ms))
		return false;
	if (!transaction_began_by(t, s->at_ms))
		return false;
	return !s->id_tag || same_tag(s->id_tag, t->id_tag) ||
	       same_tag(s->parent_id_tag, t->parent_id_tag);
}

/* The only one of those that may be meant and are open, or else ended by estimate; -1 if none or
 * more. */
static int64_t only_one(const struct transaction *list, uint32_t count, const struct stop *s,
			bool completed)
{
	int64_t found = -1;
	for (uint32_t i = 0; i < count; i++) {
		if (list[i].completed != completed || !may_mean(&list[i], s))
			continue;
		if (found >= 0)
			return -1;
		found = i;
	}
	return found;
}

static int64_t find(const struct transaction *list, uint32_t count, const char *text, bool by_key)
{
	for (uint32_t i = 0; i < count; i++)
		if (same(text, by_key ? list[i].start_key : list[i].protocol_id) ||
		    (by_key && same(text, list[i].stop_key)))
			return i;
	return -1;
}

enum match transaction_match(const struct transaction *list, uint32_t count, const struct stop *s,
			     uint32_t *ret_index)
{
	enum match how = MATCH_ID;
	int64_t i = s->protocol_id ? find(list, count, s->protocol_id, false) : -1;
	if (i < 0) {
		how = MATCH_REPEATED;
		i = find(list, count, s->key, true);
	}
	if (i < 0) {
		how = MATCH_OPEN;
		i = only_one(list, count, s, false);
	}
	if (i < 0)
		i = only_one(list, count, s, true);
	if (i < 0)
		return MATCH_NONE;
	*ret_index = (uint32_t)i;
	return how;
}
