#ifndef CONFIG_SUGGEST_H
#define CONFIG_SUGGEST_H
#include <stddef.h>

/* Keeps the candidate that is the nearest to `name`; start with `best` NULL. What is too far off to
 * be a slip of the keyboard is not kept. */
struct suggestion {
	const char *name, *best;
	size_t distance;
};
void suggest(struct suggestion *, const char *candidate);
#endif
