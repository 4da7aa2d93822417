#include "event.h"

#include <criterion/criterion.h>

#include "base/arena.h"
#include "json/json.h"

static struct bb_arena *arena;

static void set_up(void)
{
	arena = arena_new(0);
}

static void tear_down(void)
{
	arena_free(arena);
}

TestSuite(event, .init = set_up, .fini = tear_down);

static const struct bb_json *value(const char *text)
{
	const struct bb_json *v = NULL;
	cr_assert_eq(json_parse(arena, text, strlen(text), &v, NULL), 0, "%s", text);
	return v;
}

static struct bb_payment_fact fact_of(const char *type, const char *object)
{
	struct bb_payment_fact f;
	const char *text = arena_printf(arena,
					"{\"id\":\"evt_1\",\"type\":\"%s\",\"created\":1732590000,"
					"\"data\":{\"object\":%s}}",
					type, object);
	cr_assert(event_read(arena, value(text), &f), "%s", text);
	return f;
}

Test(event, a_session_that_is_paid_is_a_payment)
{
	struct bb_payment_fact f = fact_of(
	    "checkout.session.completed",
	    "{\"id\":\"cs_1\",\"payment_status\":\"paid\",\"amount_total\":1000,\"currency\":"
	    "\"eur\",\"payment_intent\":\"pi_1\",\"client_reference_id\":\"by the payer\","
	    "\"metadata\":{\"payment\":\"P1\"}}");
	cr_expect_eq(f.kind, BB_PAYMENT_PAID);
	cr_expect_str_eq(f.event_id, "evt_1");
	cr_expect_str_eq(f.payment_id, "P1");
	cr_expect_str_eq(f.checkout_ref, "cs_1");
	cr_expect_str_eq(f.payment_ref, "pi_1");
	cr_expect_str_eq(f.currency, "EUR");
	cr_expect_eq(f.amount_minor, 1000);
	cr_expect_eq(f.at_ms, 1732590000000);
}

Test(event, what_the_payer_can_write_names_no_payment)
{
	struct bb_payment_fact f = fact_of("checkout.session.completed",
					   "{\"id\":\"cs_1\",\"client_reference_id\":\"P1\"}");
	cr_expect_null(f.payment_id);
	cr_expect_eq(f.kind, BB_PAYMENT_OPEN, "without a status it is not paid");
}

Test(event, amounts_that_cannot_be_read_fit_no_payment)
{
	struct bb_payment_fact f =
	    fact_of("checkout.session.completed",
		    "{\"id\":\"cs_1\",\"payment_status\":\"paid\",\"amount_total\":\"1000\","
		    "\"currency\":\"eur\"}");
	cr_expect_eq(f.kind, BB_PAYMENT_PAID);
	cr_expect_eq(f.amount_minor, -1);
	f = fact_of("checkout.session.completed",
		    "{\"id\":\"cs_1\",\"payment_status\":\"paid\",\"amount_total\":10.5,"
		    "\"currency\":\"eur\"}");
	cr_expect_eq(f.amount_minor, -1);
}

Test(event, inquiries_are_no_disputes)
{
	cr_expect_eq(
	    fact_of("charge.dispute.created", "{\"status\":\"warning_needs_response\"}").kind,
	    BB_PAYMENT_NOTHING);
	cr_expect_eq(fact_of("charge.dispute.created", "{\"status\":\"needs_response\"}").kind,
		     BB_PAYMENT_DISPUTED);
	cr_expect_eq(fact_of("charge.dispute.closed", "{\"status\":\"won\"}").kind,
		     BB_PAYMENT_DISPUTE_WON);
	cr_expect_eq(fact_of("charge.dispute.closed", "{\"status\":\"lost\"}").kind,
		     BB_PAYMENT_DISPUTE_LOST);
	cr_expect_eq(fact_of("charge.dispute.closed", "{\"status\":\"warning_closed\"}").kind,
		     BB_PAYMENT_NOTHING);
}

Test(event, a_dispute_has_a_name_and_an_inquiry_can_become_one)
{
	struct bb_payment_fact f = fact_of("charge.dispute.funds_withdrawn",
					   "{\"id\":\"du_1\",\"status\":\"needs_response\"}");
	cr_expect_eq(f.kind, BB_PAYMENT_DISPUTED);
	cr_expect_str_eq(f.dispute_ref, "du_1");
	f = fact_of("charge.dispute.closed", "{\"id\":\"du_2\",\"status\":\"lost\"}");
	cr_expect_str_eq(f.dispute_ref, "du_2");
}

Test(event, refunds_name_what_they_belong_to)
{
	struct bb_payment_fact f =
	    fact_of("charge.refunded",
		    "{\"amount_refunded\":300,\"currency\":\"eur\",\"payment_intent\":{\"id\":"
		    "\"pi_1\"},\"metadata\":{\"payment\":\"P1\"}}");
	cr_expect_eq(f.kind, BB_PAYMENT_REFUNDED);
	cr_expect_eq(f.amount_minor, 300);
	cr_expect_str_eq(f.payment_ref, "pi_1");
	f = fact_of("refund.failed", "{\"status\":\"failed\",\"metadata\":{\"refund\":\"R1\"}}");
	cr_expect_eq(f.kind, BB_PAYMENT_REFUND_FAILED);
	cr_expect_str_eq(f.refund_id, "R1");
	cr_expect_eq(fact_of("charge.refund.updated", "{\"status\":\"succeeded\"}").kind,
		     BB_PAYMENT_NOTHING);
}

Test(event, a_time_that_is_none_is_unknown)
{
	static const char *const none[] = {"9223372036854775807", "-1", "1e300", "\"now\"",
					   "4102444801"};
	struct bb_payment_fact f;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		char text[128];
		snprintf(text, sizeof text,
			 "{\"id\":\"e\",\"type\":\"t\",\"created\":%s,\"data\":{\"object\":{}}}",
			 none[i]);
		cr_assert(event_read(arena, value(text), &f));
		cr_expect_eq(f.at_ms, 0, "%s", text);
	}
}

Test(event, others_mean_nothing_and_what_is_none_is_refused)
{
	static const char *const none[] = {
	    "{}",
	    "[]",
	    "null",
	    "{\"id\":\"e\",\"type\":\"t\"}",
	    "{\"id\":\"\",\"type\":\"t\",\"data\":{\"object\":{}}}",
	    "{\"id\":1,\"type\":\"t\",\"data\":{\"object\":{}}}",
	    "{\"id\":\"e\",\"data\":{\"object\":{}}}",
	    "{\"id\":\"e\",\"type\":\"t\",\"data\":{\"object\":[]}}",
	};
	struct bb_payment_fact f;
	cr_expect_eq(fact_of("customer.created", "{}").kind, BB_PAYMENT_NOTHING);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		cr_expect_not(event_read(arena, value(none[i]), &f), "%s", none[i]);
}

Test(event, a_session_that_was_asked_for_is_as_its_status_says)
{
	struct bb_payment_fact f;
	cr_expect(session_read(
	    arena, value("{\"id\":\"cs_1\",\"status\":\"open\",\"url\":\"https://x\"}"), &f));
	cr_expect_eq(f.kind, BB_PAYMENT_OPEN);
	cr_expect_str_eq(f.url, "https://x");
	cr_expect(session_read(arena, value("{\"id\":\"cs_1\",\"status\":\"expired\"}"), &f));
	cr_expect_eq(f.kind, BB_PAYMENT_EXPIRED);
	cr_expect(session_read(
	    arena, value("{\"id\":\"cs_1\",\"status\":\"complete\",\"payment_status\":\"unpaid\"}"),
	    &f));
	cr_expect_eq(f.kind, BB_PAYMENT_OPEN);
	cr_expect(session_read(
	    arena, value("{\"id\":\"cs_1\",\"status\":\"complete\",\"payment_status\":\"paid\"}"),
	    &f));
	cr_expect_eq(f.kind, BB_PAYMENT_PAID);
	cr_expect_not(session_read(arena, value("{}"), &f));
}
