#include <string.h>
#include <strings.h>

#include "net/internal.h"

static const char *skip_slashes(const char *p)
{
	return p + strspn(p, "/");
}

/* Some chargers put the whole URL where the path belongs: "/ws://host:9000/ocpp/CP1". */
static const char *skip_authority(const char *path)
{
	static const char *const schemes[] = {"ws:", "wss:", "http:", "https:"};
	const char *p = skip_slashes(path);
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t len = strlen(schemes[i]);
		if (strncasecmp(p, schemes[i], len) != 0)
			continue;
		p = skip_slashes(p + len);
		return p + strcspn(p, "/");
	}
	return path;
}

/* What follows ws_path, or NULL. */
static const char *skip_prefix(const char *ws_path, const char *path)
{
	const char *p = skip_slashes(skip_authority(path)), *prefix = skip_slashes(ws_path);
	size_t len = strlen(prefix);
	while (len && prefix[len - 1] == '/')
		len--;
	if (strncmp(p, prefix, len) != 0 || (len && p[len] && p[len] != '/'))
		return NULL;
	return p + len;
}

bool url_is_ours(const char *ws_path, const char *path)
{
	return *skip_slashes(ws_path) && skip_prefix(ws_path, path) != NULL;
}

bool url_identity(const char *ws_path, const char *path, char *out, size_t size)
{
	const char *p = skip_prefix(ws_path, path);
	if (!p)
		return false;
	p = skip_slashes(p);
	size_t len = strlen(p);
	while (len && p[len - 1] == '/')
		len--;
	if (len >= size)
		return false;
	memcpy(out, p, len);
	out[len] = '\0';
	return true;
}

/* The next item of a comma-separated list, without blanks; NULL at the end. */
static const char *next_item(const char **at, size_t *ret_len)
{
	*at += strspn(*at, ", \t");
	if (!**at)
		return NULL;
	const char *item = *at;
	*ret_len = strcspn(item, ", \t");
	*at = item + *ret_len;
	return item;
}

bool url_list_has(const char *list, const char *word)
{
	size_t len;
	for (const char *item; (item = next_item(&list, &len));)
		if (strlen(word) == len && !strncasecmp(item, word, len))
			return true;
	return false;
}

const char *url_pick(const char *offered, const char *const *ours)
{
	size_t len;
	for (const char *item; (item = next_item(&offered, &len));)
		for (size_t i = 0; ours[i]; i++)
			if (strlen(ours[i]) == len && !memcmp(ours[i], item, len))
				return ours[i];
	return NULL;
}
