/* What each handler stores, asks, tells and answers, with storage and hooks scripted. */
#include <criterion/criterion.h>
#include <errno.h>

#include "fake.h"

static struct fake *f;

static void setup(void)
{
	f = fake_new();
}
TestSuite(handlers, .init = setup, .fini = fake_free);

#define READ(...)                                               \
	do {                                                    \
		const char *lines[] = {__VA_ARGS__};            \
		fake_read(lines, sizeof lines / sizeof *lines); \
	} while (0)
#define RETURNS(...)                                               \
	do {                                                       \
		const char *lines[] = {__VA_ARGS__};               \
		fake_returns(lines, sizeof lines / sizeof *lines); \
	} while (0)

#define COLUMNS                                                                             \
	"id;charger_id;connector_id;operator_id;protocol_id;id_tag;token_status;start_key;" \
	"stop_key;flags;state;estimated;meter_start_wh;meter_last_wh;started_at;received_at"
/* Transaction 41 of charger 7's connector 1, begun at 11:00 with 1,000 Wh. */
#define ROW_41(stop_key, flags, state, last_wh)                                                \
	"41;7;1;default;'41';TAG;Accepted;1|TAG|1000|2026-11-21T11:00:00Z;" stop_key ";" flags \
	";" state ";0;1000;" last_wh ";2026-11-21T11:00:00.000Z;2026-11-21T11:00:00.000Z"
#define OPEN_41 ROW_41("-", "", "active", "-")
#define PENDING_41 ROW_41("-", "", "pending_reconciliation", "1500")

#define BOOT "{\"chargePointVendor\":\"V\",\"chargePointModel\":\"M\",\"firmwareVersion\":\"1.2\"}"

Test(handlers, boot_notification_answers_by_registration)
{
	static const struct {
		const char *registration, *answer;
	} cases[] = {
	    {"accepted", "{\"status\":\"Accepted\",\"currentTime\":\"2026-11-21T12:00:00Z\","
			 "\"interval\":300}"},
	    {"pending", "{\"status\":\"Pending\",\"currentTime\":\"2026-11-21T12:00:00Z\","
			"\"interval\":60}"},
	    {"rejected", "{\"status\":\"Rejected\",\"currentTime\":\"2026-11-21T12:00:00Z\","
			 "\"interval\":120}"},
	};
	for (size_t i = 0; i < 3; i++) {
		RETURNS("registration", cases[i].registration);
		cr_expect_str_eq(fake_call(boot_notification, BOOT), cases[i].answer);
	}
	const struct fake_added *boot = fake_added(Q_BOOT, 0);
	cr_assert_eq(fake_int(boot, 1), 7);
	cr_assert_str_eq(fake_text(boot, 2), "V");
	cr_assert_str_eq(fake_text(boot, 3), "M");
	cr_assert_str_eq(fake_text(boot, 4), "-");
	cr_assert_str_eq(fake_text(boot, 6), "1.2");
	cr_assert_str_eq(fake_text(boot, 11), "2026-11-21T12:00:00.000Z");
	cr_assert_not_null(fake_added(Q_SUSPEND_TRANSACTIONS, 0));
	cr_assert_not_null(strstr(f->emitted[0], "charger.booted "));
}

Test(handlers, boot_notification_does_as_its_hook_says)
{
	f->own_answer = "{\"status\":\"Pending\",\"interval_s\":17}";
	RETURNS("registration", "accepted");
	cr_expect_str_eq(fake_call(boot_notification, BOOT),
			 "{\"status\":\"Pending\",\"currentTime\":\"2026-11-21T12:00:00Z\","
			 "\"interval\":17}");
	cr_expect_str_eq(fake_text(fake_added(Q_REGISTER, 0), 2), "pending");
	cr_expect_str_eq(f->registered, "pending");
	cr_expect_not_null(strstr(f->emitted[0], "\"registration\":\"pending\""));
	cr_expect_not_null(strstr(f->own_question, "\"firmware_version\":\"1.2\""));
	f->own_answer = "{\"interval_s\":18}";
	cr_expect_not_null(strstr(fake_call(boot_notification, BOOT), "\"Accepted\""));
	cr_expect_null(fake_added(Q_REGISTER, 1));
}

Test(handlers, boot_notification_rejects_a_charger_whose_row_is_gone)
{
	cr_assert_not_null(strstr(fake_call(boot_notification, BOOT), "\"Rejected\""));
}

Test(handlers, what_cannot_be_stored_is_answered_with_internal_error)
{
	static const struct {
		bb_call_fn *fn;
		const char *payload;
	} cases[] = {
	    {boot_notification, BOOT},
	    {status_notification,
	     "{\"connectorId\":1,\"status\":\"Charging\",\"errorCode\":\"NoError\"}"},
	    {meter_values,
	     "{\"connectorId\":1,\"meterValue\":[{\"timestamp\":\"2026-11-21T12:00:00Z\","
	     "\"sampledValue\":[{\"value\":\"1\"}]}]}"},
	    {start_transaction, "{\"connectorId\":1,\"idTag\":\"TAG\",\"meterStart\":1000,"
				"\"timestamp\":\"2026-11-21T11:00:00Z\"}"},
	    {stop_transaction, "{\"transactionId\":41,\"meterStop\":5000,"
			       "\"timestamp\":\"2026-11-21T12:00:00Z\"}"},
	};
	f->commit_err = -EAGAIN;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_str_eq(fake_call(cases[i].fn, cases[i].payload), "!InternalError",
				 "case %zu", i);
	cr_assert_eq(f->emitted_count, 0);
}

Test(handlers, what_cannot_be_read_is_answered_with_internal_error)
{
	f->reads[0].err = f->reads[1].err = f->reads[2].err = -EAGAIN;
	cr_expect_str_eq(fake_call(start_transaction, "{\"connectorId\":1}"), "!InternalError");
	cr_expect_str_eq(fake_call(stop_transaction, "{\"transactionId\":1}"), "!InternalError");
	cr_expect_str_eq(
	    fake_call(status_notification, "{\"connectorId\":1,\"status\":\"Available\"}"),
	    "!InternalError");
	cr_assert_eq(f->commit_count, 0);
}

Test(handlers, heartbeat_writes_nothing)
{
	cr_assert_str_eq(fake_call(heartbeat, "{}"), "{\"currentTime\":\"2026-11-21T12:00:00Z\"}");
	cr_assert_eq(f->commit_count, 0);
}

Test(handlers, authorize_hands_on_what_the_hook_says)
{
	f->hook_answer = "{\"status\":\"Expired\",\"parent_id_tag\":\"G\","
			 "\"expiry_date\":\"2026-01-01T00:00:00.000Z\",\"user_id\":\"u\"}";
	cr_assert_str_eq(fake_call(authorize, "{\"idTag\":\"TAG\"}"),
			 "{\"idTagInfo\":{\"status\":\"Expired\",\"parentIdTag\":\"G\","
			 "\"expiryDate\":\"2026-01-01T00:00:00Z\"}}");
	cr_assert_str_eq(
	    f->question,
	    "{\"id_tag\":\"TAG\",\"purpose\":\"authorize\",\"charge_point_id\":\"CP1\","
	    "\"charger_id\":7,\"operator_id\":\"default\",\"connector_id\":null,"
	    "\"at\":\"2026-11-21T12:00:00.000Z\"}");
}

Test(handlers, authorize_fails_closed)
{
	const char *invalid = "{\"idTagInfo\":{\"status\":\"Invalid\"}}";
	f->hook_err = -ENOENT;
	cr_assert_str_eq(fake_call(authorize, "{\"idTag\":\"TAG\"}"), invalid);
	f->hook_err = -EPERM;
	cr_assert_str_eq(fake_call(authorize, "{\"idTag\":\"TAG\"}"), invalid);
	f->hook_err = -EIO;
	cr_assert_str_eq(fake_call(authorize, "{\"idTag\":\"TAG\"}"), invalid);
	f->hook_failure = "{\"code\":\"StorageAway\",\"detail\":\"d\"}";
	cr_assert_str_eq(fake_call(authorize, "{\"idTag\":\"TAG\"}"), "!InternalError");
}

#define START(time)                                                                     \
	"{\"connectorId\":1,\"idTag\":\"TAG\",\"meterStart\":1000,\"reservationId\":0," \
	"\"timestamp\":\"" time "\"}"
#define START_COLUMNS "id;protocol_id;token_status;parent_id_tag;token_expires_at;started_at"

Test(handlers, start_transaction_answers_with_the_row_that_was_stored)
{
	RETURNS(START_COLUMNS,
		"41;'41';Invalid;G;2027-01-01T00:00:00.000Z;2026-11-21T11:59:00.000Z");
	f->hook_answer = "{\"status\":\"Invalid\"}";
	cr_assert_str_eq(fake_call(start_transaction, START("2026-11-21T11:59:00Z")),
			 "{\"transactionId\":41,\"idTagInfo\":{\"status\":\"Invalid\","
			 "\"parentIdTag\":\"G\",\"expiryDate\":\"2027-01-01T00:00:00Z\"}}");
	const struct fake_added *start = fake_added(Q_START_TRANSACTION, 0);
	cr_assert_str_eq(fake_text(start, 4), "TAG");
	cr_assert_str_eq(fake_text(start, 7), "Invalid");
	cr_assert_str_eq(fake_text(start, 9), "-", "reservation 0 is none");
	cr_assert_str_eq(fake_text(start, 10), "active");
	cr_assert_str_eq(fake_text(start, 12), "");
	cr_assert_eq(fake_int(start, 13), 1000);
	cr_assert_str_eq(fake_text(start, 14), "2026-11-21T11:59:00.000Z");
	cr_assert_str_eq(fake_text(start, 16), "1|TAG|1000|2026-11-21T11:59:00Z");
	cr_assert_not_null(strstr(f->emitted[0], "transaction.started "));
}

Test(handlers, start_transaction_flags_what_is_odd)
{
	RETURNS(START_COLUMNS, "41;-;Accepted;-;-;-");
	fake_call(start_transaction, "{\"connectorId\":1,\"idTag\":\"TAG\",\"meterStart\":-1,"
				     "\"timestamp\":\"2026-11-21T06:00:00Z\"}");
	const struct fake_added *start = fake_added(Q_START_TRANSACTION, 0);
	cr_assert_str_eq(fake_text(start, 12), "offline meter_unknown");
	cr_assert_eq(fake_int(start, 13), -1);
	cr_assert_str_eq(fake_text(start, 14), "2026-11-21T06:00:00.000Z", "its own time");
	fake_call(start_transaction, START("1970-01-01T00:00:00Z"));
	start = fake_added(Q_START_TRANSACTION, 1);
	cr_assert_str_eq(fake_text(start, 12), "clock");
	cr_assert_str_eq(fake_text(start, 14), "2026-11-21T12:00:00.000Z", "the time of receipt");
	cr_assert_str_eq(fake_text(start, 16), "1|TAG|1000|1970-01-01T00:00:00Z");
}

Test(handlers, a_start_of_a_token_with_a_limit_is_counted_alone)
{
	RETURNS(START_COLUMNS, "41;'41';ConcurrentTx;G;-;-");
	f->hook_answer = "{\"status\":\"Accepted\",\"parent_id_tag\":\"G\",\"max_active\":2,"
			 "\"group_max_active\":5}";
	cr_assert_str_eq(fake_call(start_transaction, START("2026-11-21T11:59:00Z")),
			 "{\"transactionId\":41,\"idTagInfo\":{\"status\":\"ConcurrentTx\","
			 "\"parentIdTag\":\"G\"}}");
	cr_assert_str_eq(fake_text(fake_added(Q_COUNT_ALONE, 0), 2), "TAG");
	cr_assert_str_eq(fake_text(fake_added(Q_COUNT_ALONE, 1), 2), "G");
	const struct fake_added *start = fake_added(Q_START_TRANSACTION, 0);
	cr_assert_eq(fake_int(start, 17), 2);
	cr_assert_eq(fake_int(start, 18), 5);
	cr_assert_str_eq(fake_text(start, 19), "2026-11-23T12:00:00.000Z", "all that run now");
	cr_assert_str_eq(fake_text(start, 20), "2026-11-21T11:59:00.000Z");
}

Test(handlers, a_start_that_was_held_back_is_counted_by_its_own_time)
{
	RETURNS(START_COLUMNS, "41;'41';Accepted;-;-;-");
	f->hook_answer = "{\"status\":\"Accepted\",\"max_active\":1}";
	fake_call(start_transaction, START("2026-11-21T09:00:00Z"));
	cr_assert_null(fake_added(Q_COUNT_ALONE, 1), "it has no group");
	cr_assert_str_eq(fake_text(fake_added(Q_START_TRANSACTION, 0), 19),
			 "2026-11-21T09:00:00.000Z");
}

Test(handlers, a_repeated_start_gets_the_same_answer_and_asks_nobody)
{
	READ(COLUMNS, OPEN_41);
	cr_assert_str_eq(fake_call(start_transaction, START("2026-11-21T11:00:00Z")),
			 "{\"transactionId\":41,\"idTagInfo\":{\"status\":\"Accepted\"}}");
	cr_assert_eq(f->commit_count, 0);
	cr_assert_null(f->question);
}

Test(handlers, a_start_on_a_busy_connector_ends_what_was_open)
{
	READ(COLUMNS, OPEN_41);
	RETURNS(START_COLUMNS, "42;-;Accepted;-;-;-");
	fake_call(start_transaction, START("2026-11-21T11:30:00Z"));
	cr_assert_eq(f->commit_count, 1);
	const struct fake_added *end = fake_added(Q_END_TRANSACTION, 0);
	cr_assert_eq(fake_int(end, 1), 41);
	cr_assert_str_eq(fake_text(end, 11), "estimated");
	cr_assert_eq(fake_int(end, 12), 1);
	cr_assert_str_eq(f->enqueued[0], "price_transaction {\"transaction_id\":41}");
	cr_assert_not_null(strstr(f->emitted[0], "transaction.ended "));
	cr_assert_not_null(strstr(f->emitted[1], "transaction.started "));
}

Test(handlers, a_start_from_before_the_open_one_does_not_end_it)
{
	READ(COLUMNS, OPEN_41);
	RETURNS(START_COLUMNS, "42;-;Accepted;-;-;-");
	fake_call(start_transaction, START("2026-11-21T08:00:00Z"));
	cr_assert_null(fake_added(Q_END_TRANSACTION, 0));
	cr_assert_str_eq(fake_text(fake_added(Q_START_TRANSACTION, 0), 10),
			 "pending_reconciliation");
}

Test(handlers, without_a_clock_a_new_session_is_told_from_a_repetition_by_its_twins_end)
{
	READ(COLUMNS, "41;7;1;default;'41';TAG;Accepted;1|TAG|1000|1970-01-01T00:00:00Z;-;;"
		      "completed;0;1000;-;2026-11-21T11:00:00.000Z;2026-11-21T11:00:00.000Z");
	READ("id;state", "41;completed");
	RETURNS(START_COLUMNS, "42;-;Accepted;-;-;-");
	fake_call(start_transaction, START("1970-01-01T00:00:00Z"));
	cr_assert_str_eq(fake_text(fake_added(Q_START_TRANSACTION, 0), 16),
			 "1|TAG|1000|1970-01-01T00:00:00Z#41");
}

#define STOP(more)                                                    \
	"{\"transactionId\":41,\"idTag\":\"TAG\",\"meterStop\":5000," \
	"\"timestamp\":\"2026-11-21T12:00:00Z\"" more "}"

Test(handlers, stop_transaction_ends_prices_and_tells_in_one_unit)
{
	READ(COLUMNS, OPEN_41);
	cr_assert_str_eq(
	    fake_call(
		stop_transaction,
		STOP(
		    ",\"reason\":\"Remote\",\"transactionData\":["
		    "{\"timestamp\":\"2026-11-21T12:00:00Z\",\"sampledValue\":[{\"value\":\"5\"}]},"
		    "{\"timestamp\":\"2026-11-21T12:00:00Z\",\"sampledValue\":[]}]")),
	    "{\"idTagInfo\":{\"status\":\"Accepted\"}}");
	cr_assert_eq(f->commit_count, 1);
	const struct fake_added *end = fake_added(Q_END_TRANSACTION, 0);
	cr_assert_eq(fake_int(end, 1), 41);
	cr_assert_eq(fake_int(end, 3), 5000);
	cr_assert_eq(fake_int(end, 4), 4000);
	cr_assert_str_eq(fake_text(end, 8), "Remote");
	cr_assert_str_eq(fake_text(end, 9), "TAG");
	cr_assert_str_eq(fake_text(end, 10), "stop|41|TAG|5000|2026-11-21T12:00:00Z|Remote");
	cr_assert_str_eq(fake_text(end, 11), "");
	const struct fake_added *sample = fake_added(Q_TRANSACTION_SAMPLE, 0);
	cr_assert_eq(fake_int(sample, 4), 41);
	cr_assert_null(fake_added(Q_TRANSACTION_SAMPLE, 1), "an empty one is none");
	cr_assert_str_eq(f->enqueued[0], "price_transaction {\"transaction_id\":41}");
	cr_assert_eq(f->emitted_count, 1);
}

Test(handlers, a_stop_is_flagged_and_noted_on_as_its_hook_says)
{
	READ(COLUMNS, OPEN_41);
	f->own_answer = "{\"flags\":[\"idle\",\"two words\",\"idle\"],\"note\":\"late\"}";
	fake_call(stop_transaction, STOP(""));
	const struct fake_added *end = fake_added(Q_END_TRANSACTION, 0);
	cr_assert_str_eq(fake_text(end, 11), "idle");
	cr_assert_str_eq(fake_text(end, 13), "late");
	cr_assert_not_null(strstr(f->own_question, "\"energy_wh\":4000"));
}

Test(handlers, a_stop_without_a_token_is_answered_without_one)
{
	READ(COLUMNS, OPEN_41);
	cr_assert_str_eq(fake_call(stop_transaction, "{\"transactionId\":41,\"meterStop\":5000,"
						     "\"timestamp\":\"2026-11-21T12:00:00Z\"}"),
			 "{}");
	cr_assert_null(f->question);
	cr_assert_str_eq(fake_text(fake_added(Q_END_TRANSACTION, 0), 8), "Local");
}

Test(handlers, a_stop_that_somebody_else_stored_meanwhile_is_not_told_twice)
{
	READ(COLUMNS, OPEN_41);
	f->changed = 0;
	cr_assert_str_eq(fake_call(stop_transaction, STOP("")),
			 "{\"idTagInfo\":{\"status\":\"Accepted\"}}");
	cr_assert_eq(f->emitted_count, 0);
}

Test(handlers, a_repeated_stop_changes_nothing)
{
	READ(COLUMNS,
	     ROW_41("stop|41|TAG|5000|2026-11-21T12:00:00Z|", "offline", "completed", "-"));
	cr_assert_str_eq(fake_call(stop_transaction, STOP("")),
			 "{\"idTagInfo\":{\"status\":\"Accepted\"}}");
	cr_assert_eq(f->commit_count, 0);
	cr_assert_eq(f->added_count, 0);
	cr_assert_eq(f->rollback_count, 1);
}

Test(handlers, a_second_stop_that_differs_leaves_a_flag_only)
{
	READ(COLUMNS,
	     ROW_41("stop|41|TAG|4711|2026-11-21T12:00:00Z|", "offline", "completed", "-"));
	cr_assert_str_eq(fake_call(stop_transaction, STOP("")),
			 "{\"idTagInfo\":{\"status\":\"Accepted\"}}");
	cr_assert_eq(f->added_count, 1);
	cr_assert_str_eq(fake_text(fake_added(Q_FLAG_TRANSACTION, 0), 2), "offline stop_conflict");
	cr_assert_eq(f->enqueued_count, 0);
}

Test(handlers, a_stop_nobody_knows_of_becomes_a_transaction_and_ends_it)
{
	READ(COLUMNS);
	READ(COLUMNS, "50;7;0;default;-;TAG;Accepted;stop|41|TAG|5000|2026-11-21T12:00:00Z|;-;"
		      "unknown_start;pending_reconciliation;0;4200;-;"
		      "2026-11-21T11:10:00.000Z;2026-11-21T12:00:00.000Z");
	cr_assert_str_eq(
	    fake_call(
		stop_transaction,
		STOP(",\"transactionData\":[{\"timestamp\":\"2026-11-21T11:10:00Z\","
		     "\"sampledValue\":[{\"value\":\"4200\",\"context\":\"Transaction.Begin\"},"
		     "{\"value\":\"5000\",\"context\":\"Transaction.End\"}]}]")),
	    "{\"idTagInfo\":{\"status\":\"Accepted\"}}");
	const struct fake_added *row = fake_added(Q_UNKNOWN_TRANSACTION, 0);
	cr_assert_eq(fake_int(row, 8), 4200);
	cr_assert_str_eq(fake_text(row, 9), "2026-11-21T11:10:00.000Z");
	const struct fake_added *end = fake_added(Q_END_TRANSACTION, 0);
	cr_assert_eq(fake_int(end, 4), 800);
	cr_assert_str_eq(fake_text(end, 11), "unknown_start");
	cr_assert_eq(f->commit_count, 2);
}

Test(handlers, an_unknown_stop_that_is_not_found_again_is_an_error_and_no_loop)
{
	READ(COLUMNS);
	READ(COLUMNS);
	cr_assert_str_eq(fake_call(stop_transaction, STOP("")), "!InternalError");
}

Test(handlers, meter_values_are_one_insert_each_and_one_update)
{
	cr_assert_str_eq(
	    fake_call(
		meter_values,
		"{\"connectorId\":1,\"transactionId\":41,\"meterValue\":["
		"{\"timestamp\":\"2026-11-21T11:59:00Z\",\"sampledValue\":[{\"value\":\"700\"}]},"
		"{\"timestamp\":\"2026-11-21T11:58:00Z\",\"sampledValue\":[{\"value\":\"600\"}]}]"
		"}"),
	    "{}");
	cr_assert_eq(f->added_count, 3);
	cr_assert_eq(f->commit_count, 1);
	const struct fake_added *sample = fake_added(Q_METER_SAMPLE, 0);
	cr_assert_eq(fake_int(sample, 3), 1);
	cr_assert_str_eq(fake_text(sample, 4), "41");
	cr_assert_eq(fake_int(sample, 7), 700);
	cr_assert_str_eq(fake_text(sample, 8), "-");
	cr_assert_str_eq(
	    fake_text(sample, 12),
	    "{\"timestamp\":\"2026-11-21T11:59:00Z\",\"sampledValue\":[{\"value\":\"700\"}]}");
	cr_assert_eq(fake_int(sample, 13), 0);
	const struct fake_added *reading = fake_added(Q_METER_READING, 0);
	cr_assert_str_eq(fake_text(reading, 3), fake_text(sample, 14));
	cr_assert_str_eq(fake_text(reading, 4), "2026-11-21T11:59:00.000Z");
	cr_assert_eq(fake_int(reading, 5), 700);
}

Test(handlers, empty_meter_values_are_answered_and_not_stored)
{
	cr_assert_str_eq(fake_call(meter_values, "{\"connectorId\":1,\"meterValue\":[]}"), "{}");
	cr_assert_str_eq(fake_call(meter_values,
				   "{\"connectorId\":1,\"meterValue\":[{\"timestamp\":"
				   "\"2026-11-21T12:00:00Z\",\"sampledValue\":[]}]}"),
			 "{}");
	cr_assert_eq(f->added_count, 0);
}

#define READING(transaction)                                                \
	"{\"connectorId\":1," transaction "\"meterValue\":[{\"timestamp\":" \
	"\"2026-11-21T11:59:00Z\",\"sampledValue\":[{\"value\":\"700\"}]}]}"

Test(handlers, a_reading_that_finds_no_running_transaction_may_resume_the_one_it_names)
{
	f->changed = 0;
	fake_call(meter_values, READING(""));
	cr_assert_eq(f->commit_count, 1);
	cr_assert_str_eq(fake_call(meter_values, READING("\"transactionId\":41,")), "{}");
	cr_assert_eq(f->commit_count, 3);
	const struct fake_added *resumes = fake_added(Q_METER_RESUMES, 0);
	cr_assert_str_eq(fake_text(resumes, 3), fake_text(fake_added(Q_METER_SAMPLE, 1), 14));
	cr_assert_eq(fake_int(resumes, 5), 700);
	cr_assert_str_eq(fake_text(resumes, 6), "41");
}

Test(handlers, a_sample_that_is_no_number_is_kept_as_it_came)
{
	fake_call(meter_values,
		  "{\"connectorId\":1,\"transactionId\":-1,\"meterValue\":[{\"timestamp\":"
		  "\"1970-01-01T00:00:00Z\",\"sampledValue\":[{\"value\":\"abc\"}]}]}");
	cr_assert_eq(f->added_count, 1);
	const struct fake_added *sample = fake_added(Q_METER_SAMPLE_WITHOUT_CLOCK, 0);
	cr_assert_str_eq(fake_text(sample, 4), "-");
	cr_assert_str_eq(fake_text(sample, 5), "2026-11-21T12:00:00.000Z");
	cr_assert_str_eq(fake_text(sample, 7), "-");
	cr_assert_not_null(strstr(fake_text(sample, 12), "\"abc\""));
	cr_assert_eq(fake_int(sample, 13), 1);
}

#define STATUS(status)                                                            \
	"{\"connectorId\":1,\"status\":\"" status "\",\"errorCode\":\"NoError\"," \
	"\"timestamp\":\"2026-11-21T11:59:00Z\"}"

Test(handlers, a_status_is_stored_with_its_history_and_told)
{
	cr_assert_str_eq(fake_call(status_notification, STATUS("Preparing")), "{}");
	cr_assert_eq(f->added_count, 2);
	cr_assert_eq(f->read_count, 0);
	const struct fake_added *status = fake_added(Q_STATUS, 0);
	cr_assert_eq(fake_int(status, 2), 1);
	cr_assert_str_eq(fake_text(status, 4), "Preparing");
	cr_assert_str_eq(fake_text(status, 6), "-");
	cr_assert_str_eq(fake_text(status, 9), "2026-11-21T11:59:00.000Z");
	cr_assert_not_null(fake_added(Q_STATUS_HISTORY, 0));
	cr_assert_not_null(strstr(f->emitted[0], "connector.status "));
}

Test(handlers, a_repeated_status_is_not_told_again)
{
	f->changed = 0;
	cr_assert_str_eq(fake_call(status_notification, STATUS("Preparing")), "{}");
	cr_assert_eq(f->emitted_count, 0);
}

Test(handlers, a_charging_connector_resumes_its_transaction)
{
	fake_call(status_notification, STATUS("SuspendedEV"));
	cr_assert_not_null(fake_added(Q_RESUME_ON_CONNECTOR, 0));
}

Test(handlers, an_available_connector_ends_what_a_boot_made_doubtful)
{
	READ(COLUMNS, PENDING_41);
	fake_call(status_notification, STATUS("Available"));
	const struct fake_added *end = fake_added(Q_END_TRANSACTION, 0);
	cr_assert_eq(fake_int(end, 4), 500);
	cr_assert_eq(fake_int(end, 12), 1);
	cr_assert_str_eq(f->enqueued[0], "price_transaction {\"transaction_id\":41}");
	cr_assert_not_null(strstr(f->emitted[1], "transaction.ended "));
}

Test(handlers, an_available_connector_makes_a_running_transaction_doubtful)
{
	READ(COLUMNS, OPEN_41);
	fake_call(status_notification, STATUS("Available"));
	cr_assert_null(fake_added(Q_END_TRANSACTION, 0));
	cr_assert_eq(fake_int(fake_added(Q_SUSPEND_TRANSACTION, 0), 1), 41);
}

Test(handlers, a_status_from_before_the_start_proves_nothing)
{
	READ(COLUMNS, PENDING_41);
	fake_call(status_notification,
		  "{\"connectorId\":1,\"status\":\"Available\",\"errorCode\":\"NoError\","
		  "\"timestamp\":\"2026-11-21T10:00:00Z\"}");
	cr_assert_null(fake_added(Q_END_TRANSACTION, 0));
}

Test(handlers, the_charger_itself_being_available_says_nothing_of_its_connectors)
{
	fake_call(status_notification,
		  "{\"connectorId\":0,\"status\":\"Available\",\"errorCode\":\"NoError\"}");
	cr_assert_eq(f->read_count, 0);
	cr_assert_str_eq(fake_text(fake_added(Q_STATUS, 0), 9), "2026-11-21T12:00:00.000Z");
}

#define TRANSFER "{\"vendorId\":\"V\",\"messageId\":\"M\",\"data\":\"d\"}"

Test(handlers, data_transfer_goes_to_whoever_knows_the_vendor)
{
	f->hook_answer = "{\"status\":\"Accepted\",\"data\":\"x\"}";
	cr_assert_str_eq(fake_call(data_transfer, TRANSFER),
			 "{\"status\":\"Accepted\",\"data\":\"x\"}");
	cr_assert_str_eq(f->question, "{\"charge_point_id\":\"CP1\",\"operator_id\":\"default\","
				      "\"vendor_id\":\"V\",\"message_id\":\"M\",\"data\":\"d\"}");
	f->hook_err = -ENOENT;
	cr_assert_str_eq(fake_call(data_transfer, TRANSFER), "{\"status\":\"UnknownVendorId\"}");
	f->hook_err = -EPERM;
	cr_assert_str_eq(fake_call(data_transfer, TRANSFER), "{\"status\":\"Rejected\"}");
}

Test(handlers, a_charger_that_is_not_accepted_starts_nothing_and_loses_nothing)
{
	f->link.registration = "pending";
	cr_assert_str_eq(fake_call(authorize, "{\"idTag\":\"A\"}"),
			 "{\"idTagInfo\":{\"status\":\"Invalid\"}}");
	cr_assert_null(f->question, "no token is worth anything there");
}

Test(handlers, a_rejected_charger_is_told_to_boot_first)
{
	f->link.registration = "rejected";
	cr_assert_str_eq(fake_call(refuse_rejected, "{}"), "!SecurityError");
}
