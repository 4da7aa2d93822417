#include "net/pace.h"

#include <criterion/criterion.h>

static const struct net_options options = {
    .http_ms = 30000, .min_rate = 100, .rate_grace_ms = 10000};
static struct pace p;

static bool waits(uint64_t ms)
{
	return pace_waited(&p, &options, ms);
}

static void moves(uint64_t bytes)
{
	pace_moved(&p, &options, bytes);
}

Test(net_pace, gives_everybody_a_while_to_begin)
{
	pace_begin(&p, &options);
	cr_expect(waits(10000));
	cr_expect_not(waits(1));
}

Test(net_pace, is_kept_by_who_goes_on_at_the_rate)
{
	pace_begin(&p, &options);
	for (int s = 0; s < 3600; s++) {
		moves(100);
		cr_expect(waits(1000), "at second %d", s);
	}
}

Test(net_pace, ends_for_who_goes_on_below_it)
{
	int s = 0;
	pace_begin(&p, &options);
	for (; s < 3600 && waits(1000); s++)
		moves(50);
	cr_expect_eq(s, 19, "it was %d", s);
}

Test(net_pace, lets_a_fast_client_pause_as_long_as_the_time_out)
{
	pace_begin(&p, &options);
	moves(UINT64_MAX);
	cr_expect(waits(30000));
	cr_expect_not(waits(1));
}

Test(net_pace, counts_a_byte_at_a_time)
{
	pace_begin(&p, &options);
	cr_expect(waits(10000));
	for (int i = 0; i < 100; i++)
		moves(1);
	cr_expect(waits(1000));
	cr_expect_not(waits(1));
}

Test(net_pace, of_any_rate_never_ends)
{
	const struct net_options any = {.http_ms = 30000};
	pace_begin(&p, &any);
	pace_moved(&p, &any, 1);
	cr_expect(pace_waited(&p, &any, 1u << 30));
}
