#include "frame.h"

#include <criterion/criterion.h>

static struct bb_bytes t;

static void drop(void)
{
	bb_bytes_free(&t);
}

TestSuite(frame, .fini = drop);

static void is(const char *expected)
{
	bb_bytes_add(&t, "", 1);
	cr_assert_str_eq(t.data, expected);
}

Test(frame, an_event_has_its_id_its_name_and_its_data)
{
	frame_event(&t, 12, "charger", "{\"a\":1}");
	frame_event(&t, 0, NULL, "x");
	is("id: 12\nevent: charger\ndata: {\"a\":1}\n\ndata: x\n\n");
}

Test(frame, no_line_break_ends_a_field)
{
	frame_event(&t, 1, "a\nid: 9", "one\ntwo\r\nthree\rfour\n");
	is("id: 1\nevent: a\nevent: id: 9\ndata: one\ndata: two\ndata: three\ndata: four\ndata: "
	   "\n\n");
}

Test(frame, what_is_no_event)
{
	frame_mark(&t, 0);
	frame_retry(&t, 2000);
	frame_comment(&t, "");
	is("id: 0\n\nretry: 2000\n\n: \n\n");
}

Test(frame, it_grows)
{
	for (int i = 0; i < 5000; i++)
		frame_event(&t, i + 1, "e", "0123456789");
	cr_assert_gt(t.len, 100000u);
	cr_assert_eq(memcmp(t.data + t.len - 12, "0123456789\n\n", 12), 0);
}

Test(frame, an_id_is_digits_and_nothing_else)
{
	int64_t id = -1;
	cr_assert(frame_read_id("0", &id) && id == 0);
	cr_assert(frame_read_id("999999999999999999", &id) && id == 999999999999999999);
	static const char *const bad[] = {"",   "-1",  "+1",  " 1",  "1 ",
					  "1x", "0x1", "1\n", "1.0", "9999999999999999999"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_assert_not(frame_read_id(bad[i], &id), "%s", bad[i]);
}
