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

/* Looks at what is due; how many there were. */
static int looks(int64_t now_ms)
{
	int count = 0;
	board_queue(&board, &pace, now_ms);
	for (struct running *r; (r = board_take(&board)); count++) {
		r->looked_ms = now_ms;
		r->metered = false;
		r->next_ms = 0;
		r->busy = false;
	}
	return count;
}

Test(running, a_silent_session_is_looked_at_by_the_clock)
{
	board_add(&board, 1, 7, 1, 0);
	cr_expect(looks(59) == 0);
	cr_expect(looks(60) == 1);
	cr_expect(looks(61) == 0);
}

Test(running, meter_values_bring_a_look_but_not_too_often)
{
	board_add(&board, 1, 7, 1, 0);
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
	struct running *r = board_add(&board, 1, 7, 1, 0);
	r->next_ms = 5;
	cr_expect(looks(4) == 0);
	cr_expect(looks(5) == 1);
	r->next_ms = 1000;
	cr_expect(looks(65) == 1);
}

Test(running, what_is_cut_off_is_told_by_its_own_time)
{
	struct running *r = board_add(&board, 1, 7, 1, 0);
	r->cut_off = true;
	r->next_ms = 500;
	board_metered(&board, 7, 1);
	cr_expect(looks(400) == 0);
	board_connected(&board, 7, 450);
	cr_expect(looks(450) == 1);
}

Test(running, one_that_is_due_stands_in_the_queue_once)
{
	board_add(&board, 1, 7, 1, 0);
	board_queue(&board, &pace, 100);
	board_queue(&board, &pace, 200);
	struct running *r = board_take(&board);
	cr_expect(r && !board_take(&board));
	board_queue(&board, &pace, 300);
	cr_expect(!board_take(&board), "it is at work");
}

Test(running, a_session_may_end_at_any_moment)
{
	struct running *queued = board_add(&board, 1, 7, 1, 0);
	board_queue(&board, &pace, 100);
	board_remove(&board, queued);
	cr_expect(!board_take(&board) && board.count == 0);
	board_add(&board, 2, 7, 1, 0);
	board_queue(&board, &pace, 100);
	struct running *busy = board_take(&board);
	board_remove(&board, busy);
	cr_expect(busy->over && board.count == 1);
	board_free(&board, busy);
	struct running *idle = board_add(&board, 3, 7, 1, 0);
	board_remove(&board, idle);
	cr_expect(board.count == 0 && !board_find(&board, 3, 7));
}

Test(running, there_may_be_many)
{
	for (int i = 1; i <= 20000; i++)
		board_add(&board, i, i / 2, 1 + i % 2, 0);
	cr_expect(board.count == 20000 && board.bucket_count > 1024);
	for (int i = 1; i <= 20000; i++)
		cr_assert(board_find(&board, i, i / 2)->transaction_id == i);
	cr_expect(board_add(&board, 5, 2, 2, 0) == board_find(&board, 5, 2));
	cr_expect(looks(60) == 20000);
}
