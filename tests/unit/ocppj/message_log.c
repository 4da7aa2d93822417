#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ocppj/stage.h"

TestSuite(message_log, .init = stage_setup, .fini = stage_teardown);

static struct wire w;

static void start(void)
{
	stage_start();
	wire_connect(&w, s.loop, s.port, "CP1");
}

/* The n-th row of the log, split at its bars. */
static char *row(int n, char *ret[14])
{
	char *copy = strdup(s.rows.data ? s.rows.data : ""), *line = copy;
	for (; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (!strncmp(line, "message_add|", 12) && !n--)
			break;
	cr_assert_not_null(line, "there is no such row in: %s", s.rows.data);
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < 14 && line; i++) {
		ret[i] = line;
		line = strchr(line, '|');
		if (line)
			*line++ = '\0';
	}
	return copy;
}

Test(message_log, has_a_row_for_each_frame_and_one_correlation_for_a_call_and_its_answer)
{
	char *in[14], *out[14];
	start();
	expect_begin(&w, "[2,\"1\",\"Heartbeat\", { } ]", "[3,\"1\",");
	stage_turn();
	char *a = row(0, in), *b = row(1, out);
	cr_expect_str_eq(in[1], "default");
	cr_expect_str_eq(in[2], "CP1");
	cr_expect_str_eq(in[3], "in");
	cr_expect_str_eq(in[4], "call");
	cr_expect_str_eq(in[5], "Heartbeat");
	cr_expect_str_eq(in[6], "1");
	cr_expect_str_eq(in[7], "{ }");
	cr_expect_str_eq(in[10], "");
	cr_expect_str_eq(out[3], "out");
	cr_expect_str_eq(out[4], "result");
	cr_expect_str_eq(out[5], "Heartbeat");
	cr_expect_str_eq(out[7], "{\"currentTime\":\"2026-01-01T00:00:00Z\"}");
	cr_expect_str_eq(out[10], "#");
	cr_expect_eq(strlen(in[11]), 26);
	cr_expect_str_eq(in[11], out[11]);
	free(a);
	free(b);
	wire_close(&w);
}

Test(message_log, keeps_errors_with_their_reasons_and_frames_that_are_none)
{
	char *r[14];
	start();
	expect_begin(&w, "[2,\"1\",\"MakeCoffee\",{}]", "[4,");
	expect_begin(&w, "p\xc3\xa4ng|", "[4,");
	stage_turn();
	char *a = row(1, r);
	cr_expect_str_eq(r[4], "error");
	cr_expect_str_eq(r[8], "NotImplemented");
	cr_expect(strlen(r[9]) > 10);
	free(a);
	a = row(2, r);
	cr_expect_str_eq(r[3], "in");
	cr_expect_str_eq(r[4], "invalid");
	cr_expect_str_eq(r[7], "p??ng");
	free(a);
	wire_close(&w);
}

Test(message_log, does_not_delay_answers_when_storage_is_slow)
{
	s.hold = true;
	start();
	for (int i = 0; i < 20; i++) {
		char frame[64];
		snprintf(frame, sizeof frame, "[2,\"%d\",\"Heartbeat\",{}]", i);
		expect_begin(&w, frame, "[3,");
	}
	cr_assert_null(s.rows.data);
	s.hold = false;
	stage_commit();
	stage_turn();
	cr_assert(stage_has_row("|call|Heartbeat|19|"));
	wire_close(&w);
}

Test(message_log, loses_rows_rather_than_filling_the_memory_and_recovers)
{
	s.hold = true;
	start();
	for (int i = 0; i < 400; i++) {
		char frame[64];
		snprintf(frame, sizeof frame, "[2,\"%d\",\"Heartbeat\",{}]", i);
		expect_begin(&w, frame, "[3,");
	}
	s.hold = false;
	stage_commit();
	stage_turn();
	cr_assert(stage_has_row("|call|Heartbeat|10|"));
	cr_assert_not(stage_has_row("|call|Heartbeat|399|"));
	expect_begin(&w, "[2,\"again\",\"Heartbeat\",{}]", "[3,");
	stage_turn();
	cr_assert(stage_has_row("|call|Heartbeat|again|"));
	wire_close(&w);
}

Test(message_log, loses_rows_while_storage_is_away_and_recovers)
{
	s.storage = -EAGAIN;
	start();
	expect_begin(&w, "[2,\"1\",\"Heartbeat\",{}]", "[3,");
	stage_turn();
	s.storage = 0;
	expect_begin(&w, "[2,\"2\",\"Heartbeat\",{}]", "[3,");
	stage_turn();
	cr_assert_not(stage_has_row("|call|Heartbeat|1|"));
	cr_assert(stage_has_row("|call|Heartbeat|2|"));
	wire_close(&w);
}

Test(message_log, can_be_switched_off)
{
	s.options.log_messages = false;
	start();
	expect_begin(&w, "[2,\"1\",\"Heartbeat\",{}]", "[3,");
	stage_turn();
	cr_assert_not(stage_has_row("message_add"));
	wire_close(&w);
}
