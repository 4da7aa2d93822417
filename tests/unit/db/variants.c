/* Queries with optional conditions, as engines run them: one of which too much is cut is seen.
 * Block comments are not known where conditions are cut out, so a bracket in one does that here. */
#include "node.h"

#define TOYS "create table toys (id {{id}}, name text, size bigint);\n"

static void write_toys(struct node *n, const char *query)
{
	node_write(n, "toys", "0001_toys.sql", TOYS);
	node_write(n, "toys", "queries.sql", query);
}

static void expect_refused(struct node *n, const char *query)
{
	const char *error = NULL;
	write_toys(n, query);
	cr_assert_lt(node_try_add(n, n->dir, "toys", &error), 0);
	cr_assert(strstr(error, "toys/queries.sql:1"), "%s", error);
	cr_assert(strstr(error, "toys/list"), "%s", error);
}

ON_BOTH_EMPTY(variants, one_that_does_not_prepare_without_its_conditions_stops_the_start)
{
	expect_refused(n, "-- name: list\nselect name from toys\n"
			  "where (cast($1 as text) is null or name = $1 /* ) */);\n");
}

/* PostgreSQL knows the type only by the test that is cut out. */
static void one_without_a_type_is_refused(struct node *n)
{
	expect_refused(n, "-- name: list\nselect name from toys\n"
			  "where (cast($1 as text) is null or name = concat('a', $1));\n");
}

Test(variants, one_that_does_not_prepare_with_its_conditions_stops_the_start)
{
	node_run("postgres", one_without_a_type_is_refused);
}

static const char *read_names(struct node *n, const char *name, const char *other)
{
	struct outcome o = {.node = n};
	const struct bb_val v[] = {bb_text(name), bb_text(other)};
	db_read(n->db, n, db_query(n->db, "toys", "list"), 2, v, node_told, &o);
	node_wait(n, &o.done);
	cr_assert_eq(o.err, 0);
	cr_assert_eq(o.rows.rows, 1);
	return bb_cell_text(&o.rows, 0, 0);
}

/* With $1 and without $2 the inner condition ends in the comment. */
ON_BOTH_EMPTY(variants, a_choice_that_does_not_prepare_runs_as_it_is_written_and_is_logged)
{
	write_toys(n, "-- name: list\nselect max(name) from toys\n"
		      "where (cast($1 as text) is null or /* ( */ name >= $1\n"
		      "  and (cast($2 as text) is null or name <> $2 /* ) */));\n"
		      "-- name: add\ninsert into toys (name) values ('ball'), ('doll');\n");
	node_add(n, n->dir, "toys");
	struct bb_unit *u = db_begin(n->db, n);
	db_add(u, db_query(n->db, "toys", "add"), 0, NULL, NULL, NULL);
	cr_assert_eq(node_commit(n, u, NULL), 0);
	cr_assert_str_eq(read_names(n, NULL, NULL), "doll");
	cr_assert_str_eq(read_names(n, "ball", "doll"), "ball");
	cr_assert_null(n->host.log.data && strstr(n->host.log.data, "toys/list"));
	cr_assert_str_eq(read_names(n, "ball", NULL), "doll");
	cr_assert_str_eq(read_names(n, "ball", NULL), "doll");
	cr_assert(strstr(n->host.log.data, "toys/list: "), "%s", n->host.log.data);
}
