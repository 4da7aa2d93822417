#include "rules.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* How far apart the charger's clock and ours may be when it lets a reservation expire. */
#define CLOCKS_APART_MS 60000

static bool same(const char *a, const char *b)
{
	return a && b && !strcasecmp(a, b);
}

static bool same_group(const struct reserved *r, const struct started *s)
{
	return same(r->parent_id_tag, s->parent_id_tag);
}

bool rules_may_use(const struct reserved *r, const struct started *s)
{
	return same(r->id_tag, s->id_tag) || same_group(r, s);
}

enum fit rules_fit(const struct reserved *r, const struct started *s)
{
	if (s->number && s->number == r->number)
		return FIT_NAMED;
	if (!r->open || !s->accepted)
		return FIT_NONE;
	bool whole = r->connector_id == 0;
	if (!whole && r->connector_id != s->connector_id)
		return FIT_NONE;
	if (same(r->id_tag, s->id_tag))
		return whole ? FIT_CHARGER_BY_TOKEN : FIT_CONNECTOR_BY_TOKEN;
	if (same_group(r, s))
		return whole ? FIT_CHARGER_BY_GROUP : FIT_CONNECTOR_BY_GROUP;
	return whole ? FIT_NONE : FIT_PASSES_OVER;
}

static void finish(struct standing *st, const char *state, const char *reason, int64_t at_ms)
{
	st->state = state;
	st->reason = reason;
	st->ended_ms = at_ms;
}

void rules_see(struct standing *st, int64_t connector_id, const char *status, int64_t at_ms)
{
	bool own = connector_id == st->connector_id;
	if (st->state)
		return;
	if (own && !strcmp(status, "Reserved") && at_ms >= st->asked_ms) {
		if (!st->confirmed)
			st->confirmed_ms = at_ms;
		st->confirmed = true;
	}
	if (!st->accepted_ms || at_ms < st->accepted_ms)
		return;
	/* A charger as a whole takes its connectors with it. */
	if (!strcmp(status, "Faulted") && (own || connector_id == 0))
		finish(st, "ended", "Faulted", at_ms);
	else if (!strcmp(status, "Unavailable") && (own || connector_id == 0))
		finish(st, "ended", "Unavailable", at_ms);
	else if (own && !strcmp(status, "Available") && at_ms >= st->expires_ms - CLOCKS_APART_MS)
		finish(st, "expired", NULL, at_ms);
	else if (own && !strcmp(status, "Available") && st->confirmed)
		finish(st, "ended", "Available", at_ms);
}
