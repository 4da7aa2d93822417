/* Which reservation a transaction uses, and what reports do to one. */
#include "ocpp16_reservation/rules.h"

#include <criterion/criterion.h>

static enum fit fit(int64_t at, const char *tag, const char *group, struct started s)
{
	const struct reserved r = {7, at, tag, group, true};
	return rules_fit(&r, &s);
}

static struct started start_by(const char *tag, const char *group, int64_t connector)
{
	return (struct started){
	    .connector_id = connector, .id_tag = tag, .parent_id_tag = group, .accepted = true};
}

Test(rules, the_reservation_that_is_named_fits_best_whoever_it_is_for)
{
	struct started s = start_by("OTHER", NULL, 2);
	s.number = 7;
	cr_assert_eq(fit(1, "TAG", NULL, s), FIT_NAMED);
	s.accepted = false;
	cr_assert_eq(fit(1, "TAG", NULL, s), FIT_NAMED);
	s.number = 8;
	cr_assert_eq(fit(1, "TAG", NULL, s), FIT_NONE);
}

Test(rules, a_token_uses_its_connector_before_the_charger_and_its_own_before_its_groups)
{
	const struct started s = start_by("tag", "Group", 1);
	cr_assert_eq(fit(1, "TAG", NULL, s), FIT_CONNECTOR_BY_TOKEN);
	cr_assert_eq(fit(1, "MATE", "GROUP", s), FIT_CONNECTOR_BY_GROUP);
	cr_assert_eq(fit(0, "TAG", NULL, s), FIT_CHARGER_BY_TOKEN);
	cr_assert_eq(fit(0, "MATE", "GROUP", s), FIT_CHARGER_BY_GROUP);
	cr_assert_gt(FIT_CONNECTOR_BY_GROUP, FIT_CHARGER_BY_TOKEN);
}

Test(rules, two_tokens_without_a_group_are_not_of_one_group)
{
	cr_assert_eq(fit(1, "TAG", NULL, start_by("OTHER", NULL, 1)), FIT_PASSES_OVER);
}

Test(rules, another_token_passes_over_a_connector_only)
{
	cr_assert_eq(fit(1, "TAG", "G", start_by("OTHER", "H", 1)), FIT_PASSES_OVER);
	cr_assert_eq(fit(0, "TAG", "G", start_by("OTHER", "H", 1)), FIT_NONE);
	cr_assert_eq(fit(2, "TAG", "G", start_by("OTHER", "H", 1)), FIT_NONE);
}

Test(rules, a_token_that_was_not_accepted_uses_nothing)
{
	struct started s = start_by("TAG", NULL, 1);
	s.accepted = false;
	cr_assert_eq(fit(1, "TAG", NULL, s), FIT_NONE);
}

Test(rules, what_is_over_is_used_by_name_only)
{
	struct reserved r = {7, 1, "TAG", NULL, false};
	struct started s = start_by("TAG", NULL, 1);
	cr_assert_eq(rules_fit(&r, &s), FIT_NONE);
	s.number = 7;
	cr_assert_eq(rules_fit(&r, &s), FIT_NAMED);
}

#define ASKED 1000000
#define ACCEPTED 1000100
#define EXPIRES 4600000

static struct standing standing(int64_t connector)
{
	return (struct standing){.connector_id = connector,
				 .asked_ms = ASKED,
				 .accepted_ms = ACCEPTED,
				 .expires_ms = EXPIRES};
}

Test(rules, reserved_confirms_it_even_before_the_answer)
{
	struct standing st = standing(1);
	st.accepted_ms = 0;
	rules_see(&st, 1, "Reserved", ASKED + 50);
	cr_assert_eq(st.confirmed_ms, ASKED + 50);
	rules_see(&st, 1, "Reserved", ASKED + 60);
	cr_assert_eq(st.confirmed_ms, ASKED + 50);
	cr_assert_null(st.state);
}

Test(rules, a_fault_of_the_connector_or_of_the_charger_ends_it)
{
	static const char *const statuses[] = {"Faulted", "Unavailable"};
	for (int i = 0; i < 2; i++) {
		struct standing own = standing(1), whole = standing(1), other = standing(1);
		rules_see(&own, 1, statuses[i], ACCEPTED + 5);
		cr_assert_str_eq(own.state, "ended");
		cr_assert_str_eq(own.reason, statuses[i]);
		cr_assert_eq(own.ended_ms, ACCEPTED + 5);
		rules_see(&whole, 0, statuses[i], ACCEPTED + 5);
		cr_assert_str_eq(whole.state, "ended");
		rules_see(&other, 2, statuses[i], ACCEPTED + 5);
		cr_assert_null(other.state);
	}
}

Test(rules, a_faulty_connector_leaves_the_chargers_reservation_alone)
{
	struct standing st = standing(0);
	rules_see(&st, 1, "Faulted", ACCEPTED + 5);
	cr_assert_null(st.state);
	rules_see(&st, 0, "Faulted", ACCEPTED + 6);
	cr_assert_str_eq(st.state, "ended");
}

Test(rules, what_was_before_the_answer_ends_nothing)
{
	struct standing st = standing(1);
	rules_see(&st, 1, "Faulted", ACCEPTED - 1);
	cr_assert_null(st.state);
}

Test(rules, available_ends_only_what_was_reported_as_reserved)
{
	struct standing st = standing(1);
	rules_see(&st, 1, "Available", ACCEPTED + 5);
	cr_assert_null(st.state);
	rules_see(&st, 1, "Reserved", ACCEPTED + 6);
	rules_see(&st, 0, "Available", ACCEPTED + 7);
	cr_assert_null(st.state);
	rules_see(&st, 1, "Available", ACCEPTED + 8);
	cr_assert_str_eq(st.state, "ended");
	cr_assert_str_eq(st.reason, "Available");
}

Test(rules, available_when_its_time_is_up_by_either_clock_is_its_expiry)
{
	struct standing st = standing(1);
	rules_see(&st, 1, "Available", EXPIRES - 30000);
	cr_assert_str_eq(st.state, "expired");
	cr_assert_null(st.reason);
}

Test(rules, the_first_end_stands)
{
	struct standing st = standing(1);
	rules_see(&st, 1, "Faulted", ACCEPTED + 5);
	rules_see(&st, 1, "Available", EXPIRES + 5);
	cr_assert_str_eq(st.state, "ended");
}
