#include "name.h"

#include <string.h>

#include <busbar/url.h>

bool name_is_good(const char *s)
{
	size_t len = strlen(s);
	if (!len || len > NAME_MOST || !strcmp(s, ".") || !strcmp(s, ".."))
		return false;
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f || *s == '/' || *s == '\\')
			return false;
	return true;
}

bool purpose_is_good(const char *s)
{
	size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-");
	return len && len <= PURPOSE_MOST && !s[len];
}

/* The length of the UTF-8 sequence here; 0 if it is none. */
static size_t sequence(const char *s)
{
	unsigned char c = (unsigned char)*s;
	size_t len = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe1 && c < 0xf0 ? 3 : 0;
	for (size_t i = 1; i < len; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
	/* Surrogates are none; what is beyond three bytes is not worth a file's name. */
	return c == 0xed && (unsigned char)s[1] >= 0xa0 ? 0 : len;
}

const char *name_made(struct bb_arena *a, const char *said, const char *other)
{
	const char *at = said;
	for (const char *p = said; *p; p++)
		if (*p == '/' || *p == '\\')
			at = p + 1;
	char *out = bb_alloc(a, NAME_MOST + 1);
	size_t n = 0, len;
	for (; *at; at += len ? len : 1) {
		len = sequence(at);
		if (!len || (unsigned char)*at < 0x20 || *at == 0x7f)
			continue;
		if (n + len > NAME_MOST)
			break;
		memcpy(out + n, at, len);
		n += len;
	}
	out[n] = '\0';
	return name_is_good(out) ? out : other;
}

const char *name_disposition(struct bb_arena *a, const char *s)
{
	return bb_printf(a, "attachment; filename*=UTF-8''%s", bb_url_encoded(a, s));
}
