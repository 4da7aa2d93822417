#include "verdict.h"

#include <stddef.h>
#include <string.h>

/* NULL: nothing against it. */
static const char *objection(const struct standing *s, int64_t now_ms)
{
	static const struct {
		const char *status, *answer;
	} answers[] = {{"blocked", "Blocked"}, {"expired", "Expired"}, {"invalid", "Invalid"}};
	for (size_t i = 0; s->status && i < sizeof answers / sizeof *answers; i++)
		if (!strcmp(s->status, answers[i].status))
			return answers[i].answer;
	return s->status && s->expires_ms <= now_ms ? "Expired" : NULL;
}

const char *verdict_of(const struct token *t, bool start, int64_t now_ms)
{
	const char *against = objection(&t->own, now_ms);
	if (!against)
		against = objection(&t->group, now_ms);
	if (against)
		return against;
	return start && t->max_active && t->active >= t->max_active ? "ConcurrentTx" : "Accepted";
}
