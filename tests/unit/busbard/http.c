/* What handlers may rely on when the client has gone. */
#include "busbard/stage.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void begin(struct net_request *r)
{
	*r = (struct net_request){
	    .http = {.method = "PUT", .path = "/x", .remote = "127.0.0.1"},
	    .param = strdup("Heartbeat"),
	    .header = strdup("\"1\""),
	};
	front.loop = loop_new();
	http_request(&front, r);
}

static void lose(struct net_request *r)
{
	http_request_gone(r);
	free(r->param);
	free(r->header);
	memset(r, 0, sizeof *r);
}

static void finish(void)
{
	call_resolve(reply, NULL);
	while (front.open)
		loop_run_until(front.loop, &(bool){false}, 1);
	loop_free(front.loop);
}

Test(http, what_a_handler_has_read_stays_when_the_client_has_gone)
{
	struct net_request r;
	begin(&r);
	lose(&r);
	cr_expect_str_eq(param, "Heartbeat");
	cr_expect_str_eq(header, "\"1\"");
	finish();
}

Test(http, a_change_keeps_what_it_is_when_the_client_has_gone)
{
	static const char *const query[] = {"operator_id", "alpha", NULL};
	struct net_request r = {
	    .http = {.method = "PUT", .path = "/x", .remote = "127.0.0.1"},
	    .header = strdup("\"1\""),
	    .query = query,
	};
	front.loop = loop_new();
	http_request(&front, &r);
	lose(&r);
	cr_expect_str_eq(call_param(call, "operator_id"), "alpha");
	cr_expect_str_eq(call_header(call, "if-match"), "\"1\"");
	cr_expect_str_eq(call_header(call, "idempotency-key"), "\"1\"");
	cr_expect_null(call_param(call, "action"));
	cr_expect_null(call_header(call, "accept"));
	finish();
	cr_expect_eq(r.status, 0, "nothing is sent");
}

/* What the handler was told of its body. */
static struct {
	int err;
	struct buf bytes;
	uint32_t times;
} told;

static void on_piece(int err, const void *bytes, size_t len, void *arg)
{
	cr_expect_eq(arg, &told);
	told.err = err;
	told.times++;
	buf_add(&told.bytes, bytes, len);
}

static int pull(void)
{
	return call_body_next(call, on_piece, &told);
}

Test(http, a_body_is_pulled_piece_by_piece)
{
	struct net_request r;
	begin(&r);
	cr_expect_eq(http_streams(&front, &r), 7);
	cr_expect_eq(call_body_length(call), 5);
	cr_expect_eq(pull(), 0);
	cr_expect_eq(pull(), -EINVAL, "one at a time");
	http_body(&r, 0, "hello", 5);
	cr_expect_eq(pull(), 0);
	http_body(&r, 0, NULL, 0);
	cr_expect_eq(pull(), -EINVAL, "after the end");
	cr_expect_eq(r.asked, 2);
	cr_expect_eq(told.times, 2);
	cr_expect_str_eq(told.bytes.data, "hello");
	buf_free(&told.bytes);
	finish();
	cr_expect_eq(r.status, 200);
	free(r.param);
	free(r.header);
}

Test(http, who_pulls_a_body_is_told_that_the_client_has_gone)
{
	struct net_request r;
	begin(&r);
	cr_expect_eq(pull(), 0);
	lose(&r);
	cr_expect_eq(told.err, -ECONNRESET);
	cr_expect_eq(told.times, 1);
	cr_expect_eq(pull(), -EINVAL);
	finish();
}

Test(http, who_comes_to_pull_after_that_is_told_at_once)
{
	struct net_request r;
	begin(&r);
	lose(&r);
	cr_expect_eq(pull(), -ECONNRESET);
	cr_expect_eq(told.times, 0);
	finish();
}

Test(http, who_pulls_a_body_is_told_that_the_server_stops)
{
	struct net_request r;
	begin(&r);
	cr_expect_eq(pull(), 0);
	http_end_streams(&front);
	cr_expect_eq(told.err, -ECANCELED);
	lose(&r);
	cr_expect_eq(told.times, 1);
	finish();
}

static uint32_t overs, mores;
static struct bb_sink *sink;

static void on_more(struct bb_sink *to, void *arg)
{
	(void)arg;
	sink = to;
	mores++;
}

static void on_over(void *arg)
{
	(void)arg;
	overs++;
}

static void stream(void)
{
	struct bb_stream s = {
	    .content_type = "text/plain", .length = -1, .more = on_more, .over = on_over};
	cr_assert_eq(call_reply_stream(call, &s), 0);
	cr_assert_eq(call_reply_stream(call, &s), -EALREADY);
	call_resolve(reply, NULL);
	loop_run_until(front.loop, &(bool){false}, 1);
}

static void end_streaming(struct net_request *r)
{
	cr_expect_eq(overs, 1);
	cr_expect_eq(front.open, 0);
	loop_free(front.loop);
	buf_free(&r->sent);
	free(r->param);
	free(r->header);
}

Test(http, an_answer_goes_piece_by_piece_until_it_is_over)
{
	struct net_request r;
	begin(&r);
	stream();
	cr_assert(r.streamed);
	cr_expect_eq(front.open, 1, "the call's memory stays");
	http_room(&r);
	sink->send(sink, "hello", 5);
	http_room(&r);
	cr_expect_eq(mores, 2);
	sink->send(sink, NULL, 0);
	cr_expect_str_eq(r.sent.data, "hello");
	http_stream_over(&r);
	end_streaming(&r);
}

Test(http, an_answer_in_pieces_ends_when_the_server_stops)
{
	struct net_request r;
	begin(&r);
	stream();
	http_room(&r);
	http_end_streams(&front);
	cr_expect(r.cut);
	http_stream_over(&r);
	http_room(&r);
	cr_expect_eq(mores, 1);
	end_streaming(&r);
}

Test(http, an_answer_in_pieces_that_nobody_will_get_is_over)
{
	struct net_request r;
	begin(&r);
	struct bb_stream s = {
	    .content_type = "text/plain", .length = -1, .more = on_more, .over = on_over};
	cr_assert_eq(call_reply_stream(call, &s), 0);
	lose(&r);
	finish();
	cr_expect_eq(overs, 1);
	cr_expect_eq(mores, 0);
}

Test(http, an_answer_in_pieces_that_becomes_a_failure_is_over)
{
	struct net_request r;
	begin(&r);
	struct bb_stream s = {
	    .content_type = "text/plain", .length = -1, .more = on_more, .over = on_over};
	cr_assert_eq(call_reply_stream(call, &s), 0);
	call_reject(reply, "503", "no");
	loop_run_until(front.loop, &(bool){false}, 1);
	cr_expect_eq(r.status, 503);
	cr_expect_not(r.streamed);
	end_streaming(&r);
}
