/* idTags: OCPP's CiString20, compared without regard to case. */
#ifndef BUSBAR_ID_TAG_H
#define BUSBAR_ID_TAG_H
#include <busbar/arena.h>

/* What two idTags that mean the same token have in common, and tables have as `id_tag_key`: ASCII
 * letters in lower case, all else as it is. In the arena. [any] */
static inline const char *bb_id_tag_key(struct bb_arena *a, const char *id_tag)
{
	char *key = bb_strdup(a, id_tag);
	for (char *c = key; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return key;
}
#endif
