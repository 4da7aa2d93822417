/* Many units at once: batches, what a poisoned one does, the limits and the end. */
#include "node.h"

#define MANY 1000

struct crowd {
	struct outcome outcomes[MANY];
	uint32_t told;
	bool all;
};

static struct crowd crowd;

static void told_one(int err, const struct bb_rows *rows, void *arg)
{
	node_told(err, rows, arg);
	crowd.all = ++crowd.told == MANY;
}

static void commit_one(struct node *n, uint32_t i, const char *name)
{
	struct bb_unit *u = db_begin(n->db, n);
	struct bb_val values[] = {bb_text(name), bb_i64(i)};
	db_add(u, node_query(n, "add_named"), 2, values, NULL, NULL);
	db_commit(u, told_one, &crowd.outcomes[i]);
}

static const char *number_name(uint32_t i)
{
	static char name[16];
	snprintf(name, sizeof name, "n%u", i);
	return name;
}

static void commit_crowd(struct node *n, uint32_t poisoned_every)
{
	crowd = (struct crowd){0};
	for (uint32_t i = 0; i < MANY; i++)
		commit_one(n, i,
			   poisoned_every && i % poisoned_every == 7 ? "poison" : number_name(i));
}

static int64_t how_many(struct node *n)
{
	struct outcome o;
	cr_assert_eq(node_read(n, "sums", 0, NULL, &o), 0);
	return bb_cell_int(&o.rows, 0, 0, -1);
}

ON_BOTH(batches, a_thousand_units_are_all_committed)
{
	commit_crowd(n, 0);
	cr_assert(!db_idle(n->db));
	node_wait(n, &crowd.all);
	for (uint32_t i = 0; i < MANY; i++)
		cr_assert_eq(crowd.outcomes[i].err, 0, "%u", i);
	cr_assert_eq(how_many(n), MANY);
	cr_assert(db_idle(n->db));
}

ON_BOTH(batches, a_poisoned_unit_fails_alone)
{
	struct outcome o;
	node_write_one(n, "add_named", PARAMS(bb_text("poison"), bb_null()), &o);
	commit_crowd(n, MANY);
	node_wait(n, &crowd.all);
	for (uint32_t i = 0; i < MANY; i++)
		cr_assert_eq(crowd.outcomes[i].err, i == 7 ? -EEXIST : 0, "%u", i);
	cr_assert_eq(how_many(n), MANY);
}

ON_BOTH(batches, many_poisoned_units_fail_alone)
{
	struct outcome o;
	node_write_one(n, "add_named", PARAMS(bb_text("poison"), bb_null()), &o);
	commit_crowd(n, 20);
	node_wait(n, &crowd.all);
	for (uint32_t i = 0; i < MANY; i++)
		cr_assert_eq(crowd.outcomes[i].err, i % 20 == 7 ? -EEXIST : 0, "%u", i);
	cr_assert_eq(how_many(n), 1 + MANY - MANY / 20);
}

/* Nothing but its first unit of a kind may pass, whatever lanes they run on. */
ON_BOTH(batches, of_equal_units_exactly_one_passes)
{
	uint32_t passed = 0;
	crowd = (struct crowd){0};
	for (uint32_t i = 0; i < MANY; i++)
		commit_one(n, i, "the same");
	node_wait(n, &crowd.all);
	for (uint32_t i = 0; i < MANY; i++) {
		cr_assert(crowd.outcomes[i].err == 0 || crowd.outcomes[i].err == -EEXIST);
		passed += crowd.outcomes[i].err == 0;
	}
	cr_assert_eq(passed, 1);
	cr_assert_eq(how_many(n), 1);
}

static void set_true(void *arg)
{
	*(bool *)arg = true;
}

static void check_all_told(void *arg)
{
	cr_assert(crowd.all);
	set_true(arg);
}

ON_BOTH(batches, drain_comes_after_everything_is_told)
{
	struct outcome read = {0};
	bool drained = false;
	commit_crowd(n, 0);
	db_read(n->db, n, node_query(n, "sums"), 0, NULL, node_told, &read);
	db_drain(n->db, check_all_told, &drained);
	cr_assert(!drained);
	node_wait(n, &drained);
	cr_assert(read.done);
	cr_assert(db_idle(n->db));
	drained = false;
	db_drain(n->db, set_true, &drained);
	node_wait(n, &drained);
}

ON_BOTH(batches, what_is_cancelled_is_told_at_once_and_still_committed)
{
	bool drained = false;
	commit_crowd(n, 0);
	db_cancel(n->db, n);
	cr_assert(crowd.all);
	for (uint32_t i = 0; i < MANY; i++)
		cr_assert_eq(crowd.outcomes[i].err, -ECANCELED);
	db_drain(n->db, set_true, &drained);
	node_wait(n, &drained);
	cr_assert_eq(how_many(n), MANY);
}

ON_BOTH_EMPTY(batches, more_than_the_queue_holds_is_refused_at_once)
{
	const struct db_options narrow = {.batch_units = 10, .queue_units = 100};
	uint32_t refused = 0;
	db_free(n->db);
	node_make_db(n, &narrow);
	node_add(n, BUSBAR_ROOT "/tests/unit/db/sql", "things");
	commit_crowd(n, 0);
	node_wait(n, &crowd.all);
	for (uint32_t i = 0; i < MANY; i++)
		refused += crowd.outcomes[i].err == -EAGAIN;
	cr_assert_eq(refused, MANY - 100);
	cr_assert_eq(how_many(n), 100);
}

ON_BOTH(batches, a_stopped_node_tells_what_is_left)
{
	commit_crowd(n, 0);
	node_stop(n);
	cr_assert(crowd.all);
	for (uint32_t i = 0; i < MANY; i++)
		cr_assert(crowd.outcomes[i].err == -ECANCELED || crowd.outcomes[i].err == -EAGAIN);
}
