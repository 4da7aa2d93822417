/* An operator is made while another node removes the one of that id, on PostgreSQL: ids of
 * operators that are gone stay so. */
#include <libpq-fe.h>
#include <stdlib.h>

#include "database.h"
#include "repository.h"

#define WAITS_MS 10000

static void exec(PGconn *conn, const char *sql)
{
	PGresult *r = PQexec(conn, sql);
	cr_assert_eq(PQresultStatus(r), PGRES_COMMAND_OK, "%s", PQerrorMessage(conn));
	PQclear(r);
}

static int count(struct node *n, const char *sql)
{
	char *text = database_query(n->url, sql);
	int count = atoi(text);
	free(text);
	return count;
}

static void begin_to_make(struct node *n, struct outcome *o)
{
	struct bb_unit *u = db_begin(n->db, n);
	*o = (struct outcome){.node = n};
	db_add(u, db_query(n->db, "operators", "operator_insert"),
	       PARAMS(bb_text("north"), bb_text("North"), bb_null(), bb_null(),
		      bb_text("2026-11-27T00:00:00.000Z")),
	       NULL, NULL);
	cr_assert_eq(db_commit(u, node_told, o), 0);
}

static void wait_for_the_lock(struct node *n)
{
	int ms = 0;
	while (!count(n, "select count(*) from pg_stat_activity "
			 "where datname = current_database() and wait_event_type = 'Lock'") &&
	       ms++ < WAITS_MS) {
		bool never = false;
		loop_run_until(n->loop, &never, 1);
	}
	cr_assert_lt(ms, WAITS_MS, "nobody waits");
}

static void an_operator_that_is_being_removed_is_not_made_again(struct node *n)
{
	struct outcome o;
	repository_open(n);
	begin_to_make(n, &o);
	node_wait(n, &o.done);
	cr_assert_eq(o.err, 0);
	PGconn *other = PQconnectdb(n->url);
	exec(other, "begin; insert into operators_gone (id, gone_at) values ('north', now()); "
		    "delete from operators where id = 'north'");
	begin_to_make(n, &o);
	wait_for_the_lock(n);
	exec(other, "commit");
	node_wait(n, &o.done);
	cr_expect_eq(o.err, -EEXIST);
	cr_expect_eq(count(n, "select count(*) from operators where id = 'north'"), 0);
	PQfinish(other);
}

Test(gone, an_operator_that_is_being_removed_is_not_made_again)
{
	node_run("postgres", an_operator_that_is_being_removed_is_not_made_again);
}
