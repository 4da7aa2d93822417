#include "verdict.h"

#include <criterion/criterion.h>

#define NOW 1000000

static struct standing accepted(void)
{
	return (struct standing){"accepted", ALWAYS, NEVER, false};
}

static struct token good(void)
{
	return (struct token){.own = accepted()};
}

static void expect(const struct token *t, const char *status)
{
	const char *against = objection_to(t, NOW);
	cr_expect_str_eq(against ? against : "nothing", status);
}

Test(verdict, has_nothing_against_a_token_that_is_accepted)
{
	struct token t = good();
	expect(&t, "nothing");
}

Test(verdict, has_nothing_against_one_that_nobody_knows)
{
	struct token t = {0};
	expect(&t, "nothing");
}

Test(verdict, says_what_the_stored_status_says)
{
	static const char *const pairs[][2] = {
	    {"blocked", "Blocked"}, {"expired", "Expired"}, {"invalid", "Invalid"}};
	for (size_t i = 0; i < 3; i++) {
		struct token t = good();
		t.own.status = pairs[i][0];
		expect(&t, pairs[i][1]);
	}
}

Test(verdict, expires_a_token_at_its_time_and_not_before)
{
	struct token t = good();
	t.own.expires_ms = NOW + 1;
	expect(&t, "nothing");
	t.own.expires_ms = NOW;
	expect(&t, "Expired");
}

Test(verdict, takes_a_token_from_its_time_on_and_not_before)
{
	struct token t = good();
	t.own.from_ms = NOW + 1;
	expect(&t, "Invalid");
	t.own.from_ms = NOW;
	expect(&t, "nothing");
}

Test(verdict, blocks_every_member_of_a_blocked_group)
{
	struct token t = good();
	t.group = accepted();
	expect(&t, "nothing");
	t.group.status = "blocked";
	expect(&t, "Blocked");
	t.group = (struct standing){"accepted", ALWAYS, NOW - 1, false};
	expect(&t, "Expired");
	t.group = (struct standing){"accepted", NOW + 1, NEVER, false};
	expect(&t, "Invalid");
}

Test(verdict, tells_of_the_token_before_it_tells_of_the_group_and_of_both_before_the_place)
{
	struct token t = {.own = {"expired", ALWAYS, NEVER, false},
			  .group = {"blocked", ALWAYS, NEVER, false},
			  .denied = true};
	expect(&t, "Expired");
	t.own.status = "accepted";
	t.group.status = "invalid";
	expect(&t, "Invalid");
}

Test(verdict, blocks_what_a_station_denies_even_if_it_allows_the_group)
{
	struct token t = good();
	t.denied = true;
	expect(&t, "Blocked");
	t.allowed = true;
	expect(&t, "Blocked");
	t = (struct token){.denied = true};
	expect(&t, "Blocked");
}

Test(verdict, blocks_at_a_station_of_listed_tokens_all_that_it_does_not_allow)
{
	struct token t = good();
	t.listed = true;
	expect(&t, "Blocked");
	t.allowed = true;
	expect(&t, "nothing");
	t = (struct token){.listed = true};
	expect(&t, "Blocked");
}

Test(verdict,
     lets_a_listed_token_and_the_members_of_a_listed_group_charge_where_they_are_allowed_only)
{
	for (int of_group = 0; of_group < 2; of_group++) {
		struct token t = good();
		t.group = accepted();
		*(of_group ? &t.group.listed : &t.own.listed) = true;
		expect(&t, "Blocked");
		t.allowed = true;
		expect(&t, "nothing");
	}
}
