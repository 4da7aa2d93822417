#include "match.h"

#include <string.h>

bool match_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	if (!list)
		return true;
	for (const char *at = list; (at = strchr(at, ',')) && at[1]; at++)
		if (!strncmp(at + 1, word, len) && at[1 + len] == ',')
			return true;
	return false;
}

static bool is_text(const char *wanted, const char *is)
{
	return !wanted || (is && !strcmp(wanted, is));
}

static bool is_number(int64_t wanted, int64_t is)
{
	return !wanted || wanted == is;
}

static bool is_charger(const struct filter *f, const struct subject *s)
{
	return is_text(f->charger, s->charge_point_id) ||
	       (f->charger_id && f->charger_id == s->charger_id);
}

bool match(const struct filter *f, const struct subject *s)
{
	return is_text(f->operator_id, s->operator_id) && is_text(f->user_id, s->user_id) &&
	       match_word(f->kinds, s->kind) && is_charger(f, s) &&
	       is_text(f->command_id, s->command_id) && is_text(f->bulk_id, s->bulk_id) &&
	       is_number(f->station_id, s->station_id) &&
	       is_number(f->transaction_id, s->transaction_id);
}
