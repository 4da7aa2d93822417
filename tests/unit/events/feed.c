/* The one reader of the table, over a storage that answers when the test says so. */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/error.h"
#include "events.h"
#include "json/json.h"

enum { COLUMNS = 14 };

static struct events plugin;
static struct config config = {.behind = 100};

static struct {
	int64_t after; /* what is being read is above it; -1: nothing is */
	bb_rows_fn *fn;
	void *arg;
} asked;

void listen_wake(struct events *p)
{
	(void)p;
}

static struct bb_arena *new_arena(void)
{
	return arena_new(0);
}

static void free_arena(struct bb_arena *a)
{
	arena_free(a);
}

static int64_t now_ms(void)
{
	return 1000;
}

static int read_rows(struct bb *me, const struct bb_query *q, uint32_t n, const struct bb_val *v,
		     bb_rows_fn *fn, void *arg)
{
	(void)me, (void)q;
	cr_assert_eq(n, 2);
	cr_assert_eq(asked.after, -1, "two reads at a time");
	asked.after = v[0].i;
	asked.fn = fn;
	asked.arg = arg;
	return 0;
}

static int parse(struct bb_arena *a, const char *text, size_t len, const struct bb_json **ret,
		 const char **ret_error)
{
	(void)ret_error;
	return json_parse(a, text, len, ret, NULL);
}

static const struct bb_api api = {
    .arena_new = new_arena,
    .arena_free = free_arena,
    .json_write = json_text,
    .json_parse = parse,
    .now_ms = now_ms,
    .read = read_rows,
};

/* Storage answers with all events above what was asked for, up to this one. */
static void answer(int64_t newest)
{
	static const char *const names[COLUMNS] = {"id",
						   "at",
						   "operator_id",
						   "kind",
						   "event",
						   "charger_id",
						   "charge_point_id",
						   "station_id",
						   "connector_id",
						   "transaction_id",
						   "command_id",
						   "bulk_id",
						   "user_id",
						   "data"};
	static struct bb_val cells[20 * COLUMNS];
	cr_assert_neq(asked.after, -1);
	uint32_t rows = newest > asked.after ? (uint32_t)(newest - asked.after) : 0;
	cr_assert_leq(rows, 20);
	memset(cells, 0, sizeof cells);
	for (uint32_t i = 0; i < rows; i++) {
		cells[i * COLUMNS] = bb_i64(asked.after + 1 + i);
		cells[i * COLUMNS + 3] = bb_text("connector");
		cells[i * COLUMNS + 13] = bb_text("{}");
	}
	struct bb_rows all = {.rows = rows, .columns = COLUMNS, .names = names, .cells = cells};
	asked.after = -1;
	asked.fn(0, &all, asked.arg);
}

static void set_up(void)
{
	memset(&plugin, 0, sizeof plugin);
	plugin.api = &api;
	plugin.cfg = &config;
	asked.after = -1;
}

static void tear_down(void)
{
	if (plugin.feed.listeners)
		feed_leave(&plugin);
}

TestSuite(feed, .init = set_up, .fini = tear_down);

/* All from `first` on are there. */
static void expect_ring(int64_t first, int64_t last)
{
	const struct ring *r = &plugin.feed.ring;
	cr_assert_eq(r->head, last);
	cr_assert_eq(r->count, (size_t)(last - first + 1));
	for (size_t i = 0; i < r->count; i++)
		cr_assert_eq(ring_at(r, i)->id, first + (int64_t)i);
}

Test(feed, takes_what_is_new)
{
	feed_join(&plugin, 10);
	feed_wake(&plugin);
	answer(13);
	expect_ring(11, 13);
}

Test(feed, takes_of_an_old_read_what_a_ring_that_begins_later_has_not)
{
	feed_join(&plugin, 10);
	feed_wake(&plugin);
	feed_leave(&plugin);
	feed_join(&plugin, 12);
	answer(15);
	expect_ring(13, 15);
}

Test(feed, leaves_no_gap_where_an_old_read_comes_into_a_ring_that_begins_earlier)
{
	feed_join(&plugin, 20);
	feed_wake(&plugin);
	feed_leave(&plugin);
	feed_join(&plugin, 10);
	answer(25);
	cr_assert_eq(plugin.feed.ring.count, 0);
	answer(25);
	expect_ring(11, 25);
}
