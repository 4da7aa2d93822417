/* busbarctl's own: tables, as they are printed and as they fit a terminal. */
#ifndef BUSBARCTL_TABLE_H
#define BUSBARCTL_TABLE_H
#include "busbarctl/ctl.h"

struct cell {
	const char *title; /* the member's name; without its "_minor" where the text is money */
	const char *text;
};

/* cell.c: the member `name` of an object. `currency` is that of amounts in minor units where the
 * object has none of its own; NULL: not known. */
struct cell cell_of(struct ctl *, const struct bb_json *of, const char *name, const char *currency);

struct column {
	const char *name, *title;
	int size;      /* in characters */
	int whole;     /* the size that its longest cell wants */
	bool has_text; /* some cell has words or a path, and may be broken into lines */
	bool hidden;
};

struct table {
	struct bb_arena *arena;
	struct column *columns;
	size_t count;
	const char **cells; /* row by row */
	size_t rows;
};

/* Characters on the screen, near enough: code points. */
int table_width(const char *s);
/* Sets the sizes from titles and cells. */
void table_measure(struct table *);
/* No cell of the column says anything. */
bool table_is_empty(const struct table *, size_t column);
/* table_fit.c: makes the lines as short as `most`: shortens times, hides columns that say nothing,
 * breaks texts, hides columns that say least. */
void table_fit(struct table *, int most);
#endif
