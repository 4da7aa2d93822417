#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/stats.h"
#include "busbard/answers.h"
#include "busbard/exchange.h"
#include "busbard/export.h"
#include "busbard/kept.h"
#include "busbard/parameters.h"
#include "busbard/places.h"
#include "busbard/problem.h"
#include "json/json.h"

#define MAX_FAULTS 16u

static const int64_t duration_bounds[] = {1000,   5000,    20000,    100000,
					  500000, 2000000, 10000000, 30000000}; /* us */
static const struct bb_metric duration_metric = {
    "busbar_http_request_duration_seconds",
    "From a whole HTTP request to its answer, or the first bytes of it, by the route as declared.",
    BB_HISTOGRAM,
    1000000,
    "method route status",
    BB_BOUNDS(duration_bounds),
    .most = 1000};

/* A handler may go on with it when the connection has gone, and the request's memory with it. */
static const char *kept(struct exchange *x, const char *text)
{
	return text ? bb_strdup(x->arena, text) : NULL;
}

static const char *exchange_header(const struct bb_call *call, const char *name, void *arg)
{
	struct exchange *x = arg;
	(void)call;
	return x->request ? kept(x, net_header(x->request, name)) : kept_header(x, name);
}

static const char *exchange_param(const struct bb_call *call, const char *name, void *arg)
{
	struct exchange *x = arg;
	(void)call;
	if (!x->request)
		return kept_param(x, name);
	return kept(x, x->wants_csv ? export_param(x, name) : net_param(x->request, name));
}

static void take_headers(struct exchange *x, const struct call_header *first)
{
	size_t n = 0;
	for (const struct call_header *h = first; h; h = h->next)
		n++;
	x->response.headers = bb_alloc(x->out, (n + 1) * sizeof *x->response.headers);
	for (const struct call_header *h = first; h; h = h->next)
		x->response.headers[x->response.header_count++] = (struct net_header_line){
		    bb_strdup(x->out, h->name), bb_strdup(x->out, h->value)};
}

static void set_problem(struct exchange *x, int status, const char *detail,
			const struct bb_json *errors)
{
	x->response.status = status;
	x->response.type = "application/problem+json";
	x->response.body = problem_text(x->out, status, detail, errors, &x->response.len);
}

void exchange_add_header(struct exchange *x, const char *name, const char *value)
{
	size_t n = x->response.header_count;
	struct net_header_line *headers = bb_alloc(x->out, (n + 1) * sizeof *headers);
	if (n)
		memcpy(headers, x->response.headers, n * sizeof *headers);
	headers[n] = (struct net_header_line){name, value};
	x->response.headers = headers;
	x->response.header_count = n + 1;
}

static void set_success(struct exchange *x, struct bb_call *call, const struct call_answer *a)
{
	const char *fault = a->json && !x->wants_csv ? answer_fault_of(x, a->json) : NULL;
	if (fault) {
		set_problem(x, 500, fault, NULL);
		return;
	}
	x->response.status = a->status ? a->status : 200;
	if (x->wants_csv && export_begin(x, call, a))
		return;
	if (a->stream) {
		x->stream = a->stream;
		x->response.type = a->stream->content_type;
	} else if (a->content_type) {
		x->response.type = bb_strdup(x->out, a->content_type);
		x->response.body = bb_strndup(x->out, a->bytes, a->len);
		x->response.len = a->len;
	} else if (a->json && x->response.status != 204) {
		x->response.type = "application/json";
		x->response.body = json_text(x->out, a->json, &x->response.len);
	}
}

static void set_unrouted(struct exchange *x)
{
	if (!x->allowed) {
		set_problem(x, 404, "there is nothing at this path", NULL);
		return;
	}
	set_problem(x, 405, arena_printf(x->out, "this path takes %s", x->allowed), NULL);
	exchange_add_header(x, "Allow", bb_strdup(x->out, x->allowed));
}

/* A client may ask with any method and path: those of no route are "other". */
static void count(const struct exchange *x)
{
	static const char *const classes[] = {"1xx", "2xx", "3xx", "4xx", "5xx"};
	int class = x->response.status / 100;
	const char *labels[] = {x->route ? x->route->method : "other",
				x->route ? x->route->path : "other",
				class >= 1 && class <= 5 ? classes[class - 1] : "other"};
	stats_observe(stats_series(NULL, &duration_metric, labels), clock_mono_us() - x->came_us);
}

void http_counts(void)
{
	stats_know(&duration_metric, 1);
}

static void respond(struct exchange *x)
{
	if (!x->request)
		return;
	count(x);
	if (x->stream && x->response.status < 400) {
		stream_begin(x);
		return;
	}
	net_request_set_user(x->request, NULL);
	net_respond(x->request, x->response.status, x->response.type, x->response.headers,
		    x->response.header_count, x->response.body, x->response.len);
	x->request = NULL;
}

/* The response is kept until the observers have seen the request, and sent by on_finished(); but
 * after a time-out, whoever holds the call may not let it go for long. */
static void on_answered(struct bb_call *call, const struct call_answer *a, void *arg)
{
	struct exchange *x = arg;
	take_headers(x, a->headers);
	if (a->passed)
		set_unrouted(x);
	else if (a->code)
		set_problem(x, problem_status(a->code), a->text, a->errors);
	else
		set_success(x, call, a);
	if (x->response.status == 504)
		respond(x);
}

void exchange_end(struct exchange *x)
{
	x->front->open--;
	*x->back = x->next;
	if (x->next)
		x->next->back = x->back;
	arena_free(x->out);
	arena_free(x->arena);
}

static void on_finished(void *arg)
{
	struct exchange *x = arg;
	x->call = NULL;
	respond(x);
	if (!x->streaming) {
		stream_drop(x);
		exchange_end(x);
	}
}

static const struct bb_json *refuse(struct exchange *x, const char *status, const char *detail)
{
	x->fault.status = status;
	x->fault.detail = detail;
	return NULL;
}

/* What a body is that is no JSON, if the request says something else of it. curl's own word for a
 * body says nothing. */
static const char *otherwise(const struct exchange *x)
{
	const char *type = net_header(x->request, "content-type");
	const char *coding = net_header(x->request, "content-encoding");
	if (coding && *coding)
		return arena_printf(x->arena, "; its Content-Encoding is %.64s, and none is taken",
				    coding);
	if (!type || strstr(type, "json") || !strcmp(type, "application/x-www-form-urlencoded"))
		return "";
	return arena_printf(x->arena, "; its Content-Type is %.64s, and JSON is wanted", type);
}

/* The body as a value, checked against the route's schema. None at all is {}, where that will do.
 */
static const struct bb_json *read_body(struct exchange *x)
{
	if (!x->route->body || x->fault.status)
		return NULL;
	bool given = x->http.body_len > 0;
	const struct bb_json *v = bb_json_empty(x->arena);
	struct json_fault fault;
	if (given && json_parse(x->arena, x->http.body, x->http.body_len, &v, &fault))
		return refuse(x, "400",
			      arena_printf(x->arena, "the body %s%s", fault.reason, otherwise(x)));
	const struct schema *schema = schema_find(x->front->schemas, x->route->body);
	struct schema_fault faults[MAX_FAULTS];
	size_t count = 0;
	if (schema && schema_validate(schema, v, x->arena, faults, MAX_FAULTS, &count))
		return v;
	if (!given)
		return refuse(x, "400", "the request needs a JSON body");
	x->fault.errors = schema_faults_json(x->arena, faults, count);
	return refuse(x, "422", "the body breaks its schema");
}

static int answer_fault(struct bb_call *call, void *self)
{
	(void)self; /* the replaced owner's; ours is around the bb_http that the call carries */
	const struct exchange *x = (const struct exchange *)((const char *)call_http(call) -
							     offsetof(struct exchange, http));
	if (x->fault.errors)
		call_set_errors(call, x->fault.errors);
	call_fail(call, x->fault.status, "%s", x->fault.detail);
	return BB_DONE;
}

/* The same chain with the owner replaced, so that guards and observers see such a request as well.
 */
static const struct chain *chain_for_fault(struct exchange *x, const struct chain *chain)
{
	struct handler *handlers = bb_alloc(x->arena, chain->count * sizeof *handlers);
	struct chain *own = bb_alloc(x->arena, sizeof *own);
	memcpy(handlers, chain->handlers, chain->count * sizeof *handlers);
	for (size_t i = 0; i < chain->count; i++)
		if (handlers[i].phase == BB_OWNER)
			handlers[i].fn = answer_fault;
	*own = (struct chain){handlers, chain->count, chain->name};
	return own;
}

/* Handlers may outlive the connection, so what they see is a copy. */
static void copy_http(struct exchange *x)
{
	const struct bb_http *h = net_http(x->request);
	x->http = *h;
	x->http.method = bb_strdup(x->arena, h->method);
	x->http.path = bb_strdup(x->arena, h->path);
	x->http.remote = bb_strdup(x->arena, h->remote);
	x->http.body = bb_strndup(x->arena, h->body ? h->body : "", h->body_len);
	if (x->route) {
		x->http.route = x->route->path;
		x->http.scope = x->route->scope;
	}
}

/* Who sends one must not change what somebody else has changed before, and so is not let by where
 * there is no version to compare it with. */
static bool has_vain_match(const struct exchange *x)
{
	bool is_change = !strcmp(x->http.method, "PUT") || !strcmp(x->http.method, "DELETE");
	const char *match = net_header(x->request, "if-match");
	return is_change && match && strcmp(match, "*") != 0 &&
	       !(x->route->flags & (BB_HEEDS_IF_MATCH | BB_STREAM_BODY));
}

static void exchange_add(struct http_front *front, struct exchange *x)
{
	front->open++;
	x->next = front->first;
	x->back = &front->first;
	if (x->next)
		x->next->back = &x->next;
	front->first = x;
}

void http_request(struct http_front *front, struct net_request *request)
{
	struct bb_arena *arena = arena_new(4096);
	struct exchange *x = bb_zalloc(arena, sizeof *x);
	x->front = front;
	x->request = request;
	x->arena = arena;
	x->out = arena_new(4096);
	x->came_us = clock_mono_us();
	exchange_add(front, x);
	const struct bb_http *h = net_http(request);
	const char *const *params = NULL;
	const struct chain *chain =
	    host_route(front->host, arena, h->method, h->path, &params, &x->route, &x->allowed);
	if (!chain) {
		set_unrouted(x);
		on_finished(x);
		return;
	}
	copy_http(x);
	kept_take(x);
	x->chain = chain;
	if (x->route) {
		const char *detail = parameters_fault(x, params, &x->fault.errors);
		if (detail)
			refuse(x, "400", detail);
		else if (has_vain_match(x))
			refuse(x, "412", "no If-Match is heeded here");
		params = places_fill(x, params);
		x->wants_csv = export_is_wanted(x);
	}
	const struct bb_json *body = x->route ? read_body(x) : NULL;
	struct call_spec spec = {
	    .loop = front->loop,
	    .chain = x->fault.status ? chain_for_fault(x, chain) : chain,
	    .arena = arena,
	    .payload = body,
	    .http = &x->http,
	    .attrs = x->wants_csv ? export_attrs(x, params) : params,
	    .header = exchange_header,
	    .param = exchange_param,
	    .body_next = body_is_pulled(x) ? pull_body : NULL,
	    .body_length = pull_length,
	    .default_ms = front->handler_ms,
	    .answered = on_answered,
	    .finished = on_finished,
	    .arg = x,
	};
	net_request_set_user(request, x);
	struct bb_call *call = call_start(&spec);
	if (call)
		x->call = call;
}

int64_t http_streams(const struct http_front *front, const struct net_request *request)
{
	const struct bb_http *h = net_http(request);
	const struct bb_route *r = host_route_of(front->host, h->method, h->path);
	if (!r || !(r->flags & BB_STREAM_BODY))
		return -1;
	return r->max_body ? r->max_body : INT64_MAX;
}

void http_request_gone(struct net_request *request)
{
	struct exchange *x = net_request_user(request);
	if (!x)
		return;
	x->request = NULL;
	pull_failed(x, -ECONNRESET);
	/* A change that has begun is finished, and seen by the observers. */
	if (!strcmp(x->http.method, "GET") || !strcmp(x->http.method, "HEAD"))
		call_abandon(x->call);
}
