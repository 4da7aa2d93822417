/* A list that goes out as CSV page by page, and what ends it. */
#include "busbard/stage.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "json/json.h"

static struct bb_arena *pages;

static void turn(void)
{
	loop_run_until(front.loop, &(bool){false}, 1);
}

/* The handler at work answers with one key, and says where the next page is. */
static void answer_page(const char *name, const char *next)
{
	struct bb_builder key = bb_build(pages), items = bb_build(pages), page = bb_build(pages);
	bb_put_str(&key, "name", name);
	bb_push(&items, *bb_build_object(&key));
	bb_put_json(&page, "items", bb_build_array(&items));
	bb_put_str(&page, "next_cursor", next);
	call_resolve(reply, bb_build_object(&page));
	turn();
}

/* An export whose first page has been sent; there is room for the second one. */
static void begin_list(struct net_request *r)
{
	char *error = NULL;
	struct schema_set *schemas = NULL;
	cr_assert_eq(schema_load(BUSBAR_ROOT "/schemas", &schemas, &error), 0, "%s", error);
	front = (struct http_front){.loop = loop_new(), .schemas = schemas, .handler_ms = 10000};
	pages = arena_new(0);
	*r = (struct net_request){.http = {.method = "GET", .path = "/keys/7", .remote = "::1"}};
	http_request(&front, r);
	answer_page("first", "c1");
	cr_assert(r->streamed);
	http_room(r);
	cr_assert(strstr(r->sent.data, "first"));
	call = NULL;
	http_room(r);
}

/* The handler is asked for the second one. */
static void begin_export(struct net_request *r)
{
	begin_list(r);
	cr_expect_str_eq(call_param(call, "cursor"), "c1");
	cr_expect_str_eq(call_param(call, "limit"), "500");
	cr_expect_str_eq(call_attr(call, "id"), "7");
	cr_expect_str_eq(call_attr(call, "operator_id"), "alpha");
	cr_expect_eq(guarded, 1, "who was let in is not asked again");
}

static void end_export(struct net_request *r)
{
	cr_expect_eq(front.open, 0);
	loop_free(front.loop);
	schema_free((struct schema_set *)front.schemas);
	arena_free(pages);
	buf_free(&r->sent);
}

Test(export, a_list_goes_as_csv_page_by_page)
{
	struct net_request r;
	begin_export(&r);
	answer_page("second", NULL);
	size_t len = r.sent.len;
	cr_expect(strstr(r.sent.data, "second"));
	http_room(&r);
	cr_expect_eq(r.sent.len, len, "the end is a piece without bytes");
	cr_expect_not(r.cut);
	http_stream_over(&r);
	end_export(&r);
}

Test(export, a_list_of_which_a_page_fails_is_cut)
{
	struct net_request r;
	begin_export(&r);
	call_reject(reply, "503", "storage is away");
	turn();
	cr_expect(r.cut);
	http_stream_over(&r);
	end_export(&r);
}

Test(export, a_client_that_goes_during_a_page_leaves_nothing)
{
	struct net_request r;
	begin_export(&r);
	size_t len = r.sent.len;
	http_stream_over(&r);
	cr_expect_null(call_param(call, "cursor_of_nobody"));
	answer_page("second", "c2");
	cr_expect_eq(r.sent.len, len);
	end_export(&r);
}

/* The caller is asked about before the second page. */
static void begin_checked(struct net_request *r)
{
	still.here = true;
	begin_list(r);
	cr_assert_not_null(still.fn);
	cr_expect_null(call, "no page before that is known");
}

Test(export, a_list_goes_on_for_who_still_may)
{
	struct net_request r;
	begin_checked(&r);
	still.fn(0, still.arg);
	cr_assert_not_null(call);
	answer_page("second", NULL);
	cr_expect(strstr(r.sent.data, "second"));
	http_stream_over(&r);
	end_export(&r);
}

Test(export, a_list_of_who_may_no_more_is_cut)
{
	struct net_request r;
	begin_checked(&r);
	still.fn(-EACCES, still.arg);
	cr_expect(r.cut);
	cr_expect_null(call);
	http_stream_over(&r);
	end_export(&r);
}

Test(export, a_client_that_goes_while_it_is_asked_about_leaves_nothing)
{
	struct net_request r;
	begin_checked(&r);
	http_stream_over(&r);
	still.fn(0, still.arg);
	cr_expect_null(call);
	end_export(&r);
}
