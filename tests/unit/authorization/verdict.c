#include "verdict.h"

#include <criterion/criterion.h>

#define NOW 1000000

static struct token good(void)
{
	return (struct token){.own = {"accepted", NEVER}};
}

static void expect(const struct token *t, bool start, const char *status)
{
	cr_expect_str_eq(verdict_of(t, start, NOW), status);
}

Test(verdict, accepts_a_token_against_which_nothing_speaks)
{
	struct token t = good();
	expect(&t, true, "Accepted");
	expect(&t, false, "Accepted");
}

Test(verdict, says_what_the_stored_status_says)
{
	static const char *const pairs[][2] = {
	    {"blocked", "Blocked"}, {"expired", "Expired"}, {"invalid", "Invalid"}};
	for (size_t i = 0; i < 3; i++) {
		struct token t = good();
		t.own.status = pairs[i][0];
		expect(&t, false, pairs[i][1]);
	}
}

Test(verdict, expires_a_token_at_its_time_and_not_before)
{
	struct token t = good();
	t.own.expires_ms = NOW + 1;
	expect(&t, true, "Accepted");
	t.own.expires_ms = NOW;
	expect(&t, true, "Expired");
}

Test(verdict, blocks_every_member_of_a_blocked_group)
{
	struct token t = good();
	t.group = (struct standing){"blocked", NEVER};
	expect(&t, false, "Blocked");
	t.group = (struct standing){"accepted", NOW - 1};
	expect(&t, false, "Expired");
}

Test(verdict, tells_of_the_token_before_it_tells_of_the_group)
{
	struct token t = {.own = {"expired", NEVER}, .group = {"blocked", NEVER}};
	expect(&t, false, "Expired");
}

Test(verdict, limits_transactions_at_a_start_only)
{
	struct token t = good();
	t.max_active = 2;
	t.active = 1;
	expect(&t, true, "Accepted");
	t.active = 2;
	expect(&t, true, "ConcurrentTx");
	expect(&t, false, "Accepted");
	t.max_active = 0;
	expect(&t, true, "Accepted");
}
