/* The plugin's own: what its files share. */
#ifndef PAYMENTS_STRIPE_STRIPE_H
#define PAYMENTS_STRIPE_STRIPE_H
#include <busbar/payments.h>
#include <busbar/refusals.h>
#include <busbar/rest.h>
#include <busbar/transfer.h>

struct config {
	const char *api_base, *secret_key, *webhook_secret, *webhook_secret_old;
	const char *success_url, *cancel_url, *product;
	int64_t tolerance_ms, timeout_ms;
};

struct stripe {
	struct bb *me;
	const struct bb_api *api;
	const struct config *cfg;
	const struct bb_transfer *transfer;
	const struct bb_payments *payments;
	struct bb_refusals refusals; /* of webhooks */
};

/* gateway.c: the service "payment_gateway.stripe/1". */
extern const struct bb_gateway stripe_gateway;
void gateway_open(struct stripe *);
/* webhook.c */
bb_call_fn webhook;
#endif
