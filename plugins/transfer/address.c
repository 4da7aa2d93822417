#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

struct net4 {
	uint32_t address;
	int bits;
};

#define NET4(a, b, c, d, bits)                                                             \
	{                                                                                  \
		(uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d), bits \
	}

/* RFC 6890 and its registry: what is not reached over the internet. */
static const struct net4 not_public[] = {
    NET4(0, 0, 0, 0, 8),      /* this network */
    NET4(10, 0, 0, 0, 8),     /* private */
    NET4(100, 64, 0, 0, 10),  /* of carriers */
    NET4(127, 0, 0, 0, 8),    /* this machine */
    NET4(169, 254, 0, 0, 16), /* one link; and the metadata of clouds */
    NET4(172, 16, 0, 0, 12),  /* private */
    NET4(192, 0, 0, 0, 24),   /* protocols */
    NET4(192, 0, 2, 0, 24),   /* documentation */
    NET4(192, 88, 99, 0, 24), /* 6to4 relays */
    NET4(192, 168, 0, 0, 16), /* private */
    NET4(198, 18, 0, 0, 15),  /* measurements */
    NET4(198, 51, 100, 0, 24), NET4(203, 0, 113, 0, 24),
    NET4(224, 0, 0, 0, 3), /* multicast, reserved, broadcast */
};

static bool is_public4(uint32_t address)
{
	for (size_t i = 0; i < sizeof not_public / sizeof *not_public; i++) {
		uint32_t mask = ~0u << (32 - not_public[i].bits);
		if ((address & mask) == not_public[i].address)
			return false;
	}
	return true;
}

static uint32_t word_at(const uint8_t *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static bool is_public6(const uint8_t *b)
{
	static const uint8_t mapped[12] = {[10] = 0xff, 0xff};
	static const uint8_t nat64[12] = {0, 0x64, 0xff, 0x9b};
	if (!memcmp(b, mapped, sizeof mapped) || !memcmp(b, nat64, sizeof nat64))
		return is_public4(word_at(b + 12));
	if (b[0] == 0x20 && b[1] == 0x02) /* 6to4 */
		return is_public4(word_at(b + 2));
	if ((b[0] & 0xe0) != 0x20) /* all that is given out is in 2000::/3 */
		return false;
	uint32_t head = word_at(b);
	return (head & 0xfffffe00) != 0x20010000 && head != 0x20010db8 &&
	       (head & 0xfffff000) != 0x3fff0000;
}

bool address_is_public(const struct sockaddr *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof v4);
		return is_public4(ntohl(v4.sin_addr.s_addr));
	}
	if (address->sa_family != AF_INET6)
		return false;
	memcpy(&v6, address, sizeof v6);
	return is_public6(v6.sin6_addr.s6_addr);
}

bool address_text_is_public(const char *text)
{
	char plain[INET6_ADDRSTRLEN];
	size_t len = strcspn(text, "%");
	uint8_t b[16];
	if (len >= sizeof plain)
		return false;
	memcpy(plain, text, len);
	plain[len] = '\0';
	if (inet_pton(AF_INET, plain, b) == 1)
		return is_public4(word_at(b));
	return inet_pton(AF_INET6, plain, b) == 1 && is_public6(b);
}
