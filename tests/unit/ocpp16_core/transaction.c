/* Which transaction a stop ends, and what it comes to. */
#include <criterion/criterion.h>

#include "fake.h"
#include "ocpp16_core/transaction.h"

#define T0 FAKE_NOW_MS
#define HOUR INT64_C(3600000)

static struct bb_arena *a;

static void setup(void)
{
	a = fake_new()->arena;
}
TestSuite(matching, .init = setup, .fini = fake_free);
TestSuite(ending, .init = setup, .fini = fake_free);
TestSuite(flags, .init = setup, .fini = fake_free);

/* Open, of TAG, begun an hour ago at 1,000 Wh. */
static struct transaction open_one(const char *protocol_id)
{
	return (struct transaction){
	    .id = 1,
	    .protocol_id = protocol_id,
	    .id_tag = "TAG",
	    .start_key = "1|TAG|1000|t",
	    .flags = "",
	    .active = true,
	    .meter_start_wh = 1000,
	    .meter_last_wh = -1,
	    .highest_wh = -1,
	    .started_ms = T0 - HOUR,
	    .received_ms = T0 - HOUR,
	};
}

/* Now, at 5,000 Wh, naming no transaction. */
static struct stop a_stop(void)
{
	return (struct stop){
	    .key = "stop|-1|TAG|5000|t|",
	    .id_tag = "TAG",
	    .meter_wh = 5000,
	    .at_ms = T0,
	    .now_ms = T0,
	    .first_wh = -1,
	    .highest_wh = -1,
	};
}

static enum match match(const struct transaction *list, uint32_t n, const struct stop *s,
			uint32_t *i)
{
	*i = 99;
	return transaction_match(list, n, s, i);
}

Test(matching, a_stop_ends_the_transaction_it_names)
{
	struct transaction list[] = {open_one("6"), open_one("7")};
	struct stop s = a_stop();
	uint32_t i;
	s.protocol_id = "7";
	s.id_tag = "SOMEBODY ELSE";
	cr_assert_eq(match(list, 2, &s, &i), MATCH_ID);
	cr_assert_eq(i, 1);
}

Test(matching, without_a_known_id_the_only_open_one_of_the_token_is_meant)
{
	struct transaction list[] = {open_one("6"), open_one("7")};
	struct stop s = a_stop();
	uint32_t i;
	list[0].id_tag = "OTHER";
	list[1].id_tag = "tag";
	cr_assert_eq(match(list, 2, &s, &i), MATCH_OPEN);
	cr_assert_eq(i, 1);
	s.protocol_id = "9223372036854775807";
	cr_assert_eq(match(list, 2, &s, &i), MATCH_OPEN);
}

Test(matching, without_a_token_the_only_open_one_is_meant)
{
	struct transaction t = open_one("6");
	struct stop s = a_stop();
	uint32_t i;
	s.id_tag = NULL;
	cr_assert_eq(match(&t, 1, &s, &i), MATCH_OPEN);
}

Test(matching, a_token_of_the_same_group_may_stop_it)
{
	struct transaction t = open_one("6");
	struct stop s = a_stop();
	uint32_t i;
	s.id_tag = "OTHER";
	cr_assert_eq(match(&t, 1, &s, &i), MATCH_NONE);
	t.parent_id_tag = s.parent_id_tag = "GROUP";
	cr_assert_eq(match(&t, 1, &s, &i), MATCH_OPEN);
}

Test(matching, two_that_may_be_meant_are_neither)
{
	struct transaction list[] = {open_one("6"), open_one("7")};
	struct stop s = a_stop();
	uint32_t i;
	cr_assert_eq(match(list, 2, &s, &i), MATCH_NONE);
	cr_assert_eq(i, 99);
}

Test(matching, one_that_began_later_is_not_meant)
{
	struct transaction t = open_one("6");
	struct stop s = a_stop();
	uint32_t i;
	s.at_ms = T0 - 2 * HOUR;
	cr_assert_eq(match(&t, 1, &s, &i), MATCH_NONE);
	t.started_ms = T0 - 3 * HOUR;
	cr_assert_eq(match(&t, 1, &s, &i), MATCH_OPEN);
}

Test(matching, a_stop_is_recognized_when_it_comes_again)
{
	struct transaction list[] = {open_one("6"), open_one("7")};
	struct stop s = a_stop();
	uint32_t i;
	list[1].completed = true;
	list[1].stop_key = s.key;
	cr_assert_eq(match(list, 2, &s, &i), MATCH_REPEATED);
	cr_assert_eq(i, 1);
	list[1].stop_key = NULL;
	list[1].start_key = s.key;
	cr_assert_eq(match(list, 2, &s, &i), MATCH_REPEATED);
	cr_assert_eq(i, 1);
}

Test(matching, an_estimated_end_yields_to_a_stop_from_before_it)
{
	struct transaction t = open_one("6");
	struct stop s = a_stop();
	uint32_t i;
	t.active = false;
	t.completed = t.estimated = true;
	t.ended_ms = T0 + HOUR;
	cr_assert_eq(match(&t, 1, &s, &i), MATCH_OPEN);
	t.ended_ms = T0 - 1;
	cr_assert_eq(match(&t, 1, &s, &i), MATCH_NONE);
	t.ended_ms = T0 + HOUR;
	t.estimated = false;
	cr_assert_eq(match(&t, 1, &s, &i), MATCH_NONE);
}

Test(ending, energy_is_the_difference_of_the_registers)
{
	struct transaction t = open_one("6");
	struct stop s = a_stop();
	struct ending e = transaction_stop(a, &t, &s, MATCH_ID);
	cr_assert_eq(e.energy_wh, 4000);
	cr_assert_eq(e.meter_stop_wh, 5000);
	cr_assert_eq(e.stopped_ms, T0);
	cr_assert_str_eq(e.reason, "Local");
	cr_assert_str_eq(e.flags, "");
	cr_assert_not(e.estimated);
}

Test(ending, a_meter_that_went_backwards_charges_what_the_samples_prove)
{
	struct transaction t = open_one("6");
	struct stop s = a_stop();
	s.meter_wh = -1;
	struct ending e = transaction_stop(a, &t, &s, MATCH_ID);
	cr_assert_eq(e.energy_wh, 0);
	cr_assert_eq(e.meter_stop_wh, 1000);
	cr_assert_str_eq(e.flags, "meter_backwards");
	t.meter_last_wh = 30;
	t.highest_wh = 1700;
	s.meter_wh = 40;
	e = transaction_stop(a, &t, &s, MATCH_ID);
	cr_assert_eq(e.energy_wh, 700);
	s.highest_wh = 1900;
	e = transaction_stop(a, &t, &s, MATCH_ID);
	cr_assert_eq(e.energy_wh, 900);
}

Test(ending, a_start_without_a_reading_takes_the_first_sample)
{
	struct transaction t = open_one("6");
	struct stop s = a_stop();
	t.meter_start_wh = -1;
	s.first_wh = 4200;
	cr_assert_eq(transaction_stop(a, &t, &s, MATCH_ID).energy_wh, 800);
	s.first_wh = -1;
	cr_assert_eq(transaction_stop(a, &t, &s, MATCH_ID).energy_wh, 0);
	s.meter_wh = -1;
	cr_assert_eq(transaction_stop(a, &t, &s, MATCH_ID).energy_wh, 0);
}

Test(ending, a_stop_before_the_start_is_put_right_by_times_of_receipt)
{
	struct transaction t = open_one("6");
	struct stop s = a_stop();
	t.started_ms = T0 + 2 * HOUR;
	struct ending e = transaction_stop(a, &t, &s, MATCH_ID);
	cr_assert_eq(e.started_ms, T0 - HOUR, "the start was received then");
	cr_assert_eq(e.stopped_ms, T0);
	cr_assert_str_eq(e.flags, "clock");
	s.at_ms = T0 - 5 * HOUR;
	t.started_ms = T0 - HOUR;
	e = transaction_stop(a, &t, &s, MATCH_ID);
	cr_assert_eq(e.started_ms, T0 - HOUR);
	cr_assert_eq(e.stopped_ms, T0, "the stop was received then");
}

Test(ending, a_late_stop_replaces_an_estimate)
{
	struct transaction t = open_one("6");
	struct stop s = a_stop();
	t.estimated = t.completed = true;
	t.flags = "offline estimated";
	s.offline = true;
	struct ending e = transaction_stop(a, &t, &s, MATCH_OPEN);
	cr_assert_not(e.estimated);
	cr_assert_str_eq(e.flags, "offline late_stop unknown_id");
}

Test(ending, an_estimate_ends_with_the_last_reading)
{
	struct transaction t = open_one("6");
	t.meter_last_wh = 3000;
	t.last_ms = T0 - 600000;
	struct ending e = transaction_estimate(a, &t);
	cr_assert_eq(e.energy_wh, 2000);
	cr_assert_eq(e.stopped_ms, T0 - 600000);
	cr_assert(e.estimated);
	cr_assert_str_eq(e.flags, "estimated");
	cr_assert_null(e.reason);
}

Test(ending, an_estimate_without_readings_is_no_energy_and_no_time)
{
	struct transaction t = open_one("6");
	struct ending e = transaction_estimate(a, &t);
	cr_assert_eq(e.energy_wh, 0);
	cr_assert_eq(e.stopped_ms, t.started_ms);
	t.meter_start_wh = -1;
	e = transaction_estimate(a, &t);
	cr_assert_eq(e.meter_start_wh, 0);
	cr_assert_eq(e.energy_wh, 0);
}

Test(ending, an_estimate_after_a_reset_meter_takes_the_highest_reading)
{
	struct transaction t = open_one("6");
	t.meter_last_wh = 12;
	t.highest_wh = 1800;
	cr_assert_eq(transaction_estimate(a, &t).energy_wh, 800);
}

Test(flags, are_added_once_and_dropped_whole)
{
	cr_assert_str_eq(flags_add(a, "", "clock"), "clock");
	cr_assert_str_eq(flags_add(a, "clock", "clock"), "clock");
	cr_assert_str_eq(flags_add(a, "clock_x", "clock"), "clock_x clock");
	cr_assert_str_eq(flags_drop(a, "a b c", "b"), "a c");
	cr_assert_str_eq(flags_drop(a, "a b c", "a"), "b c");
	cr_assert_str_eq(flags_drop(a, "a b c", "c"), "a b");
	cr_assert_str_eq(flags_drop(a, "a", "a"), "");
	cr_assert_str_eq(flags_drop(a, "ab", "a"), "ab");
}
