/* A list's items as rows of RFC 4180, by the schema of the list's answer. */
#ifndef BUSBARD_CSV_H
#define BUSBARD_CSV_H
#include <busbar/json.h>

#include "base/buf.h"

struct csv {
	const char **columns; /* "id", "price.amount_minor": members' names, joined by points */
	uint32_t count, cap;
};

/* A column for each member of the list's items, in the schema's order; objects whose members the
 * schema tells have a column for each of these. In the arena. */
struct csv csv_of(struct bb_arena *, const struct bb_json *list_schema);
void csv_write_header(struct buf *, const struct csv *);
/* Null and absent are empty, an empty text is "", other objects and arrays are JSON. A text that a
 * spreadsheet would compute stands behind an apostrophe. */
void csv_write_row(struct buf *, const struct csv *, const struct bb_json *item);

/* Does an Accept header (NULL: none) rather want text/csv than JSON? */
bool csv_is_accepted(const char *accept);
#endif
