#include "words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HOST_MOST 253u
#define BLANKS " ,\t\n"

bool word_is_value(const char *s)
{
	for (; *s; s++)
		if (((unsigned char)*s < 0x20 && *s != '\t') || *s == 0x7f)
			return false;
	return true;
}

/* Bytes that follow the first one, and the least code point that needs so many. */
static size_t tail_of(unsigned char first, uint32_t *ret_least)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	size_t n = first < 0x80 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
	*ret_least = least[n];
	return n;
}

bool word_is_text(const char *bytes, size_t len)
{
	const unsigned char *at = (const unsigned char *)bytes, *end = at + len;
	while (at < end) {
		unsigned char first = *at++;
		uint32_t least, code = first;
		size_t n = tail_of(first, &least);
		if (!first || (n && (first < 0xc2 || first > 0xf4)) || (size_t)(end - at) < n)
			return false;
		if (n)
			code = first & (0x3fu >> n);
		for (size_t i = 0; i < n; i++, at++) {
			if ((*at & 0xc0) != 0x80)
				return false;
			code = code << 6 | (*at & 0x3fu);
		}
		if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
			return false;
	}
	return true;
}

bool address_of_mail_is_good(const char *s)
{
	const char *at = s ? strrchr(s, '@') : NULL;
	if (!at || at == s || !at[1] || strlen(s) > 254)
		return false;
	for (; *s; s++)
		if (*s <= ' ' || *s == 0x7f || (*s & 0x80) || strchr("<>()[],;:\\\"", *s) ||
		    (*s == '@' && s != at))
			return false;
	return true;
}

bool host_pattern_is_good(const char *s)
{
	size_t len = strlen(s);
	if (len > 2 && s[0] == '[')
		return s[len - 1] == ']' && strspn(s + 1, "0123456789abcdef:.") == len - 2;
	if (!strncmp(s, "*.", 2))
		s += 2;
	if (!*s || *s == '.' || *s == '-' || len > HOST_MOST || strstr(s, ".."))
		return false;
	for (; *s; s++)
		if (!islower((unsigned char)*s) && !isdigit((unsigned char)*s) && *s != '-' &&
		    *s != '.' && *s != '_')
			return false;
	return true;
}

bool host_matches(const char *pattern, const char *host)
{
	if (strncmp(pattern, "*.", 2) != 0)
		return !strcasecmp(pattern, host);
	size_t tail = strlen(pattern + 1), len = strlen(host);
	return len > tail && !strcasecmp(host + len - tail, pattern + 1);
}

/* The next word in parts; false at the end. A port of -1 is none that there is. */
static bool next_host(const char **at, char host[HOST_MOST + 2], int64_t *ret_port)
{
	*at += strspn(*at, BLANKS);
	size_t len = strcspn(*at, BLANKS), cut = len;
	const char *word = *at;
	*at += len;
	*ret_port = 0;
	if (!len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (word[i] == ':')
			cut = i;
	if (word[0] == '[' && word[len - 1] == ']')
		cut = len;
	if (cut < len) {
		char *end;
		long port = strtol(word + cut + 1, &end, 10);
		*ret_port = end == word + len && port > 0 && port < 65536 ? port : -1;
	}
	if (cut > HOST_MOST)
		cut = 0;
	memcpy(host, word, cut);
	host[cut] = '\0';
	return true;
}

bool host_is_listed(const char *list, const char *host, int64_t port)
{
	char pattern[HOST_MOST + 2];
	int64_t only;
	while (next_host(&list, pattern, &only))
		if ((!only || only == port) && host_matches(pattern, host))
			return true;
	return false;
}

bool host_list_is_good(const char *list)
{
	char pattern[HOST_MOST + 2];
	int64_t only;
	while (next_host(&list, pattern, &only))
		if (only < 0 || !host_pattern_is_good(pattern))
			return false;
	return true;
}
