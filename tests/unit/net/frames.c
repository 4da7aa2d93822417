/* Frames that no library would send. */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>

#include "net/stage.h"
#include "net/wire.h"

TestSuite(net_frames, .init = stage_setup, .fini = stage_teardown);

static struct wire w;

#define MASK "\0\0\0\0"
#define BYTES(text) text, sizeof text - 1

static const struct wrong {
	const char *what, *bytes;
	size_t len;
} wrong[] = {
    {"RSV1, as with a compression that was not agreed", BYTES("\xc1\x82" MASK "hi")},
    {"RSV2", BYTES("\xa1\x82" MASK "hi")},
    {"RSV3", BYTES("\x91\x82" MASK "hi")},
    {"RSV1 of a ping", BYTES("\xc9\x80" MASK)},
    {"an opcode of data that is none", BYTES("\x83\x80" MASK)},
    {"an opcode of control that is none", BYTES("\x8b\x80" MASK)},
    {"a continuation of nothing", BYTES("\x80\x82" MASK "hi")},
    {"a message within a message", BYTES("\x01\x82" MASK "hi\x81\x82" MASK "ho")},
    {"a ping in fragments", BYTES("\x09\x81" MASK "?")},
    {"a close in fragments", BYTES("\x08\x82" MASK "\x03\xe8")},
};

Test(net_frames, against_the_protocol_close_the_link_with_1002)
{
	stage_start();
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		uint32_t before = s.closed;
		wire_connect(&w, s.loop, s.port, "CP1");
		wire_send(&w, wrong[i].bytes, wrong[i].len);
		cr_expect_eq(wire_next_close(&w), 1002, "%s", wrong[i].what);
		shutdown(w.fd, SHUT_WR);
		cr_expect(wire_wait_eof(&w), "%s", wrong[i].what);
		cr_expect_eq(s.closed, before + 1, "%s", wrong[i].what);
		cr_expect_eq(s.messages, 0, "%s", wrong[i].what);
		wire_close(&w);
	}
}

static const struct odd {
	const char *what, *bytes;
	size_t len;
	const char *text;
} odd[] = {
    {"not masked: against RFC 6455, but clear", BYTES("\x81\x02hi"), "hi"},
    {"nothing and without a mask", BYTES("\x81\x7e\0\0\x81\x82" MASK "hi"), "hi"},
    {"a short length in 16 bits", BYTES("\x81\xfe\0\x02" MASK "hi"), "hi"},
    {"a short length in 64 bits", BYTES("\x81\xff\0\0\0\0\0\0\0\x02" MASK "hi"), "hi"},
    {"nothing", BYTES("\x81\x80" MASK), ""},
    {"nothing, in two fragments", BYTES("\x01\x80" MASK "\x80\x80" MASK), ""},
    {"fragments of nothing around one with a letter",
     BYTES("\x01\x80" MASK "\0\x81" MASK "h\0\x80" MASK "\x80\x80" MASK), "h"},
    {"a letter torn between two fragments", BYTES("\x01\x81" MASK "\xc3\x80\x81" MASK "\xa4"),
     "\xc3\xa4"},
    {"pings and pongs between fragments",
     BYTES("\x01\x81" MASK "h\x89\x81" MASK "?\x8a\x80" MASK "\x8a\x81" MASK "!\x80\x81" MASK "i"),
     "hi"},
    {"a pong that nobody asked for", BYTES("\x8a\x83" MASK "abc\x81\x82" MASK "hi"), "hi"},
};

static bool has_come(void)
{
	return s.messages == 1;
}

Test(net_frames, that_are_odd_but_clear_are_taken_even_byte_by_byte)
{
	stage_start();
	for (size_t i = 0; i < 2 * sizeof odd / sizeof *odd; i++) {
		const struct odd *o = &odd[i / 2];
		size_t step = i % 2 ? 1 : o->len;
		s.messages = 0;
		wire_connect(&w, s.loop, s.port, "CP1");
		for (size_t at = 0; at < o->len; at += step) {
			wire_send(&w, o->bytes + at, step);
			wire_turn(&w);
		}
		stage_until(has_come);
		cr_expect_eq(s.message.len, strlen(o->text), "%s", o->what);
		cr_expect_eq(memcmp(s.message.len ? s.message.data : "", o->text, s.message.len), 0,
			     "%s", o->what);
		wire_message(&w, "next");
		while (s.messages < 2)
			wire_turn(&w);
		cr_expect_str_eq(s.message.data, "next", "%s", o->what);
		wire_close(&w);
	}
}

/* Each ends; which code is given is another matter, since some end the stream in the middle. */
static const struct wrong broken_off[] = {
    {"a length of more than 63 bits", BYTES("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff")},
    {"a ping of 126 bytes", BYTES("\x89\xfe\0\x7e" MASK)},
    {"a pong with a length of 64 bits", BYTES("\x8a\xff\0\0\0\0\0\0\0\x01" MASK "x")},
    {"half a head", BYTES("\x81")},
    {"half a mask", BYTES("\x81\x82\0\0")},
    {"half a frame", BYTES("\x81\x85" MASK "hi")},
    {"half a message", BYTES("\x01\x82" MASK "hi")},
    {"a close of one byte", BYTES("\x88\x81" MASK "\x03")},
    {"a close without a code", BYTES("\x88\x80" MASK)},
    {"a close with a code that none may send", BYTES("\x88\x82" MASK "\x03\xed")},
    {"two closes", BYTES("\x88\x82" MASK "\x03\xe8\x88\x82" MASK "\x03\xe8")},
    {"HTTP", BYTES("GET / HTTP/1.1\r\nHost: x\r\n\r\n")},
};

Test(net_frames, broken_off_anywhere_end_with_their_connection)
{
	stage_start();
	for (size_t i = 0; i < sizeof broken_off / sizeof *broken_off; i++) {
		const struct wrong *b = &broken_off[i];
		uint32_t before = s.closed;
		wire_connect(&w, s.loop, s.port, "CP1");
		wire_send(&w, b->bytes, b->len);
		shutdown(w.fd, SHUT_WR);
		cr_expect(wire_wait_eof(&w), "%s", b->what);
		cr_expect_eq(s.closed, before + 1, "%s", b->what);
		cr_expect_eq(s.messages, 0, "%s: %s", b->what, s.message.data);
		s.messages = 0;
		wire_close(&w);
	}
}

Test(net_frames, announced_as_huge_are_refused_when_they_come)
{
	static char part[8192];
	s.options.max_message_bytes = 65536;
	stage_start();
	wire_connect(&w, s.loop, s.port, "CP1");
	wire_send(&w, BYTES("\x81\xff\0\0\x01\0\0\0\0\0" MASK));
	for (int i = 0; i < 100 && !w.eof && !w.in.len; i++)
		wire_send(&w, part, sizeof part);
	cr_assert_eq(wire_next_close(&w), 1009);
	wire_close(&w);
}

Test(net_frames, of_a_link_that_is_being_closed_are_not_listened_to)
{
	stage_start();
	wire_connect(&w, s.loop, s.port, "CP1");
	wire_send(&w, BYTES("\x88\x82" MASK "\x03\xe8\x81\x82" MASK "hi"));
	cr_assert_eq(wire_next_close(&w), 1000);
	cr_assert(wire_wait_eof(&w));
	cr_assert_eq(s.messages, 0);
	cr_assert_eq(s.close_code, 1000);
	wire_close(&w);
}
