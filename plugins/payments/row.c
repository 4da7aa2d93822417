/* A payment as the query look reads it. */
#include "payments.h"

enum {
	ID,
	OPERATOR_ID,
	USER_ID,
	WALLET_ID,
	GATEWAY,
	CURRENCY,
	AMOUNT,
	STATE,
	REASON,
	CHECKOUT_REF,
	PAYMENT_REF,
	URL,
	PAID_AT,
	FAILED_AT,
	EXPIRED_AT,
	REFUNDED,
	DISPUTED,
	DISPUTE,
	DEBITED,
	VERSION,
	LOOK_AT,
	EXPIRES_AT,
	ASKED,
	DONE,
	RETURNED,
	EVENT_OUTCOME,
	REFUND_STATE,
	REFUND_AMOUNT,
	WALLET_ROOM,
	ABOUT_REF,
	ABOUT_STATE,
	ABOUT_AMOUNT,
	OTHERS_STATE,
	OTHERS_AMOUNT
};

static const char *text(struct bb_arena *a, const struct bb_rows *r, uint32_t c)
{
	const char *v = bb_cell_text(r, 0, c);
	return v ? bb_strdup(a, v) : NULL;
}

static int64_t number(const struct bb_rows *r, uint32_t c)
{
	return bb_cell_int(r, 0, c, 0);
}

bool look_read(struct bb_arena *a, const struct bb_rows *r, struct look *ret)
{
	ret->event_outcome = text(a, r, EVENT_OUTCOME);
	ret->refund_state = text(a, r, REFUND_STATE);
	ret->refund_minor = number(r, REFUND_AMOUNT);
	ret->room_minor = bb_cell_int(r, 0, WALLET_ROOM, INT64_MAX);
	ret->dispute_ref = text(a, r, ABOUT_REF);
	if (bb_cell(r, 0, ID)->type == BB_NULL)
		return false;
	ret->payment = (struct payment){
	    .id = text(a, r, ID),
	    .operator_id = text(a, r, OPERATOR_ID),
	    .user_id = text(a, r, USER_ID),
	    .gateway = text(a, r, GATEWAY),
	    .currency = text(a, r, CURRENCY),
	    .wallet_id = number(r, WALLET_ID),
	    .amount_minor = number(r, AMOUNT),
	    .state = text(a, r, STATE),
	    .reason = text(a, r, REASON),
	    .checkout_ref = text(a, r, CHECKOUT_REF),
	    .payment_ref = text(a, r, PAYMENT_REF),
	    .url = text(a, r, URL),
	    .paid_at = text(a, r, PAID_AT),
	    .failed_at = text(a, r, FAILED_AT),
	    .expired_at = text(a, r, EXPIRED_AT),
	    .refunded_minor = number(r, REFUNDED),
	    .disputed_minor = number(r, DISPUTED),
	    .dispute = text(a, r, DISPUTE),
	    .debited_minor = number(r, DEBITED),
	    .version = number(r, VERSION),
	    .look_at = text(a, r, LOOK_AT),
	    .expires_at = text(a, r, EXPIRES_AT),
	    .asked_minor = number(r, ASKED),
	    .done_minor = number(r, DONE),
	    .returned_minor = number(r, RETURNED),
	    .about = {text(a, r, ABOUT_STATE), number(r, ABOUT_AMOUNT)},
	    .others = {text(a, r, OTHERS_STATE), number(r, OTHERS_AMOUNT)},
	};
	return true;
}

void look_by_id(struct payments *p, const char *gateway, const char *id, bb_rows_fn *fn, void *arg)
{
	const struct bb_val v[] = {bb_text(gateway), bb_text(id), bb_null(), bb_null(),
				   bb_null(),        bb_null(),   bb_null()};
	bb_read(p->api, p->me, p->q[Q_LOOK], sizeof v / sizeof *v, v, fn, arg);
}

struct bb_payment payment_shown(const struct payments *p, const struct payment *from)
{
	struct bb_payment to = {.id = from->id,
				.operator_id = from->operator_id,
				.user_id = from->user_id,
				.currency = from->currency,
				.amount_minor = from->amount_minor,
				.checkout_ref = from->checkout_ref,
				.payment_ref = from->payment_ref};
	p->api->time_parse(from->expires_at, strlen(from->expires_at), &to.expires_at_ms);
	return to;
}
