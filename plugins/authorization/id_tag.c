#include "id_tag.h"

#include <string.h>

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
