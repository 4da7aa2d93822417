#include "networks.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOST_TEXT 64

/* An IPv4 address is in the last four bytes, as IPv6 maps it. */
struct network {
	uint8_t address[16];
	unsigned bits;
};

static bool parse_address(const char *text, struct network *ret, unsigned *ret_offset)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	*ret_offset = 0;
	ret->bits = 128;
	if (inet_pton(AF_INET6, text, ret->address) == 1)
		return true;
	*ret_offset = 96;
	memcpy(ret->address, mapped, sizeof mapped);
	return inet_pton(AF_INET, text, ret->address + 12) == 1;
}

static bool parse(const char *word, size_t len, struct network *ret)
{
	char text[MOST_TEXT];
	unsigned offset;
	if (len >= sizeof text)
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	char *slash = strchr(text, '/');
	if (slash)
		*slash++ = '\0';
	if (!parse_address(text, ret, &offset))
		return false;
	if (!slash)
		return true;
	size_t digits = strspn(slash, "0123456789");
	if (!digits || digits > 3 || slash[digits])
		return false;
	ret->bits = (unsigned)atoi(slash) + offset;
	return ret->bits <= 128;
}

static bool covers(const struct network *n, const uint8_t address[16])
{
	unsigned whole = n->bits / 8, rest = n->bits % 8;
	if (memcmp(n->address, address, whole) != 0)
		return false;
	return !rest || (n->address[whole] ^ address[whole]) >> (8 - rest) == 0;
}

static const char *next_word(const char **list, size_t *ret_len)
{
	const char *at = *list + strspn(*list, " ");
	*ret_len = strcspn(at, " ");
	*list = at + *ret_len;
	return at;
}

bool networks_are_good(const char *list, const char **ret_bad)
{
	struct network n;
	size_t len;
	const char *word;
	while ((word = next_word(&list, &len)), len)
		if (!parse(word, len, &n)) {
			*ret_bad = word;
			return false;
		}
	return true;
}

bool networks_have(const char *list, const char *address)
{
	struct network who, n;
	unsigned offset;
	size_t len;
	const char *word;
	if (!parse_address(address, &who, &offset))
		return false;
	while ((word = next_word(&list, &len)), len)
		if (parse(word, len, &n) && covers(&n, who.address))
			return true;
	return false;
}
