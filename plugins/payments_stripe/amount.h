/* Amounts as Stripe counts them, where that is not ISO 4217's way. */
#ifndef PAYMENTS_STRIPE_AMOUNT_H
#define PAYMENTS_STRIPE_AMOUNT_H
#include <stdbool.h>
#include <stdint.h>

/* NULL, with Stripe's amount in `ret`; or why there is none. */
const char *amount_to_stripe(const char *currency, int64_t minor, int64_t *ret);
/* Back again; the currency is Stripe's, in lower case, `ret_currency` is ISO 4217's. */
bool amount_from_stripe(const char *currency, int64_t amount, char ret_currency[4],
			int64_t *ret_minor);
#endif
