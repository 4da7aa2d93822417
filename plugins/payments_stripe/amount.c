#include "amount.h"

#include <busbar/money.h>
#include <ctype.h>

#define MOST INT64_C(1000000000000)

/* Digits behind the point at Stripe, where they are others. */
static const struct {
	const char *code;
	int digits;
} others[] = {{"ISK", 2}, {"MGA", 0}};

/* Of UGX its documentation says two things; CLF and UYW are no money. */
static const char *const refused[] = {"UGX", "CLF", "UYW"};

static int digits_of(const char *code)
{
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (!strcmp(others[i].code, code))
			return others[i].digits;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (!strcmp(refused[i], code))
			return -1;
	return bb_currency_decimals(code);
}

const char *amount_to_stripe(const char *currency, int64_t minor, int64_t *ret)
{
	int iso = bb_currency_decimals(currency), own = digits_of(currency);
	if (iso < 0 || own < 0)
		return "is in a currency that is not taken";
	if (minor <= 0 || minor > MOST)
		return "is out of range";
	for (; iso < own; iso++)
		minor *= 10;
	for (; iso > own; iso--) {
		if (minor % 10)
			return "must be a multiple of 100: the currency has no smaller coins there";
		minor /= 10;
	}
	if (own == 3 && minor % 10)
		return "must be a multiple of 10: the last of three decimals is always 0 there";
	*ret = minor;
	return NULL;
}

bool amount_from_stripe(const char *currency, int64_t amount, char ret_currency[4],
			int64_t *ret_minor)
{
	char code[4] = "";
	if (!currency || strlen(currency) != 3 || amount < 0 || amount > 1000 * MOST)
		return false;
	for (size_t i = 0; i < 3; i++)
		code[i] = (char)toupper((unsigned char)currency[i]);
	int iso = bb_currency_decimals(code), own = digits_of(code);
	if (iso < 0 || own < 0)
		return false;
	for (; own < iso; own++)
		amount *= 10;
	for (; own > iso; own--) {
		if (amount % 10)
			return false;
		amount /= 10;
	}
	memcpy(ret_currency, code, sizeof code);
	*ret_minor = amount;
	return true;
}
