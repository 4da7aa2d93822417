/* Stripe's objects as facts of a payment. Pure. */
#ifndef PAYMENTS_STRIPE_EVENT_H
#define PAYMENTS_STRIPE_EVENT_H
#include <busbar/payments.h>

/* An event of a webhook. False: it is none. What it means nothing here is BB_PAYMENT_NOTHING. */
bool event_read(struct bb_arena *, const struct bb_json *, struct bb_payment_fact *ret);
/* A checkout session, as an answer. False: it is none. */
bool session_read(struct bb_arena *, const struct bb_json *, struct bb_payment_fact *ret);
#endif
