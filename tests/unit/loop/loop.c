#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>

#include "loop/loop.h"

static struct loop *loop;

static void setup(void)
{
	loop = loop_new();
}

static void teardown(void)
{
	loop_free(loop);
}

TestSuite(loop, .init = setup, .fini = teardown, .timeout = 20);

static void count(void *arg)
{
	++*(int *)arg;
}

static void set_true(void *arg)
{
	*(bool *)arg = true;
}

Test(loop, a_timer_fires_once_and_is_gone)
{
	int fired = 0;
	bool done = false;
	loop_timer(loop, 1, false, count, &fired);
	loop_timer(loop, 30, false, set_true, &done);
	cr_assert(loop_run_until(loop, &done, 5000));
	cr_assert_eq(fired, 1);
}

Test(loop, a_repeating_timer_fires_until_it_is_released)
{
	int fired = 0;
	bool done = false;
	struct loop_timer *t = loop_timer(loop, 1, true, count, &fired);
	loop_timer(loop, 50, false, set_true, &done);
	loop_run_until(loop, &done, 5000);
	cr_assert_gt(fired, 2);
	loop_timer_release(t);
	int so_far = fired;
	done = false;
	loop_timer(loop, 20, false, set_true, &done);
	loop_run_until(loop, &done, 5000);
	cr_assert_eq(fired, so_far);
}

struct order {
	int seen[4];
	int count;
	pthread_t thread;
};

static struct order order;

static void note_first(void *arg)
{
	(void)arg;
	order.thread = pthread_self();
	order.seen[order.count++] = 1;
}

static void note_second(void *arg)
{
	order.seen[order.count++] = 2;
	set_true(arg);
}

static void *post_from_elsewhere(void *done)
{
	loop_post(loop, note_first, NULL);
	loop_post(loop, note_second, done);
	return NULL;
}

Test(loop, posts_of_another_thread_run_here_and_in_order)
{
	bool done = false;
	pthread_t other;
	pthread_create(&other, NULL, post_from_elsewhere, &done);
	cr_assert(loop_run_until(loop, &done, 5000));
	pthread_join(other, NULL);
	cr_assert_eq(order.count, 2);
	cr_assert_eq(order.seen[0], 1);
	cr_assert_eq(order.seen[1], 2);
	cr_assert(pthread_equal(order.thread, pthread_self()));
}

static void work(void *arg)
{
	*(pthread_t *)arg = pthread_self();
}

Test(loop, offloaded_work_runs_on_another_thread)
{
	pthread_t worker = pthread_self();
	bool done = false;
	loop_offload(loop, work, NULL, &worker);
	loop_timer(loop, 50, false, set_true, &done);
	loop_run_until(loop, &done, 5000);
	cr_assert_not(pthread_equal(worker, pthread_self()));
}

Test(loop, what_is_deferred_runs_at_the_end_of_the_turn_without_waiting)
{
	bool done = false;
	loop_defer(loop, set_true, &done);
	cr_assert_not(done);
	cr_assert(loop_run_until(loop, &done, 5000));
}

static void defer_again(void *arg)
{
	loop_defer(loop, set_true, arg);
}

Test(loop, what_is_deferred_may_defer_again)
{
	bool done = false;
	loop_defer(loop, defer_again, &done);
	cr_assert(loop_run_until(loop, &done, 5000));
}

Test(loop, a_signal_is_told_on_the_loop)
{
	bool done = false;
	cr_assert_eq(loop_signal(loop, SIGUSR1, set_true, &done), 0);
	raise(SIGUSR1);
	cr_assert(loop_run_until(loop, &done, 5000));
}
