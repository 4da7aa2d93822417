/* Queries with a form for many rows: what a batch has of one comes to the same as each by itself.
 */
#include <busbar/bytes.h>

#include "database.h"
#include "node.h"

#define UNITS 400u

static struct outcome outcomes[UNITS];
static uint32_t told;
static bool all_told;

static void told_one(int err, const struct bb_rows *rows, void *arg)
{
	node_told(err, rows, arg);
	all_told = ++told == UNITS;
}

static void begin(void)
{
	memset(outcomes, 0, sizeof outcomes);
	told = 0;
	all_told = false;
}

static void commit(struct bb_unit *u, uint32_t i)
{
	db_commit(u, told_one, &outcomes[i]);
}

static void add(struct node *n, struct bb_unit *u, const char *query, uint32_t count,
		const struct bb_val *values)
{
	db_add(u, node_query(n, query), count, values, NULL, NULL);
}

static const char *name_of(uint32_t i)
{
	static char name[16];
	snprintf(name, sizeof name, "n%u", i);
	return name;
}

/* A unit with two statements, of which the second needs the first. */
static void commit_pair(struct node *n, uint32_t i)
{
	struct bb_unit *u = db_begin(n->db, n);
	add(n, u, "add_named", PARAMS(bb_text(name_of(i)), bb_i64(i)));
	add(n, u, "set_small", PARAMS(bb_text(name_of(i)), bb_i64(1000 + i)));
	commit(u, i);
}

static void commit_pairs(struct node *n)
{
	begin();
	for (uint32_t i = 0; i < UNITS; i++)
		commit_pair(n, i);
	node_wait(n, &all_told);
}

static void expect_pairs(struct node *n)
{
	struct outcome o;
	for (uint32_t i = 0; i < UNITS; i++)
		cr_assert_eq(outcomes[i].err, 0, "%u", i);
	cr_assert_eq(node_read(n, "numbered", 0, NULL, &o), 0);
	cr_assert_eq(o.rows.rows, UNITS);
	for (uint32_t i = 0; i < UNITS; i++)
		cr_assert_eq(bb_cell_int(&o.rows, i, 2, 0), 1000 + bb_cell_int(&o.rows, i, 1, -1));
}

ON_BOTH(many, a_units_statements_keep_their_order)
{
	commit_pairs(n);
	expect_pairs(n);
}

/* Every third changes nothing. */
ON_BOTH(many, callers_are_told_what_has_changed)
{
	commit_pairs(n);
	begin();
	for (uint32_t i = 0; i < UNITS; i++) {
		struct bb_unit *u = db_begin(n->db, n);
		const char *name = i % 3 == 1 ? "nobody" : name_of(i);
		outcomes[i].node = n;
		add(n, u, "set_small", PARAMS(bb_text(name), bb_i64(1000 + i)));
		commit(u, i);
	}
	node_wait(n, &all_told);
	for (uint32_t i = 0; i < UNITS; i++)
		cr_assert_eq(outcomes[i].rows.changed, i % 3 != 1, "%u", i);
}

/* Rows that one statement has written have the same transaction and command. */
static void few_statements(struct node *n)
{
	commit_pairs(n);
	expect_pairs(n);
	char *count = database_query(
	    n->url, "select count(distinct (xmin::text, cmin::text)) < 20 from things");
	cr_assert_str_eq(count, "t");
	free(count);
}

Test(many, a_batch_has_few_statements)
{
	node_run_with_things("postgres", few_statements);
}

#define FAR (INT64_C(1) << 40)

#define TEXT(text)                                  \
	{                                           \
		BB_TEXT, sizeof text - 1, .s = text \
	}

static const struct bb_val odd[][4] = {
    {TEXT("{\"a\\\\b\",NULL,'c'}\n\t"),
     {BB_I64, 0, .i = INT64_MAX},
     {BB_I64, 0, .i = INT32_MIN},
     {0}},
    {TEXT(""), {BB_I64, 0, .i = INT64_MIN}, {0}, TEXT("1969-12-31T23:59:59.999Z")},
    {{0}, {0}, {BB_I64, 0, .i = INT32_MAX}, TEXT("2024-02-29T00:00:00.001Z")},
    {{BB_TEXT, 3, .s = "busbar"},
     {BB_I64, 0, .i = -1},
     {BB_I64, 0, .i = 0},
     TEXT("0001-01-01T00:00:00.000Z")},
    {TEXT("Zo\xc3\xab \xe2\x9a\xa1 "),
     {BB_I64, 0, .i = 7},
     {BB_I64, 0, .i = 8},
     TEXT("9999-12-31T23:59:59.999Z")},
};
#define ODD (sizeof odd / sizeof *odd)

static void expect_same(const struct bb_val *is, const struct bb_val *was)
{
	cr_assert_eq(is->type, was->type);
	if (was->type == BB_I64)
		cr_assert_eq(is->i, was->i);
	if (was->type != BB_TEXT)
		return;
	cr_assert_eq(is->len, was->len, "%s", is->s);
	cr_assert_eq(memcmp(is->s, was->s, was->len), 0, "%s", is->s);
}

ON_BOTH(many, values_come_out_as_they_went_in)
{
	struct outcome o;
	struct bb_unit *u = db_begin(n->db, n);
	for (size_t i = 0; i < ODD; i++)
		add(n, u, "put", 4, odd[i]);
	cr_assert_eq(node_commit(n, u, NULL), 0);
	cr_assert_eq(node_read(n, "numbered", 0, NULL, &o), 0);
	cr_assert_eq(o.rows.rows, ODD);
	for (uint32_t i = 0; i < ODD; i++)
		for (uint32_t c = 0; c < 4; c++)
			expect_same(bb_cell(&o.rows, i, c), &odd[i][c]);
}

/* A few are refused by a check, or are no integers of that size. */
static void commit_bad_ones(struct node *n, int64_t bad)
{
	begin();
	for (uint32_t i = 0; i < UNITS; i++) {
		struct bb_unit *u = db_begin(n->db, n);
		int64_t small = i % 100 == 7 ? bad : 1;
		add(n, u, "put", PARAMS(bb_text(name_of(i)), bb_i64(i), bb_i64(small), bb_null()));
		commit(u, i);
	}
	node_wait(n, &all_told);
}

static void expect_bad_ones(struct node *n, int err)
{
	struct outcome o;
	for (uint32_t i = 0; i < UNITS; i++)
		cr_assert_eq(outcomes[i].err, i % 100 == 7 ? err : 0, "%u: %d", i, outcomes[i].err);
	cr_assert_eq(node_read(n, "sums", 0, NULL, &o), 0);
	cr_assert_eq(bb_cell_int(&o.rows, 0, 0, -1), UNITS - UNITS / 100);
}

ON_BOTH(many, what_a_check_refuses_fails_alone)
{
	commit_bad_ones(n, 13);
	expect_bad_ones(n, -EEXIST);
}

static void too_large(struct node *n)
{
	commit_bad_ones(n, FAR);
	expect_bad_ones(n, -EIO);
}

Test(many, what_no_array_takes_fails_alone)
{
	node_run_with_things("postgres", too_large);
}

static void expect_no_start(struct node *n, const char *form, const char *why)
{
	const char *error = NULL;
	struct bb_bytes sql = {0};
	bb_bytes_add_str(&sql,
			 "-- name: one\nselect cast($1 as text), cast($2 as double precision);\n"
			 "-- name: one_many\n");
	bb_bytes_add(&sql, form, strlen(form) + 1);
	node_write(n, "toys", "queries.sql", sql.data);
	cr_assert_lt(node_try_add(n, n->dir, "toys", &error), 0);
	cr_assert(strstr(error, "toys/queries.sql:3: query toys/one_many: "), "%s", error);
	cr_assert(strstr(error, why), "%s", error);
	bb_bytes_free(&sql);
}

static void no_array(struct node *n)
{
	expect_no_start(n, "select cast($1 as text[]), cast($2 as double precision[]);\n",
			"$2 is no array");
}

static void too_few(struct node *n)
{
	expect_no_start(n, "select cast($1 as text[]);\n", "not as many parameters");
}

Test(many, a_form_with_other_than_arrays_stops_the_start)
{
	node_run("postgres", no_array);
}

Test(many, a_form_with_fewer_parameters_stops_the_start)
{
	node_run("postgres", too_few);
}
