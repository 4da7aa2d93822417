/* The plugin's own: what its files share. */
#ifndef TRANSACTIONS_TRANSACTIONS_H
#define TRANSACTIONS_TRANSACTIONS_H
#include <busbar/rest.h>

/* In the order of query_names in plugin.c. */
enum query { Q_LIST, Q_TOTALS, Q_GET, Q_PRICE_LINES, Q_PRICE_PARTS, Q_METER_VALUES, Q_COUNT_OF };

struct transactions {
	struct bb *me;
	const struct bb_api *api;
	const struct bb_query *q[Q_COUNT_OF];
	const struct bb_query *kept_totals; /* NULL without analytics */
};

/* list.c */
bb_call_fn transaction_list, transaction_list_of_user;

/* get.c */
bb_call_fn transaction_get, transaction_meter_values;

/* json.c: a builder with a row of transaction_rows, whose column 0 is the cursor. */
void transaction_put(const struct bb_api *, struct bb_builder *, const struct bb_rows *,
		     uint32_t row);
#endif
