#include "address.h"

#include <string.h>

#define LOCAL_MOST 64
#define ADDRESS_MOST 254

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_of(const char *s, size_t len, const char *signs)
{
	for (size_t i = 0; i < len; i++)
		if (!is_letter_or_digit(s[i]) && !(s[i] && strchr(signs, s[i])))
			return false;
	return len > 0;
}

bool address_is_valid(const char *s)
{
	const char *at = strchr(s, '@');
	size_t len = strlen(s);
	if (!at || len > ADDRESS_MOST)
		return false;
	size_t local = (size_t)(at - s), domain = len - local - 1;
	return local <= LOCAL_MOST && is_of(s, local, ".!#$%&'*+/=?^_`{|}~-") &&
	       is_of(at + 1, domain, ".-") && at[1] != '.' && at[1] != '-' && s[len - 1] != '.' &&
	       !strstr(at, "..");
}

const char *address_key(struct bb_arena *a, const char *s)
{
	char *key = bb_strdup(a, s);
	for (char *c = key; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return key;
}

bool user_id_is_valid(const char *s)
{
	return is_of(s, strlen(s), "._-+@|:") && strcmp(s, ".") != 0 && strcmp(s, "..") != 0;
}
