#include "bill.h"

#include <math.h>

#include <busbar/money.h>

#define AMOUNT_MOST INT64_C(1000000000000) /* of any amount, either way */

/* Where a line says how its amount comes about, it must: to the nearest minor unit. */
static const char *line_fault(struct bb_arena *a, const struct bb_json *line, unsigned number)
{
	int64_t amount = bb_json_get_int(line, "amount_minor", 0);
	const struct bb_json *quantity = bb_json_get(line, "quantity");
	const struct bb_json *price = bb_json_get(line, "unit_price_minor");
	if (amount > AMOUNT_MOST || amount < -AMOUNT_MOST)
		return bb_printf(a, "line %u: its amount of %lld is out of range", number,
				 (long long)amount);
	double product = bb_json_real(quantity, 0) * bb_json_real(price, 0);
	bool told = bb_json_count(line) && quantity && price && quantity->type != BB_JSON_NULL &&
		    price->type != BB_JSON_NULL;
	if (told && !(fabs(product - (double)amount) < 1))
		return bb_printf(a, "line %u: %g times %g is not its amount of %lld", number,
				 bb_json_real(quantity, 0), bb_json_real(price, 0),
				 (long long)amount);
	return NULL;
}

const char *bill_fault(struct bb_arena *a, const struct bb_json *bill)
{
	const struct bb_json *lines = bb_json_get(bill, "lines");
	const char *currency = bb_json_get_str(bill, "currency", "");
	int64_t total = bb_json_get_int(bill, "total_minor", -1), sum = 0;
	if (bb_currency_decimals(currency) < 0)
		return bb_printf(a, "the currency \"%s\" is not one of ISO 4217", currency);
	for (uint32_t i = 0; i < bb_json_count(lines); i++) {
		const struct bb_json *line = bb_json_at(lines, i);
		const char *fault = line_fault(a, line, i + 1);
		if (fault)
			return fault;
		sum += bb_json_get_int(line, "amount_minor", 0);
	}
	if (total > AMOUNT_MOST)
		return bb_printf(a, "the total of %lld is out of range", (long long)total);
	if (sum != total)
		return bb_printf(a, "the lines add up to %lld, but total_minor is %lld",
				 (long long)sum, (long long)total);
	return NULL;
}
