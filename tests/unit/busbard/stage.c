#include "busbard/stage.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "plugin/instance.h"
#include "json/json.h"

struct http_front front;
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

struct bb_call *call;
struct bb_reply *reply;
const char *param, *header;

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

struct still still;

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

uint32_t guarded;

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
