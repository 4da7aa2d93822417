/* File names and purposes. */
#ifndef FILES_NAME_H
#define FILES_NAME_H
#include <busbar/arena.h>
#include <stdbool.h>

#define NAME_MOST 200u
#define PURPOSE_MOST 64u

/* May a file be called so? UTF-8 is the asker's matter. */
bool name_is_good(const char *);
/* What a charger said, made good: the last part of a path, without what is no name; `other` if
 * nothing is left. */
const char *name_made(struct bb_arena *, const char *said, const char *other);
bool purpose_is_good(const char *);
/* The header Content-Disposition of a download. */
const char *name_disposition(struct bb_arena *, const char *);
#endif
