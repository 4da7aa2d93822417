#include "id_tag.h"

const char *id_tag_key(struct bb_arena *a, const char *id_tag)
{
	char *key = bb_strdup(a, id_tag);
	for (char *c = key; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return key;
}

bool id_tag_is_valid(const char *id_tag)
{
	size_t len = strlen(id_tag);
	if (!len || id_tag[0] == ' ' || id_tag[len - 1] == ' ')
		return false;
	for (const char *c = id_tag; *c; c++)
		if (*c < ' ' || *c > '~')
			return false;
	return true;
}
