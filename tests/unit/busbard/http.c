/* What handlers may rely on when the client has gone. */
#include "busbard/http.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <busbar/callers.h>

#include "base/arena.h"
#include "base/buf.h"
#include "busbard/places.h"
#include "plugin/instance.h"
#include "json/json.h"

/* The request as net would have it: its texts go with it. */
struct net_request {
	struct bb_http http;
	char *param, *header;
	const char *const *query; /* names and values of more parameters */
	void *user;
	int status;
	uint32_t asked;  /* pieces of its body */
	struct buf sent; /* of an answer in pieces */
	bool streamed, cut;
};

static struct http_front front;
static struct bb plugin = {.name = "test"};
static const struct bb_route route = {.method = "PUT",
				      .path = "/x",
				      .summary = "a test",
				      .query = "operator_id",
				      .flags = BB_STREAM_BODY,
				      .max_body = 7};
static const struct bb_route list_route = {.method = "GET",
					   .path = "/keys/{id}",
					   .scope = "admin",
					   .summary = "a list",
					   .answer = "rest/key_list",
					   .query = "limit cursor"};

/* What the handler at work keeps. */
static struct bb_call *call;
static struct bb_reply *reply;
static const char *param, *header;

const struct bb_http *net_http(const struct net_request *r)
{
	return &r->http;
}

const char *net_header(const struct net_request *r, const char *name)
{
	(void)name;
	return r->header;
}

const char *net_param(const struct net_request *r, const char *name)
{
	if (!strcmp(r->http.method, "GET") && !strcmp(name, "format"))
		return "csv";
	for (const char *const *q = r->query; q && *q; q += 2)
		if (!strcmp(*q, name))
			return q[1];
	return !strcmp(name, "action") ? r->param : NULL;
}

const char *net_param_name(const struct net_request *r, size_t i)
{
	for (const char *const *q = r->query; q && *q; q += 2)
		if (!i--)
			return *q;
	return NULL;
}

void net_request_set_user(struct net_request *r, void *user)
{
	r->user = user;
}

void *net_request_user(const struct net_request *r)
{
	return r->user;
}

const char *net_status_text(int status)
{
	(void)status;
	return "";
}

void net_respond(struct net_request *r, int status, const char *content_type,
		 const struct net_header_line *headers, size_t header_count, const void *body,
		 size_t len)
{
	(void)content_type;
	(void)headers;
	(void)header_count;
	(void)body;
	(void)len;
	r->status = status;
}

void net_body_next(struct net_request *r)
{
	r->asked++;
}

int64_t net_body_length(const struct net_request *r)
{
	(void)r;
	return 5;
}

void net_respond_stream(struct net_request *r, int status, const char *content_type,
			const struct net_header_line *headers, size_t header_count, int64_t length)
{
	(void)headers;
	(void)header_count;
	cr_expect(!strncmp(content_type, "text/", 5));
	cr_expect_eq(length, -1);
	r->status = status;
	r->streamed = true;
}

void net_stream_send(struct net_request *r, const void *bytes, size_t len)
{
	buf_add(&r->sent, bytes, len);
}

void net_stream_cut(struct net_request *r)
{
	r->cut = true;
}

const struct bb_route *host_route_of(struct host *h, const char *method, const char *path)
{
	(void)h;
	(void)path;
	return strcmp(method, "PUT") ? NULL : &route;
}

/* Whether the caller of an export still may: asked, and answered when the test says so. */
static struct {
	bool here;
	bb_caller_fn *fn;
	void *arg;
} still;

static const struct bb_caller *caller_of(struct bb_call *c, struct bb_arena *a)
{
	cr_expect_str_eq(call_attr(c, "operator_id"), "alpha");
	return bb_zalloc(a, 1);
}

static void ask_still(const struct bb_caller *c, bb_caller_fn *fn, void *arg)
{
	cr_expect_not_null(c);
	still.fn = fn;
	still.arg = arg;
}

/* As of a list that has one filter. */
const struct schema *host_parameters(struct host *h, const struct bb_route *r)
{
	static const char text[] =
	    "{\"type\": \"object\", \"properties\": {\"limit\": {\"type\": \"integer\","
	    " \"minimum\": 1, \"maximum\": 500}, \"cursor\": {\"type\": \"string\"},"
	    " \"operator_id\": {\"type\": \"string\"},"
	    " \"format\": {\"type\": \"string\", \"enum\": [\"json\", \"csv\"]}}}";
	static struct bb_arena *arena;
	static const struct schema *made;
	const struct bb_json *document;
	char *error;
	(void)h;
	(void)r;
	if (!made) {
		arena = arena_new(0);
		cr_assert_eq(json_parse(arena, text, sizeof text - 1, &document, NULL), 0);
		cr_assert_eq(schema_make(arena, "a list", document, &made, &error), 0);
	}
	return made;
}

const void *host_service(struct host *h, const char *asker, const char *name, uint32_t min_size)
{
	static const struct bb_callers callers = {sizeof callers, caller_of, NULL, ask_still};
	(void)h;
	(void)asker;
	(void)min_size;
	cr_expect_str_eq(name, "callers/1");
	return still.here ? &callers : NULL;
}

static int wait(struct bb_call *c, void *self)
{
	(void)self;
	call = c;
	param = call_param(c, "action");
	header = call_header(c, "if-match");
	reply = call_defer(c, 0, NULL, NULL);
	return BB_LATER;
}

static uint32_t guarded;

static int guard(struct bb_call *c, void *self)
{
	(void)self;
	guarded++;
	call_set_attr(c, "operator_id", "alpha");
	return BB_PASS;
}

const struct chain *host_route(struct host *h, struct bb_arena *a, const char *method,
			       const char *path, const char *const **ret_params,
			       const struct bb_route **ret_route, const char **ret_allowed)
{
	static const struct handler handlers[] = {{&plugin, BB_OWNER, 0, wait, &route}};
	static const struct chain chain = {handlers, 1, "route PUT /x"};
	static const struct handler listers[] = {{&plugin, BB_GUARD, 0, guard, NULL},
						 {&plugin, BB_OWNER, 0, wait, &list_route}};
	static const struct chain listing = {listers, 2, "route GET /keys/{id}"};
	static const char *const params[] = {"id", "7", NULL};
	(void)h;
	(void)a;
	(void)path;
	(void)ret_allowed;
	if (!strcmp(method, "GET")) {
		*ret_params = params;
		*ret_route = &list_route;
		return &listing;
	}
	*ret_route = &route;
	return &chain;
}

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

Test(http, a_list_goes_as_csv_page_by_page)
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

Test(http, a_list_of_which_a_page_fails_is_cut)
{
	struct net_request r;
	begin_export(&r);
	call_reject(reply, "503", "storage is away");
	turn();
	cr_expect(r.cut);
	http_stream_over(&r);
	end_export(&r);
}

Test(http, a_client_that_goes_during_a_page_leaves_nothing)
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

Test(http, a_list_goes_on_for_who_still_may)
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

Test(http, a_list_of_who_may_no_more_is_cut)
{
	struct net_request r;
	begin_checked(&r);
	still.fn(-EACCES, still.arg);
	cr_expect(r.cut);
	cr_expect_null(call);
	http_stream_over(&r);
	end_export(&r);
}

Test(http, a_client_that_goes_while_it_is_asked_about_leaves_nothing)
{
	struct net_request r;
	begin_checked(&r);
	http_stream_over(&r);
	still.fn(0, still.arg);
	cr_expect_null(call);
	end_export(&r);
}

/* "a/b /tokens/a/b", what the first parameter is and the path, or the fault. */
static const char *placed(const char *path, const char *part, const char *const *query)
{
	static char text[256];
	struct net_request r = {.http = {.method = "PUT"}, .query = query};
	struct exchange x = {.request = &r, .arena = arena_new(0), .http = {.path = path}};
	const char *const params[] = {"id_tag", part, NULL};
	const char *fault = places_fault(&x, params);
	const char *const *filled = places_fill(&x, params);
	cr_expect_str_eq(filled[0], "id_tag");
	cr_expect_null(filled[2]);
	snprintf(text, sizeof text, "%s %s", fault ? fault : filled[1], x.http.path);
	arena_free(x.arena);
	return text;
}

Test(http, a_part_of_a_path_in_braces_stands_for_a_query_parameter)
{
	static const char *const id[] = {"limit", "5", "id", "../a/b", NULL};
	static const char *const empty[] = {"id", "", NULL};
	static const char *const twice[] = {"id", "a", "id", "b", NULL};
	static const char *const own[] = {"id", "{id}", NULL};
	cr_expect_str_eq(placed("/t/{id}", "{id}", id), "../a/b /t/../a/b");
	cr_expect_str_eq(placed("/t/{id}/x", "{id}", id), "../a/b /t/../a/b/x");
	cr_expect_str_eq(placed("/{id}s/{id}", "{id}", id), "../a/b /{id}s/../a/b");
	cr_expect_str_eq(placed("/t/{id}", "{id}", own), "{id} /t/{id}");
	/* Ids of their own. */
	cr_expect_str_eq(placed("/t/{id}", "{id}", NULL), "{id} /t/{id}");
	cr_expect_str_eq(placed("/t/{ix}", "{ix}", id), "{ix} /t/{ix}");
	cr_expect_str_eq(placed("/t/{}", "{}", id), "{} /t/{}");
	cr_expect_str_eq(placed("/t/{id", "{id", id), "{id /t/{id");
	cr_expect_str_eq(placed("/t/id", "id", id), "id /t/id");
	cr_expect(strstr(placed("/t/{id}", "{id}", empty), "not empty"));
	cr_expect(strstr(placed("/t/{id}", "{id}", twice), "comes once"));
	const char *const params[] = {"id_tag", "{id}", NULL};
	cr_expect(places_have(params, "id"));
	cr_expect_not(places_have(params, "id_tag"));
	cr_expect_not(places_have(params, "i"));
	cr_expect_not(places_have(NULL, "id"));
}
