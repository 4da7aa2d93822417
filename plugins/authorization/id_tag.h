/* What may be an idTag. Pure. */
#ifndef AUTHORIZATION_ID_TAG_H
#define AUTHORIZATION_ID_TAG_H
#include <stdbool.h>

#include <busbar/id_tag.h>

#define ID_TAG_MOST 20

/* Printable ASCII, without blanks around it: what a token may be registered as. */
bool id_tag_is_valid(const char *id_tag);
#endif
