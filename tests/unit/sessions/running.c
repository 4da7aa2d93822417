#include "running.h"

#include <criterion/criterion.h>

static const struct pace pace = {.every_ms = 30, .silent_every_ms = 60};
static struct board board;

static void open_board(void)
{
	board_open(&board);
}

static void close_board(void)
{
	board_close(&board);
}

TestSuite(running, .init = open_board, .fini = close_board);

static struct running *add(int64_t transaction_id, int64_t charger_id, int64_t connector_id,
			   int64_t now_ms)
{
	return board_add(&board, "acme", transaction_id, charger_id, connector_id, now_ms);
}

/* Looks at what is due, and tells who is to stop; how many there were. */
static int looks(int64_t now_ms)
{
	int count = 0;
	board_queue(&board, &pace, now_ms);
	for (struct running *r; (r = board_take(&board)) || (r = board_take_stop(&board));
	     count++) {
		r->looked_ms = now_ms;
		r->metered = false;
		r->next_ms = 0;
		board_done(&board, r);
	}
	return count;
}

Test(running, a_silent_session_is_looked_at_by_the_clock)
{
	add(1, 7, 1, 0);
	cr_expect(looks(59) == 0);
	cr_expect(looks(60) == 1);
	cr_expect(looks(61) == 0);
}

Test(running, meter_values_bring_a_look_but_not_too_often)
{
	add(1, 7, 1, 0);
	board_metered(&board, 7, 2);
	board_metered(&board, 8, 1);
	cr_expect(looks(31) == 0, "these were of other connectors");
	board_metered(&board, 7, 1);
	cr_expect(looks(29) == 0);
	cr_expect(looks(30) == 1);
	board_metered(&board, 7, 0);
	cr_expect(looks(59) == 0);
	cr_expect(looks(60) == 1);
}

Test(running, one_may_be_asked_for_sooner_but_not_later)
{
	struct running *r = add(1, 7, 1, 0);
	r->next_ms = 5;
	cr_expect(looks(4) == 0);
	cr_expect(looks(5) == 1);
	r->next_ms = 1000;
	cr_expect(looks(65) == 1);
}

Test(running, what_is_cut_off_is_told_by_its_own_time)
{
	struct running *r = add(1, 7, 1, 0);
	r->cut_off = true;
	r->next_ms = 500;
	board_metered(&board, 7, 1);
	cr_expect(looks(400) == 0);
	board_connected(&board, 7, 450);
	cr_expect(looks(450) == 1);
}

Test(running, one_that_is_due_stands_in_the_queue_once)
{
	add(1, 7, 1, 0);
	board_queue(&board, &pace, 100);
	board_queue(&board, &pace, 200);
	struct running *r = board_take(&board);
	cr_expect(r && !board_take(&board));
	board_queue(&board, &pace, 300);
	cr_expect(!board_take(&board), "it is at work");
}

Test(running, a_session_may_end_at_any_moment)
{
	struct running *queued = add(1, 7, 1, 0);
	board_queue(&board, &pace, 100);
	board_remove(&board, queued);
	cr_expect(!board_take(&board) && board.count == 0);
	add(2, 7, 1, 0);
	board_queue(&board, &pace, 100);
	struct running *busy = board_take(&board);
	board_remove(&board, busy);
	cr_expect(busy->over && board.count == 1);
	board_done(&board, busy);
	cr_expect(board.count == 0);
	struct running *idle = add(3, 7, 1, 0);
	board_remove(&board, idle);
	cr_expect(board.count == 0 && !board_find(&board, 3, 7));
}

Test(running, there_may_be_many)
{
	for (int i = 1; i <= 20000; i++)
		add(i, i / 2, 1 + i % 2, 0);
	cr_expect(board.count == 20000 && board.bucket_count > 1024);
	for (int i = 1; i <= 20000; i++)
		cr_assert(board_find(&board, i, i / 2)->transaction_id == i);
	cr_expect(add(5, 2, 2, 0) == board_find(&board, 5, 2));
	cr_expect(looks(60) == 20000);
}

/* Many looks of one operator are at work, and more are due: another's comes next. */
Test(running, operators_take_turns)
{
	for (int i = 1; i <= 10; i++)
		board_add(&board, "slow", i, i, 1, 0);
	board_queue(&board, &pace, 60);
	struct running *slow[3];
	for (int i = 0; i < 3; i++)
		slow[i] = board_take(&board);
	board_add(&board, "other", 11, 11, 1, 0);
	board_add(&board, "other", 12, 12, 1, 0);
	board_queue(&board, &pace, 61);
	cr_expect_eq(board_take(&board)->transaction_id, 11);
	cr_expect_eq(board_take(&board)->transaction_id, 12);
	for (int i = 0; i < 3; i++)
		board_done(&board, slow[i]);
	cr_expect_str_eq(board_take(&board)->owner->id, "slow");
}

/* Where all have as many at work, whoever is due for longest. */
Test(running, among_equals_the_first_that_was_due_comes_first)
{
	board_add(&board, "a", 1, 1, 1, 0);
	board_queue(&board, &pace, 60);
	board_add(&board, "b", 2, 2, 1, 0);
	board_queue(&board, &pace, 61);
	cr_expect_eq(board_take(&board)->transaction_id, 1);
	cr_expect_eq(board_take(&board)->transaction_id, 2);
	cr_expect(!board_take(&board));
}

Test(running, what_is_told_to_stop_waits_for_no_look)
{
	add(1, 1, 1, 0);
	add(2, 2, 1, 0)->cut_off = true;
	board_find(&board, 2, 2)->next_ms = 60;
	board_queue(&board, &pace, 60);
	cr_expect_eq(board_take_stop(&board)->transaction_id, 2);
	cr_expect(!board_take_stop(&board));
	cr_expect_eq(board_take(&board)->transaction_id, 1);
	cr_expect(!board_take(&board));
}
