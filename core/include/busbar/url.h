/* URLs: how texts get into them, as they may be shown, and which of them secrets may go to. */
#ifndef BUSBAR_URL_H
#define BUSBAR_URL_H
#include <stdbool.h>
#include <string.h>

#include <busbar/arena.h>

/* Percent-encoded, as a part of a path or a value behind the "?". */
static inline const char *bb_url_encoded(struct bb_arena *a, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	char *coded = (char *)bb_alloc(a, 3 * strlen(text) + 1), *to = coded;
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    strchr("-._~", c)) {
			*to++ = (char)c;
			continue;
		}
		*to++ = '%';
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	*to = '\0';
	return coded;
}

/* Where one of a list is, or what is `below` it ("", "/invite"). Of an id that would not come out
 * of the path as it went in, "{id}" is there, and the id behind the "?": see docs/rest.md. */
static inline const char *bb_url_item(struct bb_arena *a, const char *list, const char *id,
				      const char *below)
{
	const char *coded = bb_url_encoded(a, id);
	if (!strchr(id, '/') && id[0] != '.')
		return bb_printf(a, "%s/%s%s", list, coded, below);
	return bb_printf(a, "%s/%%7Bid%%7D%s?id=%s", list, below, coded);
}

/* The token of one of this server's own URLs for files: who knows it may read or write. */
#define BB_URL_FILES "/files/"
#define BB_URL_TOKEN_LETTERS "abcdefghijklmnopqrstuvwxyz234567"
enum { BB_URL_TOKEN_LEN = 40 };

/* What of a text is secret. */
struct bb_url_secret {
	size_t from, len; /* len 0: nothing */
};

/* "user:secret" of "ftp://user:secret@host/". */
static inline struct bb_url_secret bb_url_user(const char *url)
{
	struct bb_url_secret s = {0, 0};
	const char *host = strstr(url, "://");
	if (!host)
		return s;
	s.from = (size_t)(host + 3 - url);
	size_t authority = strcspn(host + 3, "/?#");
	for (size_t i = 0; i < authority; i++)
		if (host[3 + i] == '@')
			s.len = i;
	return s;
}

/* The token of "https://host/files/TOKEN/name". */
static inline struct bb_url_secret bb_url_token(const char *url)
{
	const char *at = strstr(url, BB_URL_FILES);
	for (; at; at = strstr(at + 1, BB_URL_FILES)) {
		const char *token = at + strlen(BB_URL_FILES);
		if (strspn(token, BB_URL_TOKEN_LETTERS) == BB_URL_TOKEN_LEN &&
		    strchr("/?#", token[BB_URL_TOKEN_LEN]))
			return (struct bb_url_secret){(size_t)(token - url), BB_URL_TOKEN_LEN};
	}
	return (struct bb_url_secret){0, 0};
}

/* Has it user, password or token? */
static inline bool bb_url_has_secret(const char *url)
{
	return bb_url_user(url).len || bb_url_token(url).len;
}

/* With "***" in the place of `s`, in the arena; itself if there is nothing of it. */
static inline const char *bb_url_masked(struct bb_arena *a, const char *url, struct bb_url_secret s)
{
	return s.len ? bb_printf(a, "%.*s***%s", (int)s.from, url, url + s.from + s.len) : url;
}

/* The URL with "***" in the place of user, password and token; itself if it has none. */
static inline const char *bb_url_shown(struct bb_arena *a, const char *url)
{
	url = bb_url_masked(a, url, bb_url_user(url));
	return bb_url_masked(a, url, bb_url_token(url));
}

/* Does nobody on the way read what goes there? https://, or, for tests, http:// to this machine. */
static inline bool bb_url_is_private(const char *url)
{
	static const char *const begins[] = {"https://", "http://127.0.0.1:", "http://localhost:"};
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (!strncmp(url, begins[i], strlen(begins[i])))
			return true;
	return false;
}
#endif
