#include "busbard/export.h"

#include <stdlib.h>
#include <string.h>

#include <busbar/callers.h>

#include "base/arena.h"
#include "busbard/csv.h"

#define PAGE "500" /* BB_PAGE_MOST of <busbar/rest.h> */
#define TYPE "text/csv; charset=utf-8; header=present"

/* One list on its way. Lives until the stream is over and no page of it is at work. */
struct export
{
	struct http_front *front;
	struct net_request *request; /* NULL once the stream is over */
	struct bb_arena *arena;
	struct bb_http http;
	struct bb_stream stream;
	struct csv csv;
	const struct bb_callers *callers; /* NULL: nobody can say whether a caller still may */
	const struct bb_caller *caller;
	bool checking;      /* that is being asked */
	struct chain chain; /* the route's owner alone: the guards have let the request through */
	const char *const *attrs;
	struct bb_sink *wanted; /* the client has taken the last piece */
	struct buf text;        /* the next one */
	char *cursor;           /* of the page after it; NULL: there is none */
	struct bb_arena *page;  /* of the page at work, NULL: none is */
	struct bb_call *call;
};

static const struct bb_json *list_schema(const struct exchange *x)
{
	const char *name = x->route ? x->route->answer : NULL;
	const struct schema *s = name ? schema_find(x->front->schemas, name) : NULL;
	const struct bb_json *document = s ? schema_document(s) : NULL;
	return schema_list_item(document) && !strcmp(x->route->method, "GET") ? document : NULL;
}

bool export_is_offered(const struct exchange *x)
{
	return list_schema(x) != NULL;
}

bool export_is_wanted(struct exchange *x)
{
	const char *format = net_param(x->request, "format");
	if (!export_is_offered(x))
		return false;
	if (!format)
		return csv_is_accepted(net_header(x->request, "accept"));
	return !strcmp(format, "csv");
}

const char *const *export_attrs(struct exchange *x, const char *const *params)
{
	size_t n = 0;
	while (params && params[n])
		n += 2;
	const char **attrs = bb_zalloc(x->arena, (n + 3) * sizeof *attrs);
	if (n)
		memcpy(attrs, params, n * sizeof *attrs);
	attrs[n] = "items_only";
	attrs[n + 1] = "yes";
	return attrs;
}

const char *export_param(const struct exchange *x, const char *name)
{
	const char *given = net_param(x->request, name);
	return !given && !strcmp(name, "limit") ? PAGE : given;
}

static void take_page(struct export *e, const struct bb_json *list)
{
	const struct bb_json *items = bb_json_get(list, "items");
	const char *next = bb_json_get_str(list, "next_cursor", NULL);
	for (uint32_t i = 0; i < bb_json_count(items); i++)
		csv_write_row(&e->text, &e->csv, bb_json_at(items, i));
	free(e->cursor);
	e->cursor = next ? mem_strdup(next) : NULL;
}

static void end(struct export *e)
{
	buf_free(&e->text);
	free(e->cursor);
	arena_free(e->arena);
}

static void cut(struct export *e)
{
	struct bb_sink *to = e->wanted;
	e->wanted = NULL;
	if (to)
		to->cut(to);
}

static const char *page_param(const struct bb_call *call, const char *name, void *arg)
{
	const struct export *e = arg;
	(void)call;
	const char *text = e->request ? net_param(e->request, name) : NULL;
	if (!strcmp(name, "limit"))
		text = PAGE;
	else if (!strcmp(name, "cursor"))
		text = e->cursor;
	return text ? bb_strdup(e->page, text) : NULL;
}

/* A client whose list breaks off sees that it is not whole: its connection ends without the last
 * chunk. */
static void on_page(struct bb_call *call, const struct call_answer *a, void *arg)
{
	struct export *e = arg;
	(void)call;
	if (a->passed || a->code || !bb_json_get(a->json, "items"))
		cut(e);
	else if (e->request)
		take_page(e, a->json);
}

static void go_on(struct export *e);

static void on_page_finished(void *arg)
{
	struct export *e = arg;
	e->page = arena_free(e->page);
	e->call = NULL;
	if (e->request)
		go_on(e);
	else
		end(e);
}

static void ask_page(struct export *e)
{
	e->page = arena_new(64 << 10);
	struct call_spec spec = {
	    .loop = e->front->loop,
	    .chain = &e->chain,
	    .arena = e->page,
	    .http = &e->http,
	    .attrs = e->attrs,
	    .param = page_param,
	    .default_ms = e->front->handler_ms,
	    .answered = on_page,
	    .finished = on_page_finished,
	    .arg = e,
	};
	struct bb_call *call = call_start(&spec);
	if (call)
		e->call = call;
}

/* A caller who may no more gets no further page. */
static void on_checked(int err, void *arg)
{
	struct export *e = arg;
	e->checking = false;
	if (!e->request)
		end(e);
	else if (err)
		cut(e);
	else
		ask_page(e);
}

static void check_caller(struct export *e)
{
	e->checking = true;
	if (e->callers)
		e->callers->still(e->caller, on_checked, e);
	else
		on_checked(0, e);
}

/* What is sent may end the export before send() returns. */
static void go_on(struct export *e)
{
	struct bb_sink *to = e->wanted;
	if (!to)
		return;
	if (!e->text.len && e->cursor) {
		check_caller(e);
		return;
	}
	struct buf piece = e->text;
	e->wanted = NULL;
	e->text = (struct buf){0};
	to->send(to, piece.data, piece.len);
	buf_free(&piece);
}

static void on_more(struct bb_sink *to, void *arg)
{
	struct export *e = arg;
	e->wanted = to;
	go_on(e);
}

static void on_over(void *arg)
{
	struct export *e = arg;
	e->request = NULL;
	e->wanted = NULL;
	if (!e->page && !e->checking)
		end(e);
	else if (e->call)
		call_abandon(e->call);
}

static struct chain owner_of(struct bb_arena *a, const struct chain *chain)
{
	struct handler *owner = bb_zalloc(a, sizeof *owner);
	for (size_t i = 0; i < chain->count; i++)
		if (chain->handlers[i].phase == BB_OWNER)
			*owner = chain->handlers[i];
	return (struct chain){owner, 1, bb_strdup(a, chain->name ? chain->name : "an export")};
}

static struct bb_http http_copy(struct bb_arena *a, const struct bb_http *from)
{
	struct bb_http h = *from;
	h.method = bb_strdup(a, h.method);
	h.path = bb_strdup(a, h.path);
	h.remote = bb_strdup(a, h.remote);
	h.body = "";
	h.body_len = 0;
	return h;
}

/* The last part of the path that is no parameter. */
static const char *file_name(struct bb_arena *a, const char *path)
{
	const char *name = "list";
	size_t len = 4;
	for (const char *at = path; *at;) {
		at += strspn(at, "/");
		size_t n = strcspn(at, "/");
		if (n && *at != '{') {
			name = at;
			len = n;
		}
		at += n;
	}
	return arena_printf(a, "attachment; filename=\"%.*s.csv\"", (int)len, name);
}

bool export_begin(struct exchange *x, struct bb_call *call, const struct call_answer *a)
{
	if (!x->request || !bb_json_get(a->json, "items"))
		return false;
	struct bb_arena *arena = arena_new(4096);
	struct export *e = bb_zalloc(arena, sizeof *e);
	*e = (struct export){
	    .front = x->front,
	    .request = x->request,
	    .arena = arena,
	    .http = http_copy(arena, &x->http),
	    .stream = {TYPE, -1, on_more, on_over, e},
	    .csv = csv_of(arena, list_schema(x)),
	    .chain = owner_of(arena, x->chain),
	    .attrs = call_attrs(call, arena),
	};
	if (strcmp(x->route->scope, "public") != 0)
		e->callers =
		    host_service(x->front->host, "busbard", "callers/1", sizeof *e->callers);
	if (e->callers)
		e->caller = e->callers->of(call, arena);
	csv_write_header(&e->text, &e->csv);
	take_page(e, a->json);
	if (net_param(x->request, "limit")) {
		free(e->cursor);
		e->cursor = NULL;
	}
	x->stream = &e->stream;
	x->response.type = e->stream.content_type;
	exchange_add_header(x, "Content-Disposition", file_name(x->out, x->route->path));
	return true;
}
