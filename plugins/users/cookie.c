#include "cookie.h"

#include <string.h>

const char *cookie_find(struct bb_arena *a, const char *header, const char *name)
{
	size_t name_len = strlen(name);
	while (header && *header) {
		header += strspn(header, " \t;");
		size_t len = strcspn(header, ";");
		const char *value = header + name_len + 1;
		if (len > name_len && !memcmp(header, name, name_len) && header[name_len] == '=') {
			size_t n = len - name_len - 1;
			while (n && (value[n - 1] == ' ' || value[n - 1] == '\t'))
				n--;
			return bb_strndup(a, value, n);
		}
		header += len;
	}
	return NULL;
}
