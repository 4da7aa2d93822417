/* URLs as they may be shown. */
#ifndef BUSBAR_URL_H
#define BUSBAR_URL_H
#include <stdbool.h>
#include <string.h>

#include <busbar/arena.h>

/* True if the URL has a user or a password: "ftp://user:secret@host/". */
static inline bool bb_url_has_user(const char *url)
{
	const char *host = strstr(url, "://");
	host = host ? host + 3 : url;
	return host != url && memchr(host, '@', strcspn(host, "/?#"));
}

/* The URL with "***" in their place; itself if it has none. */
static inline const char *bb_url_shown(struct bb_arena *a, const char *url)
{
	if (!bb_url_has_user(url))
		return url;
	const char *host = strstr(url, "://") + 3;
	size_t authority = strcspn(host, "/?#"), user = 0;
	for (size_t i = 0; i < authority; i++)
		if (host[i] == '@')
			user = i;
	return bb_printf(a, "%.*s***%s", (int)(host - url), url, host + user);
}
#endif
