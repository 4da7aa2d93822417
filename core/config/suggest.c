#include "config/suggest.h"

#include <string.h>

#define LONGEST 64

static size_t least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;
	return m < c ? m : c;
}

/* Letters to insert, delete or replace to make one name of the other (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
	size_t m = strlen(a), n = strlen(b), row[LONGEST + 1];
	if (m > LONGEST || n > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; i <= m; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t above = row[j];
			row[j] =
			    least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[n];
}

void suggest(struct suggestion *s, const char *candidate)
{
	size_t d = distance(s->name, candidate), most = strlen(s->name) / 3 + 1;
	if (d > most || (s->best && d >= s->distance))
		return;
	s->best = candidate;
	s->distance = d;
}
