/* Lists of addresses and networks: "10.0.0.5 192.168.0.0/16 fd00::/8"; and whose an address is. */
#ifndef BUSBAR_NETWORKS_H
#define BUSBAR_NETWORKS_H
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An IPv4 address is in the last four bytes, as IPv6 maps it. */
struct bb_network {
	uint8_t address[16];
	unsigned bits;
};

static const uint8_t bb_network_v4[12] = {[10] = 0xff, [11] = 0xff}; /* in front of one */

static inline bool bb_network_is_v4(const uint8_t address[16])
{
	return !memcmp(address, bb_network_v4, sizeof bb_network_v4);
}

/* An address as inet_ntop() writes it. `ret_offset`: where the bits begin that its text counts.
 * [any] */
static inline bool bb_network_parse_address(const char *text, struct bb_network *ret,
					    unsigned *ret_offset)
{
	*ret_offset = 0;
	ret->bits = 128;
	if (inet_pton(AF_INET6, text, ret->address) == 1)
		return true;
	*ret_offset = 96;
	memcpy(ret->address, bb_network_v4, sizeof bb_network_v4);
	return inet_pton(AF_INET, text, ret->address + 12) == 1;
}

/* Leaves of an address what all of one customer's have in common: all of IPv4's, the first 64 bits
 * of IPv6's. [any] */
static inline void bb_network_cut(uint8_t address[16])
{
	if (!bb_network_is_v4(address))
		memset(address + 8, 0, 8);
}

enum { BB_NETWORK_SIZE = INET6_ADDRSTRLEN + 4 };

/* The same in text: "192.0.2.1", "2001:db8::/64"; what is no address stays as it is. Limits of
 * an address count by this. [any] */
static inline void bb_network_of(const char *address, char ret[BB_NETWORK_SIZE])
{
	struct bb_network n;
	unsigned offset;
	if (!bb_network_parse_address(address, &n, &offset)) {
		snprintf(ret, BB_NETWORK_SIZE, "%s", address);
		return;
	}
	bool is_v4 = bb_network_is_v4(n.address);
	bb_network_cut(n.address);
	inet_ntop(is_v4 ? AF_INET : AF_INET6, n.address + (is_v4 ? 12 : 0), ret, BB_NETWORK_SIZE);
	if (!is_v4)
		strcat(ret, "/64");
}

/* A word of such a list. [any] */
static inline bool bb_network_parse(const char *word, size_t len, struct bb_network *ret)
{
	char text[64];
	unsigned offset;
	if (len >= sizeof text)
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	char *slash = strchr(text, '/');
	if (slash)
		*slash++ = '\0';
	if (!bb_network_parse_address(text, ret, &offset))
		return false;
	if (!slash)
		return true;
	size_t digits = strspn(slash, "0123456789");
	if (!digits || digits > 3 || slash[digits])
		return false;
	ret->bits = (unsigned)atoi(slash) + offset;
	return ret->bits <= 128;
}

/* [any] */
static inline bool bb_network_covers(const struct bb_network *n, const uint8_t address[16])
{
	unsigned whole = n->bits / 8, rest = n->bits % 8;
	if (memcmp(n->address, address, whole) != 0)
		return false;
	return !rest || (n->address[whole] ^ address[whole]) >> (8 - rest) == 0;
}

/* The next word of a list, which it steps over; its length is 0 at the end. [any] */
static inline const char *bb_network_word(const char **list, size_t *ret_len)
{
	const char *at = *list + strspn(*list, " ");
	*ret_len = strcspn(at, " ");
	*list = at + *ret_len;
	return at;
}

/* Is the list of nothing but such? If not, `ret_bad` is where the first word that is none begins.
 * [any] */
static inline bool bb_networks_are_good(const char *list, const char **ret_bad)
{
	struct bb_network n;
	size_t len;
	const char *word;
	while ((word = bb_network_word(&list, &len)), len)
		if (!bb_network_parse(word, len, &n)) {
			*ret_bad = word;
			return false;
		}
	return true;
}

/* Is the address in one of them? [any] */
static inline bool bb_networks_cover(const char *list, const uint8_t address[16])
{
	struct bb_network n;
	size_t len;
	const char *word;
	while ((word = bb_network_word(&list, &len)), len)
		if (bb_network_parse(word, len, &n) && bb_network_covers(&n, address))
			return true;
	return false;
}

/* The same of an address in text. [any] */
static inline bool bb_networks_have(const char *list, const char *address)
{
	struct bb_network who;
	unsigned offset;
	return bb_network_parse_address(address, &who, &offset) &&
	       bb_networks_cover(list, who.address);
}
#endif
