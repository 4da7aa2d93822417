/* Which rules a charger has. Pure: knows no storage. */
#ifndef QUIRKS_MATCH_H
#define QUIRKS_MATCH_H
#include <busbar/json.h>

/* Patterns and `validation` may be NULL: any; says nothing. */
struct rule {
	const char *name, *vendor, *model, *firmware, *validation;
	const struct bb_json *quirks; /* an array of names */
	bool final;                   /* no rule behind it counts */
};

/* Are the texts alike, upper and lower case being the same? In the pattern * is any text, also
 * none, and ? is one byte. A text that is NULL is empty. */
bool match_glob(const char *pattern, const char *text);

/* `known` is the question of the hook `quirks`; the answer to it, borrowing from it and from the
 * rules, in the arena. The first `own_count` rules come first, then `bundled`. */
const struct bb_json *match_answer(struct bb_arena *, const struct bb_json *known,
				   const struct rule *own, uint32_t own_count,
				   const struct rule *bundled, uint32_t bundled_count);
#endif
