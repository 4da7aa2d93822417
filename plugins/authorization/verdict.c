#include "verdict.h"

#include <stddef.h>
#include <string.h>

static const char *objection(const struct standing *s, int64_t now_ms)
{
	static const struct {
		const char *status, *answer;
	} answers[] = {{"blocked", "Blocked"}, {"expired", "Expired"}, {"invalid", "Invalid"}};
	for (size_t i = 0; s->status && i < sizeof answers / sizeof *answers; i++)
		if (!strcmp(s->status, answers[i].status))
			return answers[i].answer;
	if (!s->status)
		return NULL;
	if (s->expires_ms <= now_ms)
		return "Expired";
	return s->from_ms > now_ms ? "Invalid" : NULL;
}

const char *objection_to(const struct token *t, int64_t now_ms)
{
	const char *against = objection(&t->own, now_ms);
	if (!against)
		against = objection(&t->group, now_ms);
	if (against)
		return against;
	bool must_be_allowed = t->listed || t->own.listed || t->group.listed;
	return t->denied || (must_be_allowed && !t->allowed) ? "Blocked" : NULL;
}
