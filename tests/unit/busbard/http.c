/* What handlers may rely on when the client has gone. */
#include "busbard/http.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "plugin/instance.h"

/* The request as net would have it: its texts go with it. */
struct net_request {
	struct bb_http http;
	char *param, *header;
	void *user;
	int status;
};

static struct http_front front;
static struct bb plugin = {.name = "test"};
static const struct bb_route route = {.method = "PUT", .path = "/x", .summary = "a test"};

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
	return !strcmp(name, "action") ? r->param : NULL;
}

const char *net_param_name(const struct net_request *r, size_t i)
{
	(void)r;
	(void)i;
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

static int wait(struct bb_call *c, void *self)
{
	(void)self;
	call = c;
	param = call_param(c, "action");
	header = call_header(c, "if-match");
	reply = call_defer(c, 0, NULL, NULL);
	return BB_LATER;
}

const struct chain *host_route(struct host *h, struct bb_arena *a, const char *method,
			       const char *path, const char *const **ret_params,
			       const struct bb_route **ret_route, const char **ret_allowed)
{
	static const struct handler handlers[] = {{&plugin, BB_OWNER, 0, wait, &route}};
	static const struct chain chain = {handlers, 1, "route PUT /x"};
	(void)h;
	(void)a;
	(void)method;
	(void)path;
	(void)ret_params;
	(void)ret_allowed;
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

Test(http, a_client_that_has_gone_has_no_parameters_left)
{
	struct net_request r;
	begin(&r);
	lose(&r);
	cr_expect_null(call_param(call, "action"));
	cr_expect_null(call_header(call, "if-match"));
	finish();
	cr_expect_eq(r.status, 0, "nothing is sent");
}
