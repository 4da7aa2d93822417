/* Migrations and named queries at the start of a node. */
#include "node.h"

static void restart(struct node *n)
{
	const struct db_options options = {.batch_units = 500, .queue_units = 10000};
	node_stop(n);
	cr_assert_eq(node_start(n), 0);
	node_make_db(n, &options);
}

static void expect_error(struct node *n, const char *owner, const char *const *parts)
{
	const char *error = NULL;
	cr_assert_lt(node_try_add(n, n->dir, owner, &error), 0);
	for (; *parts; parts++)
		cr_assert(strstr(error, *parts), "'%s' is not in: %s", *parts, error);
}
#define EXPECT_ERROR(n, owner, ...) expect_error(n, owner, (const char *const[]){__VA_ARGS__, NULL})

/* Before anything is prepared: of a node that was just restarted. */
static struct bb_rows applied(struct node *n)
{
	static const char sql[] = "select owner, number, name, checksum, applied_at "
				  "from migrations order by owner, number";
	const struct bb_storage *engine = n->plugin->service;
	struct bb_rows rows;
	char error[256] = "";
	restart(n);
	cr_assert_eq(engine->select(n->self, n->arena, sql, &rows, error, sizeof error), 0, "%s",
		     error);
	cr_assert_str_eq(rows.names[1], "number");
	return rows;
}

ON_BOTH_EMPTY(migrations, are_applied_once_and_recorded)
{
	node_write(n, "toys", "0001_toys.sql", "create table toys (id {{id}}, at {{time}});\n");
	node_write(n, "toys", "0002_more.sql",
		   "insert into toys (at) values ('2026-01-01T00:00:00.000Z');\n");
	node_add(n, n->dir, "toys");
	restart(n);
	node_add(n, n->dir, "toys");
	struct bb_rows r = applied(n);
	cr_assert_eq(r.rows, 2);
	cr_assert_str_eq(bb_cell_text(&r, 0, 0), "toys");
	cr_assert_eq(bb_cell_int(&r, 1, 1, -1), 2);
	cr_assert_str_eq(bb_cell_text(&r, 1, 2), "0002_more");
	cr_assert_eq(strlen(bb_cell_text(&r, 0, 3)), 16);
	cr_assert_eq(strlen(bb_cell_text(&r, 0, 4)), 24);
	node_write(n, "toys", "queries.sql", "-- name: all\nselect id from toys;\n");
	restart(n);
	node_add(n, n->dir, "toys");
	struct outcome o = {.node = n};
	db_read(n->db, n, db_query(n->db, "toys", "all"), 0, NULL, node_told, &o);
	node_wait(n, &o.done);
	cr_assert_eq(o.rows.rows, 1, "the second one ran once");
}

ON_BOTH_EMPTY(migrations, a_changed_old_one_stops_the_start_with_its_name)
{
	node_write(n, "toys", "0001_toys.sql", "create table toys (id {{id}});\n");
	node_add(n, n->dir, "toys");
	restart(n);
	node_write(n, "toys", "0001_toys.sql", "create table toys (id {{id}}, name text);\n");
	EXPECT_ERROR(n, "toys", "toys/0001_toys", "another form");
}

ON_BOTH_EMPTY(migrations, a_broken_one_leaves_nothing_and_is_named)
{
	node_write(n, "toys", "0001_good.sql", "create table good (id {{id}});\n");
	node_write(n, "toys", "0002_bad.sql",
		   "create table bad (id {{id}});\ninsert into bad (id) values (1);\n"
		   "insert into missing values (1);\n");
	EXPECT_ERROR(n, "toys", "toys/0002_bad.sql", "missing");
	struct bb_rows r = applied(n);
	cr_assert_eq(r.rows, 1);
	node_write(n, "toys", "0002_bad.sql", "create table bad (id {{id}});\n");
	node_add(n, n->dir, "toys");
}

ON_BOTH_EMPTY(migrations, a_database_of_a_newer_version_is_refused)
{
	char path[128];
	node_write(n, "toys", "0001_toys.sql", "create table toys (id {{id}});\n");
	node_write(n, "toys", "0002_new.sql", "create table new_toys (id {{id}});\n");
	node_add(n, n->dir, "toys");
	restart(n);
	snprintf(path, sizeof path, "%s/toys/0002_new.sql", n->dir);
	remove(path);
	EXPECT_ERROR(n, "toys", "toys/0002_new", "newer");
}

ON_BOTH_EMPTY(migrations, bad_names_and_words_are_errors_with_file_and_line)
{
	node_write(n, "one", "0001_a.sql", "select 1;\n\nselect '{{money}}';\n");
	EXPECT_ERROR(n, "one", "one/0001_a.sql:3", "{{money}}");
	node_write(n, "two", "1_a.sql", "select 1;\n");
	EXPECT_ERROR(n, "two", "two/1_a.sql", "NNNN_x.sql");
	node_write(n, "three", "0001_a.sql", "select 1;\n");
	node_write(n, "three", "0001_b.sql", "select 1;\n");
	EXPECT_ERROR(n, "three", "0001_b.sql", "0001_a.sql");
	node_write(n, "four", "0001_a.sql", "select 1;\n-- @oracle\nselect 2;\n");
	EXPECT_ERROR(n, "four", "0001_a.sql:2", "@oracle");
	node_write(n, "five", "0001_a.sql", "-- @sqlite\nselect 2;\n");
	EXPECT_ERROR(n, "five", "0001_a.sql:2", "@end");
}

ON_BOTH_EMPTY(queries, one_that_does_not_prepare_is_named_with_its_place)
{
	node_write(n, "toys", "queries.sql",
		   "-- Toys.\n\n-- name: fine\nselect 1;\n\n-- name: broken\nselect id from "
		   "nowhere;\n");
	EXPECT_ERROR(n, "toys", "toys/queries.sql:6", "toys/broken", "nowhere");
}

ON_BOTH_EMPTY(queries, files_that_make_no_sense_are_errors_with_file_and_line)
{
	node_write(n, "one", "queries.sql", "\nselect 1;\n");
	EXPECT_ERROR(n, "one", "one/queries.sql:2");
	node_write(n, "two", "queries.sql", "-- name: a\nselect 1;\n-- name: a\nselect 2;\n");
	EXPECT_ERROR(n, "two", "two/queries.sql:3", "line 1");
	node_write(n, "three", "queries.sql", "-- name: a @oracle\nselect 1;\n");
	EXPECT_ERROR(n, "three", "three/queries.sql:1", "@oracle");
	node_write(n, "three", "queries.sql", "-- name: a @with\nselect 1;\n");
	EXPECT_ERROR(n, "three", "three/queries.sql:1", "@with");
	node_write(n, "four", "queries.sql", "-- name: a\n-- name: b\nselect 1;\n");
	EXPECT_ERROR(n, "four", "four/queries.sql:1", "a is empty");
	node_write(n, "five", "queries.sql", "-- name: two words\nselect 1;\n");
	EXPECT_ERROR(n, "five", "five/queries.sql:1");
}

ON_BOTH_EMPTY(queries, may_be_there_only_with_anothers_tables)
{
	char *error = NULL;
	node_write(n, "toys", "0001_toys.sql", "create table toys (id {{id}});\n");
	node_write(n, "shop", "queries.sql",
		   "-- name: sold @with toys\nselect id from toys;\n"
		   "-- name: gone @with games\nselect id from games;\n"
		   "-- name: all\nselect 1;\n");
	cr_assert_eq(db_add_owner(n->db, n->dir, "shop", &error), 0, "%s", error);
	node_add(n, n->dir, "toys");
	cr_expect_null(db_query(n->db, "shop", "gone"));
	cr_expect(db_query_is_absent(n->db, "shop", "gone"));
	cr_expect_not(db_query_is_absent(n->db, "shop", "sold"));
	cr_expect_not(db_query_is_absent(n->db, "shop", "unknown"));
	struct outcome o = {.node = n};
	db_read(n->db, n, db_query(n->db, "shop", "all"), 0, NULL, node_told, &o);
	node_wait(n, &o.done);
	cr_assert_eq(o.rows.rows, 1, "those that are there keep their numbers");
	o = (struct outcome){.node = n};
	db_read(n->db, n, db_query(n->db, "shop", "sold"), 0, NULL, node_told, &o);
	node_wait(n, &o.done);
	cr_assert_eq(o.err, 0);
}

ON_BOTH(queries, each_engine_has_its_own_form_of_a_query)
{
	bool postgres = !strcmp(db_dialect(n->db), "postgres");
	struct outcome o;
	cr_assert_eq(node_read(n, "one", 0, NULL, &o), 0);
	cr_assert_eq(bb_cell_int(&o.rows, 0, 0, -1), 1);
	cr_assert_eq(!db_query(n->db, "things", "backend"), !postgres);
	cr_assert_null(db_query(n->db, "things", "nonsense"));
	cr_assert_null(db_query(n->db, "others", "one"));
}
