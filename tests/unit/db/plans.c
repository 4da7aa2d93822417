/* What SQLite makes of reads of long tables: by which index, and that a page is not sorted out of
 * all that fits. */
#include <sqlite3.h>
#include <stdlib.h>

#include <busbar/optional.h>

#include "db/internal.h"
#include "repository.h"

#define GIVEN(n) (UINT64_C(1) << ((n)-1))

static const struct plan {
	const char *owner, *query;
	uint64_t given; /* of the optional parameters */
	const char *index;
} plans[] = {
    {"chargers", "charger_list", GIVEN(4), "chargers_by_registration"},
    {"chargers", "charger_list", GIVEN(1) | GIVEN(4), "chargers_by_operator_and_registration"},
    {"chargers", "charger_list", GIVEN(1), "chargers_by_operator"},
    {"chargers", "charger_list", GIVEN(1) | GIVEN(3), "chargers_by_station"},
    {"chargers", "charger_list", GIVEN(3) | GIVEN(4), "chargers_by_station"},
    {"chargers", "charger_list", GIVEN(5), "chargers_by_vendor"},
    {"chargers", "charger_list", GIVEN(6), "chargers_by_model"},
    {"events", "meter_find", 0, "meter_values_by_transaction"},
    {"events", "meter_next", 0, "meter_values_by_transaction"},
    {"transactions", "meter_values", 0, "meter_values_by_transaction"},
    {"rest", "audit_list", GIVEN(1), "audit_by_operator"},
    {"rest", "audit_list", GIVEN(1) | GIVEN(2), "audit_by_actor"},
    {"rest", "audit_list", GIVEN(3), "audit_by_path"},
    {"rest", "task_list", GIVEN(1), "tasks_by_operator"},
    {"rest", "task_list", GIVEN(2), "tasks_by_state"},
    {"rest", "task_list", GIVEN(1) | GIVEN(2), "tasks_by_operator_and_state"},
    {"rest", "task_list", GIVEN(3), "tasks_by_name"},
    {"rest", "command_list", 0, "commands_by_charger"},
    {"rest", "message_list", GIVEN(2), "messages_by_charger"},
    {"rest", "message_list", GIVEN(1) | GIVEN(2) | GIVEN(5), "messages_by_charger"},
    {"wallet", "of_user", 0, "wallets_by_user"},
    {"wallet", "entries", 0, "wallet_entries_by_wallet"},
    {"wallet", "bill_list", GIVEN(1), "bills_by_operator"},
    {"wallet", "bill_list", GIVEN(2), "bills_by_state"},
    {"wallet", "bill_list", GIVEN(1) | GIVEN(2), "bills_by_operator_and_state"},
    {"wallet", "bill_list", GIVEN(1) | GIVEN(3), "bills_by_reason"},
    {"wallet", "bill_list", GIVEN(1) | GIVEN(4), "bills_by_user"},
    {"wallet", "bill_list", GIVEN(5), "bills_by_wallet"},
    {"notifications", "delivery_list", GIVEN(1), "deliveries_by_operator"},
    {"notifications", "delivery_list", GIVEN(3), "deliveries_by_state"},
    {"notifications", "delivery_list", GIVEN(1) | GIVEN(3), "deliveries_by_operator_and_state"},
    {"notifications", "delivery_list", GIVEN(2), "deliveries_by_subscription"},
    {"invoices", "list", GIVEN(1), "invoices_by_operator"},
    {"invoices", "list", GIVEN(1) | GIVEN(2), "invoices_by_user"},
    {"invoices", "list", GIVEN(4), "invoices_by_month"},
    {"invoices", "list", GIVEN(1) | GIVEN(5), "invoices_by_number"},
    {"invoices", "list", GIVEN(7), "invoices_by_transaction"},
};

static const char *explain(struct node *n, sqlite3 *db, const struct plan *p)
{
	const struct bb_query *q = db_query(n->db, p->owner, p->query);
	cr_assert(q, "%s/%s", p->owner, p->query);
	char *sql = bb_optional_decide(q->pub.sql, bb_optional_parameters(q->pub.sql) & ~p->given);
	const char *text = bb_printf(n->arena, "explain query plan %s", sql);
	sqlite3_stmt *s = NULL;
	free(sql);
	cr_assert_eq(sqlite3_prepare_v2(db, text, -1, &s, NULL), SQLITE_OK, "%s",
		     sqlite3_errmsg(db));
	for (text = ""; sqlite3_step(s) == SQLITE_ROW;)
		text = bb_printf(n->arena, "%s%s\n", text, (const char *)sqlite3_column_text(s, 3));
	sqlite3_finalize(s);
	return text;
}

static void expect_plan(struct node *n, sqlite3 *db, const struct plan *p)
{
	const char *text = explain(n, db, p);
	cr_expect(strstr(text, bb_printf(n->arena, "INDEX %s (", p->index)),
		  "%s/%s with %#llx goes by:\n%s", p->owner, p->query, (unsigned long long)p->given,
		  text);
	cr_expect_null(strstr(text, "FOR ORDER BY"), "%s/%s is sorted:\n%s", p->owner, p->query,
		       text);
}

static void lists_go_by_an_index(struct node *n)
{
	char path[96];
	sqlite3 *db;
	repository_open(n);
	snprintf(path, sizeof path, "%s/test.db", n->dir);
	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
		expect_plan(n, db, &plans[i]);
	sqlite3_close(db);
}

Test(plans, lists_go_by_an_index)
{
	node_run("sqlite", lists_go_by_an_index);
}
