/* Transactions and what they cost, read over REST. They are written by the OCPP plugins, and
 * priced by tariffs. */
#include "transactions.h"

#define SEE "admin operator readonly"
#define FILTERS "limit cursor charger connector id_tag user state from to"

static const struct bb_route routes[] = {
    {"GET", "/api/admin/transactions", SEE, transaction_list,
     "Transactions, newest first; the first page has totals over all pages", NULL,
     "rest/transaction_list", FILTERS, BB_OWNER, 0},
    {"GET", "/api/admin/transactions/{id}", SEE, transaction_get,
     "A transaction with its price lines", NULL, "rest/transaction", NULL, BB_OWNER, 0},
    {"GET", "/api/admin/transactions/{id}/meter-values", SEE, transaction_meter_values,
     "Its meter values as they came", NULL, "rest/meter_value_list", "limit cursor", BB_OWNER, 0},
    {"GET", "/users/{id}/transactions", "admin operator user readonly", transaction_list_of_user,
     "A user's transactions; a driver sees their own", NULL, "rest/transaction_list",
     "limit cursor charger connector id_tag state from to", BB_OWNER, 0},
};

static const char *const query_names[Q_COUNT_OF] = {
    [Q_LIST] = "transaction_list",   [Q_TOTALS] = "transaction_totals",
    [Q_GET] = "transaction_get",     [Q_PRICE_LINES] = "price_lines",
    [Q_PRICE_PARTS] = "price_parts", [Q_METER_VALUES] = "meter_values",
};

static const char *const needs[] = {"chargers/1", NULL};

static int init(struct bb *me, const struct bb_api *api, const void *cfg, void **self)
{
	struct transactions filled = {
	    .me = me, .api = api, .kept_totals = api->query(me, "transaction_totals_kept")};
	(void)cfg;
	int err = bb_find_queries(api, me, query_names, Q_COUNT_OF, filled.q);
	return err ? err : bb_keep(&filled, sizeof filled, self);
}

static const struct {
	uint32_t size;
} service = {sizeof service};

BB_PLUGIN(transactions, .version = "1.0", .needs = needs, .gives = "transactions/1",
	  .service = &service, .routes = BB_TABLE(route, routes), .init = init, .fini = free);
