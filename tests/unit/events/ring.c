#include "ring.h"

#include <criterion/criterion.h>
#include <string.h>

static struct ring ring;

static void close_ring(void)
{
	ring_close(&ring);
}

TestSuite(ring, .fini = close_ring);

static void add(int64_t id, const char *text)
{
	struct subject s = {.kind = "charger", .charge_point_id = "CP1", .charger_id = id};
	ring_add(&ring, id, &s, text, strlen(text));
}

Test(ring, keeps_what_it_is_given)
{
	char kind[] = "task";
	ring_open(&ring, 4, 1 << 20, 10);
	cr_assert_eq(ring_after(&ring, 10), 0u);
	ring_add(&ring, 12, &(struct subject){.kind = kind, .operator_id = "north"}, "text", 4);
	memset(kind, 'x', 4);
	const struct entry *e = ring_at(&ring, 0);
	cr_assert_eq(e->id, 12);
	cr_assert_str_eq(e->subject.kind, "task");
	cr_assert_str_eq(e->subject.operator_id, "north");
	cr_assert_null(e->subject.user_id);
	cr_assert_eq(memcmp(e->text, "text", 4), 0);
	cr_assert_eq(ring.base, 10);
	cr_assert_eq(ring.head, 12);
}

Test(ring, gives_way_to_the_new_and_says_from_where_on_it_has_all)
{
	ring_open(&ring, 4, 1 << 20, 0);
	for (int64_t id = 1; id <= 10; id++)
		add(2 * id, "x");
	cr_assert_eq(ring.count, 4u);
	cr_assert_eq(ring.base, 12);
	cr_assert_eq(ring_at(&ring, 0)->id, 14);
	cr_assert_eq(ring_after(&ring, 14), 1u);
	cr_assert_eq(ring_after(&ring, 15), 1u);
	cr_assert_eq(ring_after(&ring, 20), 4u);
}

Test(ring, is_bounded_in_bytes_but_holds_the_newest)
{
	static char big[5000];
	memset(big, 'b', sizeof big - 1);
	ring_open(&ring, 100, 12000, 0);
	for (int64_t id = 1; id <= 50; id++)
		add(id, big);
	cr_assert_eq(ring.count, 2u);
	cr_assert_eq(ring.base, 48);
	cr_assert_leq(ring.bytes, 12000u);
	ring_close(&ring);
	ring_open(&ring, 100, 10, 0);
	add(1, big);
	add(2, big);
	cr_assert_eq(ring.count, 1u);
	cr_assert_eq(ring_at(&ring, 0)->id, 2);
}
