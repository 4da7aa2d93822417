#include <criterion/criterion.h>

#include "fake.h"
#include "ocpp16_core/sent.h"

static struct fake *f;

static void setup(void)
{
	f = fake_new();
}
TestSuite(sent, .init = setup, .fini = fake_free);

static struct sent_time at(const char *text)
{
	struct bb_json v = bb_json_make_str(text);
	return sent_time_read(&f->api, f->arena, &v, f->now_ms);
}

Test(sent, a_sane_time_is_kept)
{
	struct sent_time t = at("2026-11-21T09:00:00Z");
	cr_assert_not(t.absurd);
	cr_assert_eq(t.ms, FAKE_NOW_MS - 3 * 3600000);
	cr_assert_not(at("2015-01-01T00:00:00Z").absurd);
	cr_assert_not(at("2026-11-22T12:00:00Z").absurd, "a day ahead may be a time zone");
}

Test(sent, an_absurd_clock_is_replaced_by_the_time_of_receipt)
{
	const char *absurd[] = {"1970-01-01T00:00:05Z",
				"2014-12-31T23:59:59Z",
				"2026-11-22T12:00:01Z",
				"2099-01-01T00:00:00Z",
				"yesterday",
				""};
	for (size_t i = 0; i < sizeof absurd / sizeof *absurd; i++) {
		struct sent_time t = at(absurd[i]);
		cr_expect(t.absurd, "%s", absurd[i]);
		cr_expect_eq(t.ms, FAKE_NOW_MS, "%s", absurd[i]);
	}
	cr_assert(sent_time_read(&f->api, f->arena, NULL, 5).absurd);
}

Test(sent, a_missing_or_short_zone_is_completed)
{
	cr_assert_eq(at("2026-11-21T09:00:00").ms, FAKE_NOW_MS - 3 * 3600000);
	cr_assert_eq(at("2026-11-21T09:00:00+02").ms, FAKE_NOW_MS - 5 * 3600000);
}

Test(sent, only_a_believed_time_can_be_late)
{
	struct sent_time t = at("2026-11-21T11:54:59Z");
	cr_assert(sent_time_offline(&t, f->now_ms, 300000));
	t = at("2026-11-21T11:55:00Z");
	cr_assert_not(sent_time_offline(&t, f->now_ms, 300000));
	t = at("1970-01-01T00:00:00Z");
	cr_assert_not(sent_time_offline(&t, f->now_ms, 300000));
}

Test(sent, times_are_sent_without_fractions)
{
	cr_assert_str_eq(sent_time_seconds(&f->api, f->arena, FAKE_NOW_MS + 123),
			 "2026-11-21T12:00:00Z");
}

Test(sent, only_positive_64_bit_integers_are_protocol_ids)
{
	cr_assert_str_eq(sent_protocol_id(f->arena, fake_json("42")), "42");
	cr_assert_str_eq(sent_protocol_id(f->arena, fake_json("9223372036854775807")),
			 "9223372036854775807");
	const char *none[] = {"0", "-1", "1e30", "-1e30", "\"42\"", "null"};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		cr_expect_null(sent_protocol_id(f->arena, fake_json(none[i])), "%s", none[i]);
	cr_assert_null(sent_protocol_id(f->arena, NULL));
}

Test(sent, connector_ids_fit_their_column)
{
	cr_assert_eq(sent_connector(fake_json("{\"connectorId\":2}")), 2);
	cr_assert_eq(sent_connector(fake_json("{\"connectorId\":-1}")), -1);
	cr_assert_eq(sent_connector(fake_json("{\"connectorId\":99999999999}")), INT32_MAX);
	cr_assert_eq(sent_connector(fake_json("{\"connectorId\":-99999999999}")), INT32_MIN);
	cr_assert_eq(sent_connector(fake_json("{}")), 0);
}

Test(sent, a_register_reading_is_plausible_or_none)
{
	cr_assert_eq(sent_register_wh(fake_json("0")), 0);
	cr_assert_eq(sent_register_wh(fake_json("-1")), -1);
	cr_assert_eq(sent_register_wh(fake_json("-77")), -1);
	cr_assert_eq(sent_register_wh(fake_json("9223372036854775807")), -1);
	cr_assert_eq(sent_register_wh(NULL), -1);
}

Test(sent, keys_are_made_of_what_was_sent)
{
	const struct bb_json *start =
	    fake_json("{\"connectorId\":1,\"idTag\":\"TAG\",\"meterStart\":5,"
		      "\"timestamp\":\"1970-01-01T00:00:00Z\"}");
	cr_assert_str_eq(sent_start_key(&f->api, f->arena, start), "1|TAG|5|1970-01-01T00:00:00Z");
	const struct bb_json *stop =
	    fake_json("{\"transactionId\":-1,\"meterStop\":9,\"timestamp\":\"t\"}");
	cr_assert_str_eq(sent_stop_key(&f->api, f->arena, stop), "stop|-1||9|t|");
}

Test(sent, a_sample_key_tells_samples_apart_and_repetitions_not)
{
	const struct bb_json *e = fake_json("{\"timestamp\":\"t\"}");
	const char *one = sent_sample_key(f->arena, 1, e, "abc", 3);
	cr_assert_str_eq(one, sent_sample_key(f->arena, 1, e, "abc", 3));
	cr_assert_str_neq(one, sent_sample_key(f->arena, 2, e, "abc", 3));
	cr_assert_str_neq(one, sent_sample_key(f->arena, 1, e, "abd", 3));
}
