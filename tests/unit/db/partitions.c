/* Monthly partitions of the big tables in PostgreSQL. */
#include <stdlib.h>

#include "base/clock.h"
#include "database.h"
#include "node.h"

static void expect_query(struct node *n, const char *sql, const char *expected)
{
	char *cell = database_query(n->url, sql);
	cr_assert_str_eq(cell, expected, "%s", sql);
	free(cell);
}

static void add_message(struct node *n, const char *at)
{
	char sql[512];
	snprintf(sql, sizeof sql,
		 "insert into messages (operator_id, charge_point_id, direction, kind, "
		 "correlation_id, at) values ('default', 'CP1', 'in', 'call', 'x', '%s')",
		 at);
	free(database_query(n->url, sql));
}

static void expect_rows_in(struct node *n, const char *table, const char *count)
{
	char sql[128];
	snprintf(sql, sizeof sql, "select count(*) from %s", table);
	expect_query(n, sql, count);
}

static void start_with(struct node *n, const char *const *owners)
{
	const struct db_options options = {.batch_units = 500, .queue_units = 10000};
	char *error = NULL;
	node_stop(n);
	cr_assert_eq(node_start(n), 0);
	node_make_db(n, &options);
	for (; *owners; owners++)
		cr_assert_eq(db_add_owner(n->db, BUSBAR_ROOT "/sql", *owners, &error), 0, "%s",
			     error);
	cr_assert_eq(db_migrate(n->db, &error), 0, "%s", error);
	cr_assert_eq(db_prepare(n->db, &error), 0, "%s", error);
}

static void set_clock(const char *at)
{
	int64_t ms;
	cr_assert_eq(clock_parse(at, strlen(at), &ms), 0);
	clock_set_ms(ms);
}

static void make_partitions(struct node *n)
{
	set_clock("2026-11-21T08:00:00Z");
	start_with(n, (const char *const[]){"core", "chargers", "transactions", NULL});
	add_message(n, "2026-10-31T23:59:59.999Z");
	add_message(n, "2026-11-01T00:00:00.000Z");
	add_message(n, "2026-11-30T23:59:59.999Z");
	expect_rows_in(n, "messages_default", "3");

	start_with(
	    n, (const char *const[]){"storage_postgres", "core", "chargers", "transactions", NULL});
	expect_rows_in(n, "messages_default", "1");
	expect_rows_in(n, "messages_2026_11", "2");
	expect_rows_in(n, "messages_2026_12", "0");
	expect_rows_in(n, "meter_values_2026_12", "0");
	expect_rows_in(n, "messages", "3");
	add_message(n, "2026-12-01T00:00:00.000Z");
	add_message(n, "2031-01-01T00:00:00.000Z");
	expect_rows_in(n, "messages_2026_12", "1");
	expect_rows_in(n, "messages_default", "2");

	set_clock("2026-12-31T23:00:00Z");
	start_with(
	    n, (const char *const[]){"storage_postgres", "core", "chargers", "transactions", NULL});
	expect_rows_in(n, "messages_2027_01", "0");
	expect_rows_in(n, "messages", "5");
	cr_assert_null(n->host.log.data, "%s", n->host.log.data);
}

Test(partitions, are_made_for_this_month_and_the_next_and_take_over_what_sits_in_the_default)
{
	node_run("postgres", make_partitions);
}
