/* payments_stripe: payments by Stripe's hosted checkout. */
#include "stripe.h"

#define AT(member) offsetof(struct config, member)

static const struct bb_option options[] = {
    {"api_base", BB_OPT_STR, BB_RELOADABLE, AT(api_base), "https://api.stripe.com",
     "where the API is; http:// only on this machine", 0, 0, NULL},
    {"secret_key", BB_OPT_STR, BB_RELOADABLE | BB_SECRET, AT(secret_key), "",
     "the account's secret key; \"\": the gateway takes no payments", 0, 0, NULL},
    {"webhook_secret", BB_OPT_STR, BB_RELOADABLE | BB_SECRET, AT(webhook_secret), "",
     "the signing secret of the webhook", 0, 0, NULL},
    {"webhook_secret_old", BB_OPT_STR, BB_RELOADABLE | BB_SECRET, AT(webhook_secret_old), "",
     "the one before, which is taken as well while it is being replaced", 0, 0, NULL},
    {"success_url", BB_OPT_STR, BB_RELOADABLE, AT(success_url), "",
     "where the payer's browser goes afterwards", 0, 0, NULL},
    {"cancel_url", BB_OPT_STR, BB_RELOADABLE, AT(cancel_url), "",
     "where it goes if they give up; \"\": nowhere", 0, 0, NULL},
    {"product", BB_OPT_STR, BB_RELOADABLE, AT(product), "Charging credit",
     "what the payer is told to buy", 0, 0, NULL},
    {"tolerance", BB_OPT_MSEC, BB_RELOADABLE, AT(tolerance_ms), "5m",
     "how far a webhook's signed time may be from now, either way", 1000, 86400000, NULL},
    {"timeout", BB_OPT_MSEC, BB_RELOADABLE, AT(timeout_ms), "15s",
     "for an answer of the API; below http.timeout", 100, 60000, NULL},
};

static const struct bb_route routes[] = {
    {"POST", "/payments/stripe/webhook", "public", webhook,
     "For Stripe: what it tells of payments, signed", NULL, "rest/payment_event_told", NULL,
     BB_OWNER, 0},
};

static bool is_usable(struct bb *me, const struct bb_api *api, const struct config *cfg)
{
	const char *url = cfg->api_base;
	if (bb_url_is_private(url))
		return true;
	api->log(me, BB_ERROR,
		 "payments_stripe.api_base is \"%s\"; it must begin with https://, or with "
		 "http://127.0.0.1: or http://localhost: for a test",
		 url);
	return false;
}

static const char *const needs[] = {"payments/1", "transfer/1", NULL};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct stripe filled = {.me = me, .api = api, .cfg = cfg};
	if (!is_usable(me, api, cfg))
		return -EINVAL;
	filled.transfer = api->service(me, "transfer/1", sizeof *filled.transfer);
	filled.payments = api->service(me, "payments/1", sizeof *filled.payments);
	if (!filled.transfer || !filled.payments)
		return -ENOENT;
	int err = bb_keep(&filled, sizeof filled, self);
	if (!err)
		gateway_open(*self);
	return err;
}

static int reload(void *self, const void *cfg)
{
	struct stripe *s = self;
	if (!is_usable(s->me, s->api, cfg))
		return -EINVAL;
	s->cfg = cfg;
	return 0;
}

BB_PLUGIN(payments_stripe, .version = "1.0", .needs = needs, .gives = "payment_gateway.stripe/1",
	  .service = &stripe_gateway, .config_size = sizeof(struct config),
	  .options = BB_TABLE(option, options), .routes = BB_TABLE(route, routes), .init = init,
	  .reload = reload, .fini = free);
