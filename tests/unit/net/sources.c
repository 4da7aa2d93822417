#include "net/source.h"

#include <criterion/criterion.h>
#include <string.h>

static const uint8_t v4[16] = {[10] = 0xff, [11] = 0xff, [12] = 10, [15] = 1};
static const uint8_t v4_next[16] = {[10] = 0xff, [11] = 0xff, [12] = 10, [15] = 2};
static const uint8_t v6[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
static const uint8_t v6_neighbour[16] = {0x20, 1, 0xd, 0xb8, [8] = 9, [15] = 7};
static const uint8_t v6_other[16] = {0x20, 1, 0xd, 0xb8, [7] = 1, [15] = 1};

Test(net_sources, are_addresses_of_v4_and_customers_of_v6)
{
	struct sources s = {0};
	struct source *a = sources_get(&s, v4, 0), *b = sources_get(&s, v6, 0);
	cr_assert_eq(sources_get(&s, v4, 0), a);
	cr_assert_neq(sources_get(&s, v4_next, 0), a);
	cr_assert_eq(sources_get(&s, v6_neighbour, 0), b);
	cr_assert_neq(sources_get(&s, v6_other, 0), b);
	cr_assert_eq(s.count, 4);
	sources_free(&s);
}

Test(net_sources, are_found_again_among_many_and_forgotten_when_they_are_gone)
{
	struct sources s = {0};
	uint8_t address[16];
	memcpy(address, v4, sizeof address);
	for (int i = 0; i < 5000; i++) {
		address[13] = (uint8_t)(i >> 8);
		address[14] = (uint8_t)i;
		sources_get(&s, address, 0)->links = (uint32_t)i % 2;
	}
	cr_assert_eq(s.count, 5000);
	for (int i = 0; i < 61; i++)
		sources_sweep(&s, 59999);
	cr_assert_eq(s.count, 5000, "none has been gone for a minute");
	for (int i = 0; i < 61; i++)
		sources_sweep(&s, 60000);
	cr_assert_eq(s.count, 2500);
	cr_assert_eq(sources_get(&s, address, 60000)->links, 1);
	sources_free(&s);
}

Test(net_sources, open_a_minutes_worth_at_once_and_then_steadily)
{
	struct sources s = {0};
	struct source *a = sources_get(&s, v4, 1000);
	for (int i = 0; i < 60; i++)
		cr_assert(source_may_open(a, 60, 1000), "%d", i);
	cr_assert_not(source_may_open(a, 60, 1000));
	cr_assert_not(source_may_open(a, 60, 1500));
	cr_assert(source_may_open(a, 60, 2000));
	cr_assert_not(source_may_open(a, 60, 2001));
	cr_assert(source_may_open(a, 60, 1000000));
	sources_free(&s);
}
