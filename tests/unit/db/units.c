/* Units of work: all of it or nothing, told once and in order. */
#include "node.h"

static int add_named(struct node *n, struct bb_unit *u, const char *name)
{
	return db_add(u, node_query(n, "add_named"), PARAMS(bb_text(name), bb_i64(1)), NULL, NULL);
}

ON_BOTH(units, a_unit_holds_together)
{
	struct bb_unit *u = db_begin(n->db, n);
	add_named(n, u, "a");
	add_named(n, u, "b");
	cr_assert_eq(node_commit(n, u, NULL), 0);
	u = db_begin(n->db, n);
	add_named(n, u, "c");
	add_named(n, u, "a");
	add_named(n, u, "d");
	cr_assert_eq(node_commit(n, u, NULL), -EEXIST);
	cr_assert_str_eq(node_names(n), "a b");
}

ON_BOTH(units, what_is_rolled_back_leaves_nothing)
{
	struct bb_unit *u = db_begin(n->db, n);
	add_named(n, u, "a");
	db_rollback(u);
	cr_assert_str_eq(node_names(n), "");
	cr_assert(db_idle(n->db));
}

ON_BOTH(units, keys_checks_and_references_refuse_with_eexist)
{
	struct outcome o;
	cr_assert_eq(node_write_one(n, "add_named", PARAMS(bb_text("a"), bb_null()), &o), 0);
	cr_assert_eq(node_write_one(n, "add_named", PARAMS(bb_text("a"), bb_null()), &o), -EEXIST);
	cr_assert_eq(node_write_one(n, "set_small", PARAMS(bb_text("a"), bb_i64(13)), &o), -EEXIST);
	cr_assert_eq(node_write_one(n, "add_child", PARAMS(bb_text("b"), bb_i64(99)), &o), -EEXIST);
}

ON_BOTH(units, a_repeated_statement_with_on_conflict_changes_nothing)
{
	struct outcome o;
	cr_assert_eq(node_write_one(n, "add_once", PARAMS(bb_text("a"), bb_i64(1)), &o), 0);
	cr_assert_eq(o.rows.changed, 1);
	cr_assert_eq(node_write_one(n, "add_once", PARAMS(bb_text("a"), bb_i64(2)), &o), 0);
	cr_assert_eq(o.rows.changed, 0);
	cr_assert_eq(node_read(n, "by_name", PARAMS(bb_text("a")), &o), 0);
	cr_assert_eq(bb_cell_int(&o.rows, 0, 1, -1), 1);
}

ON_BOTH(units, mistakes_of_the_caller_fail_the_whole_unit)
{
	struct outcome o;
	cr_assert_eq(node_write_one(n, "add_named", PARAMS(bb_text("a")), &o), -EIO);
	cr_assert_eq(node_write_one(n, "add_named", PARAMS(bb_textn("a\0b", 3), bb_null()), &o),
		     -EIO);
	struct bb_unit *u = db_begin(n->db, n);
	add_named(n, u, "a");
	db_add(u, NULL, 0, NULL, NULL, NULL);
	cr_assert_eq(node_commit(n, u, NULL), -EIO);
	cr_assert_str_eq(node_names(n), "");
}

ON_BOTH(units, a_unit_without_statements_commits)
{
	cr_assert_eq(node_commit(n, db_begin(n->db, n), NULL), 0);
}

ON_BOTH(units, a_read_may_not_write)
{
	struct outcome o;
	cr_assert_eq(node_read(n, "write_in_a_read", 0, NULL, &o), -EIO);
	cr_assert_str_eq(node_names(n), "");
	cr_assert(db_healthy(n->db));
}

struct order {
	struct buf text;
	bool done;
};

static void told_first(int err, const struct bb_rows *rows, void *arg)
{
	struct order *o = arg;
	buf_printf(&o->text, "first(%d,%lld) ", err,
		   rows ? (long long)bb_cell_int(rows, 0, 2, -1) : -1);
}

static void told_second(int err, const struct bb_rows *rows, void *arg)
{
	struct order *o = arg;
	(void)rows;
	buf_printf(&o->text, "second(%d) ", err);
}

static void told_commit(int err, const struct bb_rows *rows, void *arg)
{
	struct order *o = arg;
	buf_printf(&o->text, "commit(%d,%lld) ", err,
		   rows ? (long long)bb_cell_int(rows, 0, 2, -1) : -1);
	o->done = true;
}

static void told_after(void *arg)
{
	struct order *o = arg;
	buf_add_str(&o->text, "after ");
}

static const char *order_of(struct node *n, const char *first, const char *second)
{
	struct order o = {0};
	struct bb_unit *u = db_begin(n->db, n);
	db_on_commit(u, told_after, &o);
	struct bb_val rest[] = {bb_text(first), bb_i64(1), bb_null(),
				bb_null(),      bb_null(), bb_null()};
	db_add(u, node_query(n, "add"), 6, rest, told_first, &o);
	rest[0] = bb_text(second);
	rest[1] = bb_i64(2);
	db_add(u, node_query(n, "add"), 6, rest, told_second, &o);
	db_commit(u, told_commit, &o);
	node_wait(n, &o.done);
	const char *text = bb_strdup(n->arena, o.text.data);
	buf_free(&o.text);
	return text;
}

ON_BOTH(units, statements_are_told_before_the_unit_and_topics_after_it)
{
	cr_assert_str_eq(order_of(n, "a", "b"), "first(0,1) second(0) commit(0,2) after ");
}

ON_BOTH(units, a_failed_unit_tells_its_error_and_no_topics)
{
	char expected[64];
	snprintf(expected, sizeof expected, "first(%d,-1) second(%d) commit(%d,-1) ", -EEXIST,
		 -EEXIST, -EEXIST);
	cr_assert_str_eq(order_of(n, "same", "same"), expected);
}

ON_BOTH(units, a_read_sees_every_unit_that_was_told)
{
	struct outcome o;
	char name[16];
	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof name, "n%d", i);
		node_write_one(n, "add_named", PARAMS(bb_text(name), bb_i64(i)), &o);
		cr_assert_eq(node_read(n, "by_name", PARAMS(bb_text(name)), &o), 0);
		cr_assert_eq(o.rows.rows, 1, "%s", name);
	}
}
