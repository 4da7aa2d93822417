/* idTags: OCPP's CiString20, compared without regard to case. Pure. */
#ifndef AUTHORIZATION_ID_TAG_H
#define AUTHORIZATION_ID_TAG_H
#include <stdbool.h>

#include <busbar/arena.h>

#define ID_TAG_MOST 20

/* What two idTags that mean the same token have in common: ASCII letters in lower case, all else
 * as it is. */
const char *id_tag_key(struct bb_arena *, const char *id_tag);
/* Printable ASCII, without blanks around it: what a token may be registered as. */
bool id_tag_is_valid(const char *id_tag);
#endif
