/* What REST handlers of every plugin share: rows as JSON, filters and pages of a list, and routes
 * that are answered when storage has. Inline, over the api that init() got. */
#ifndef BUSBAR_REST_H
#define BUSBAR_REST_H
#include <errno.h>
#include <stdlib.h>

#include <busbar/init.h>
#include <busbar/url.h>

#define BB_PAGE_DEFAULT 50
#define BB_PAGE_MOST 500

/* The cookie of who has signed in with a browser: `users` sets it, /openapi.json names it. */
#define BB_SESSION_COOKIE "__Host-busbar"

/* Does a request by this method change nothing? [any] */
static inline bool bb_is_reading(const char *method)
{
	return !strcmp(method, "GET") || !strcmp(method, "HEAD") || !strcmp(method, "OPTIONS");
}

/* A time and the present one as storage takes them. */
static inline struct bb_val bb_time(const struct bb_api *api, struct bb_arena *a, int64_t ms)
{
	return bb_text(api->time_format(a, ms));
}

static inline struct bb_val bb_now(const struct bb_api *api, struct bb_arena *a)
{
	return bb_time(api, a, api->now_ms());
}

/* api->read() and api->commit() whose fn is told in any case, of what they return as well: then it
 * runs before these return. [loop] */
static inline void bb_read(const struct bb_api *api, struct bb *me, const struct bb_query *q,
			   uint32_t n, const struct bb_val *v, bb_rows_fn *fn, void *arg)
{
	int err = api->read(me, q, n, v, fn, arg);
	if (err < 0)
		fn(err, NULL, arg);
}

static inline void bb_commit(const struct bb_api *api, struct bb_unit *unit, bb_rows_fn *fn,
			     void *arg)
{
	int err = api->commit(unit, fn, arg);
	if (err < 0)
		fn(err, NULL, arg);
}

/* One cell as JSON; texts are copied. */
static inline struct bb_json bb_cell_json(struct bb_arena *a, const struct bb_val *v)
{
	switch (v->type) {
	case BB_I64:
		return bb_json_make_int(v->i);
	case BB_F64:
		return bb_json_make_real(v->f);
	case BB_TEXT:
		return bb_json_make_str(bb_strndup(a, v->s, v->len));
	default:
		return bb_json_make_null();
	}
}

/* A text cell that holds JSON, as a value; what does not parse stays a text. */
static inline struct bb_json bb_cell_parsed(const struct bb_api *api, struct bb_arena *a,
					    const struct bb_val *cell)
{
	const struct bb_json *v;
	if (cell->type != BB_TEXT || api->json_parse(a, cell->s, cell->len, &v, NULL))
		return bb_cell_json(a, cell);
	return *v;
}

/* Puts one cell into an object under construction, named as its column is. A column `location` is
 * a URL: what it has of users and passwords is not shown. */
static inline void bb_put_column(struct bb_builder *b, const struct bb_rows *r, uint32_t row,
				 uint32_t c)
{
	const struct bb_val *v = bb_cell(r, row, c);
	struct bb_json value = bb_cell_json(b->arena, v);
	if (v->type == BB_TEXT && !strcmp(r->names[c], "location"))
		value = bb_json_make_str(bb_url_shown(b->arena, value.s));
	bb_put(b, bb_strdup(b->arena, r->names[c]), value);
}

/* Those from column `from` on. */
static inline void bb_put_row(struct bb_builder *b, const struct bb_rows *r, uint32_t row,
			      uint32_t from)
{
	for (uint32_t c = from; c < r->columns; c++)
		bb_put_column(b, r, row, c);
}

/* {"amount_minor": 1234, "currency": "EUR"}, or null where either is missing. */
static inline struct bb_json bb_money_json(struct bb_arena *a, const struct bb_val *minor,
					   const struct bb_val *currency)
{
	if (minor->type != BB_I64 || currency->type != BB_TEXT)
		return bb_json_make_null();
	struct bb_builder b = bb_build(a);
	bb_put_int(&b, "amount_minor", minor->i);
	bb_put(&b, "currency", bb_cell_json(a, currency));
	return *bb_build_object(&b);
}

/* An integer in decimal digits, all of the text. */
static inline bool bb_parse_int(const char *text, int64_t *ret)
{
	if (!text || !*text)
		return false;
	char *end;
	errno = 0;
	long long v = strtoll(text, &end, 10);
	if (*end || errno)
		return false;
	*ret = v;
	return true;
}

/* The `limit` parameter: 50 if absent, 1 to 500; -1 if it is not such a number (answer 400). Fetch
 * one row more than this, so that bb_page() knows whether there are more. */
static inline int64_t bb_page_limit(const struct bb_api *api, const struct bb_call *call)
{
	const char *text = api->param(call, "limit");
	int64_t v = BB_PAGE_DEFAULT;
	return (text && !bb_parse_int(text, &v)) || v < 1 || v > BB_PAGE_MOST ? -1 : v;
}

/* A filter of a list: a query parameter that becomes a parameter of the query, NULL if absent.
 * Times are handed on as storage writes them, true and false as 1 and 0. */
enum { BB_BY_TEXT, BB_BY_INT, BB_BY_TIME, BB_BY_BOOL };
struct bb_filter {
	const char *name;
	uint32_t type;
	bool (*fits)(const char *); /* of a text: false, and it is malformed; NULL: any will do */
};

/* For a cursor that is an id of ours: as new_id() makes them. */
static inline bool bb_is_id(const char *text)
{
	enum { SIGNS = 26 };
	return strspn(text, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == SIGNS && !text[SIGNS];
}

/* Line breaks and the like, which no name needs and no header may have. */
static inline bool bb_has_controls(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return true;
	return false;
}

/* For one that is a name which others gave, or made of such: it has something in it, and nothing
 * that cannot be seen. */
static inline bool bb_is_name(const char *text)
{
	return *text && !bb_has_controls(text);
}

/* One filter into `ret`; false if it is malformed. */
static inline bool bb_filter_read(const struct bb_api *api, struct bb_call *call,
				  const struct bb_filter *f, struct bb_val *ret)
{
	const char *text = api->param(call, f->name);
	int64_t v;
	if (!text) {
		*ret = bb_null();
	} else if (f->type == BB_BY_TEXT) {
		if (f->fits && !f->fits(text))
			return false;
		*ret = bb_text(text);
	} else if (f->type == BB_BY_BOOL) {
		*ret = bb_i64(!strcmp(text, "true"));
	} else if (f->type == BB_BY_INT) {
		if (!bb_parse_int(text, &v))
			return false;
		*ret = bb_i64(v);
	} else {
		if (api->time_parse(text, strlen(text), &v))
			return false;
		*ret = bb_time(api, api->arena(call), v);
	}
	return true;
}

/* Answers 400: the query parameter breaks the rule, "is no next_cursor of this list". */
static inline void bb_query_fault(const struct bb_api *api, struct bb_call *call, const char *name,
				  const char *rule)
{
	api->set_errors(call, bb_json_fault(api->arena(call), name, rule));
	api->fail(call, "400", "the query parameter %s %s", name, rule);
}

/* All filters in order into `ret`, and the page's limit. False: one is malformed and the call has
 * been failed with 400 and its name; return BB_DONE. */
static inline bool bb_filters(const struct bb_api *api, struct bb_call *call,
			      const struct bb_filter *filters, uint32_t n, struct bb_val *ret,
			      int64_t *ret_limit)
{
	const char *bad = NULL;
	int64_t limit = bb_page_limit(api, call);
	if (limit < 0)
		bad = "limit";
	for (uint32_t i = 0; !bad && i < n; i++)
		if (!bb_filter_read(api, call, &filters[i], &ret[i]))
			bad = filters[i].name;
	if (bad) {
		bb_query_fault(api, call, bad,
			       strcmp(bad, "cursor") ? "is malformed"
						     : "is no next_cursor of this list");
		return false;
	}
	*ret_limit = limit;
	return true;
}

/* Did a proxy hand the request on, so that its address is not the client's? As far as it says so.
 */
static inline bool bb_came_by_proxy(const struct bb_api *api, const struct bb_call *call)
{
	static const char *const headers[] = {"forwarded",         "via",
					      "x-forwarded-for",   "x-forwarded-host",
					      "x-forwarded-proto", "x-real-ip"};
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		if (api->header(call, headers[i]))
			return true;
	return false;
}

/* Makes one item of a list from a row. */
typedef const struct bb_json *bb_item_fn(struct bb_arena *, const struct bb_rows *, uint32_t row,
					 void *arg);

/* {"items": [...], "next_cursor": "..." | null} from items made elsewhere. */
static inline const struct bb_json *bb_page_of(struct bb_arena *a, const struct bb_json *items,
					       const char *next_cursor)
{
	struct bb_builder page = bb_build(a);
	bb_put_json(&page, "items", items);
	bb_put_str(&page, "next_cursor", next_cursor);
	return bb_build_object(&page);
}

/* The cursor in a cell, as text in the arena. */
static inline const char *bb_cursor(struct bb_arena *a, const struct bb_val *v)
{
	if (v->type == BB_I64)
		return bb_printf(a, "%lld", (long long)v->i);
	return bb_strndup(a, v->s, v->len);
}

/* {"items": [...], "next_cursor": "..." | null} of at most `limit` rows. Column 0 of the query is
 * the cursor: what the next page's `cursor` parameter says. `item` NULL: an object of all columns
 * but the cursor. */
static inline const struct bb_json *bb_page(struct bb_arena *a, const struct bb_rows *r,
					    int64_t limit, bb_item_fn *item, void *arg)
{
	struct bb_builder items = bb_build(a);
	for (uint32_t i = 0; i < r->rows && i < limit; i++) {
		if (item) {
			bb_push(&items, *item(a, r, i, arg));
		} else {
			struct bb_builder b = bb_build(a);
			bb_put_row(&b, r, i, 1);
			bb_push(&items, *bb_build_object(&b));
		}
	}
	const char *next =
	    r->rows > limit ? bb_cursor(a, bb_cell(r, (uint32_t)limit - 1, 0)) : NULL;
	return bb_page_of(a, bb_build_array(&items), next);
}

/* A row's version is its updated_at. What If-Match asks for; NULL if any will do; a time that no
 * row has if it is not one of our ETags. */
static inline struct bb_val bb_if_match(const struct bb_api *api, struct bb_call *call)
{
	const char *text = api->header(call, "if-match");
	if (!text || !strcmp(text, "*"))
		return bb_null();
	size_t len = strlen(text);
	int64_t ms = 0;
	if (len < 2 || text[0] != '"' || text[len - 1] != '"' ||
	    api->time_parse(text + 1, len - 2, &ms))
		ms = 0;
	return bb_time(api, api->arena(call), ms);
}

/* When a row is changed: now, but always later than its last change, because that is its ETag, and
 * two changes in one millisecond must not share it. `before` is the row as it was. */
static inline struct bb_val bb_changed_at(const struct bb_api *api, struct bb_arena *a,
					  const struct bb_json *before)
{
	const char *text = bb_json_get_str(before, "updated_at", "");
	int64_t now = api->now_ms(), last = 0;
	if (!api->time_parse(text, strlen(text), &last) && now <= last)
		now = last + 1;
	return bb_time(api, a, now);
}

/* A REST call that waits for storage. Lives in the call's arena. Made by bb_rest_later(), carried
 * from step to step by bb_rest_read() and bb_rest_commit(), ended by exactly one bb_rest_done()
 * or bb_rest_fail() in a step's function. */
struct bb_rest {
	const struct bb_api *api;
	struct bb *me;
	struct bb_call *call;
	struct bb_reply *reply;
	struct bb_arena *arena;
	void (*step)(struct bb_rest *, const struct bb_rows *);
	const char *conflict;   /* what a refused key means here: 409 with this text */
	const char *thing;      /* what bb_rest_one() reads: "tariff" */
	struct bb_val if_match; /* bb_if_match() as the request came; headers go with the client */
	void *self, *arg;       /* the handler's own */
	/* What bb_rest_one() has read, so that bb_rest_stale() can read it again. */
	struct {
		const char *thing;
		const struct bb_query *q;
		uint32_t n;
		const struct bb_val *v;
		void (*step)(struct bb_rest *, const struct bb_rows *);
		void *arg;
	} one, again;
	/* What was put in the place of an If-Match which the request has not; "": that it is not
	 * there yet. */
	const char *version;
	bool first;     /* may only be made, not changed: see bb_rest_first() */
	uint32_t times; /* read again */
};
typedef void bb_rest_fn(struct bb_rest *, const struct bb_rows *);

/* Defers the call; the handler returns BB_LATER, as the functions below do. `self` is for the
 * steps. */
static inline struct bb_rest *bb_rest_later(const struct bb_api *api, struct bb *me,
					    struct bb_call *call, void *self)
{
	struct bb_arena *a = api->arena(call);
	struct bb_rest *r = (struct bb_rest *)bb_zalloc(a, sizeof *r);
	*r = (struct bb_rest){.api = api, .me = me, .call = call, .arena = a, .self = self};
	r->if_match = bb_if_match(api, call);
	r->reply = api->defer(call, 0, NULL, NULL);
	return r;
}

/* Answers with `v`, which is copied; 200 unless set_status() said otherwise. Ends `r`. */
static inline void bb_rest_done(struct bb_rest *r, const struct bb_json *v)
{
	r->api->resolve(r->reply, v);
}

/* What the answer will say of a thing that has just been made: 201, and that it is at `list`/`id`
 * now. */
static inline void bb_rest_made(struct bb_rest *r, const char *list, const char *id)
{
	r->api->set_status(r->call, 201);
	r->api->set_header(r->call, "location", bb_url_item(r->arena, list, id, ""));
}

/* The same of a thing with a number. */
static inline void bb_rest_made_no(struct bb_rest *r, const char *list, int64_t id)
{
	bb_rest_made(r, list, bb_printf(r->arena, "%lld", (long long)id));
}

/* Answers 204: what the call is about is there no more. Ends `r`. */
static inline void bb_rest_gone(struct bb_rest *r)
{
	r->api->set_status(r->call, 204);
	bb_rest_done(r, bb_json_empty(r->arena));
}

/* Answers with a problem; `status` in digits: "404". Ends `r`. */
static inline void bb_rest_fail(struct bb_rest *r, const char *status, const char *text)
{
	r->api->reject(r->reply, status, text);
}

/* Answers with what a failure of storage is over HTTP: 409, 503 or 500. Ends `r`. */
static inline void bb_rest_storage_failed(struct bb_rest *r, int err)
{
	if (err == -EEXIST)
		bb_rest_fail(r, "409",
			     r->conflict ? r->conflict : "it conflicts with what is stored");
	else if (err == -EAGAIN || err == -ECANCELED)
		bb_rest_fail(r, "503", "storage is away; try again");
	else
		bb_rest_fail(r, "500", "storage failed");
}

/* Where bb_rest_read() and bb_rest_commit() come back: on to the step, or to the failure. */
static inline void bb_rest_answered(int err, const struct bb_rows *rows, void *arg)
{
	struct bb_rest *r = (struct bb_rest *)arg;
	if (err)
		bb_rest_storage_failed(r, err);
	else
		r->step(r, rows);
}

/* Reads, then goes on with `step`; a failure of storage is answered here. BB_LATER. */
static inline int bb_rest_read(struct bb_rest *r, const struct bb_query *q, uint32_t n,
			       const struct bb_val *v, bb_rest_fn *step)
{
	r->step = step;
	bb_read(r->api, r->me, q, n, v, bb_rest_answered, r);
	return BB_LATER;
}

/* The step of bb_rest_one(). */
static inline void bb_rest_one_answered(int err, const struct bb_rows *rows, void *arg)
{
	struct bb_rest *r = (struct bb_rest *)arg;
	if (!err && !rows->rows && r->thing)
		bb_rest_fail(r, "404", bb_printf(r->arena, "there is no such %s", r->thing));
	else
		bb_rest_answered(err, rows, arg);
}

/* Reads one thing, then goes on with `step` and its row; where there is none, the answer is 404,
 * "there is no such <thing>"; or `thing` is NULL, and `step` gets no row. BB_LATER. */
static inline int bb_rest_one(struct bb_rest *r, const char *thing, const struct bb_query *q,
			      uint32_t n, const struct bb_val *v, bb_rest_fn *step)
{
	struct bb_val *kept = (struct bb_val *)bb_alloc(r->arena, (n + 1) * sizeof *kept);
	for (uint32_t i = 0; i < n; i++)
		kept[i] = v[i];
	r->one.thing = r->thing = thing;
	r->one.q = q;
	r->one.n = n;
	r->one.v = kept;
	r->one.step = r->step = step;
	r->one.arg = r->arg;
	int err = r->api->read(r->me, q, n, v, bb_rest_one_answered, r);
	if (err < 0)
		bb_rest_storage_failed(r, err);
	return BB_LATER;
}

/* Commits the unit, then goes on with `step` and the last statement's rows; likewise. */
static inline int bb_rest_commit(struct bb_rest *r, struct bb_unit *unit, bb_rest_fn *step)
{
	r->step = step;
	int err = r->api->commit(unit, bb_rest_answered, r);
	if (err < 0)
		bb_rest_storage_failed(r, err);
	return BB_LATER;
}

/* A page of a list on its way, in the call's arena. */
struct bb_list {
	void *self;       /* the handler's own, for a route that has the list as its rest->self */
	struct bb_val *v; /* the query's: the route's own, the filters, how many rows to fetch */
	uint32_t count;
	int64_t limit;
	bb_item_fn *item;
	void *item_arg;
};

/* Reads the filters while the request is there. The first `own` parameters are NULL, for the route
 * to set. NULL: a filter is malformed, and the call has been failed; return BB_DONE. */
static inline struct bb_list *bb_list_new(const struct bb_api *api, struct bb_call *call,
					  void *self, uint32_t own, const struct bb_filter *filters,
					  uint32_t n)
{
	struct bb_arena *a = api->arena(call);
	struct bb_list *list = (struct bb_list *)bb_zalloc(a, sizeof *list);
	list->self = self;
	list->count = own + n + 1;
	list->v = (struct bb_val *)bb_zalloc(a, list->count * sizeof *list->v);
	if (!bb_filters(api, call, filters, n, &list->v[own], &list->limit))
		return NULL;
	list->v[own + n] = bb_i64(list->limit + 1);
	return list;
}

/* The step that answers with the page in `r->arg`. */
static inline void bb_list_show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_list *list = (const struct bb_list *)r->arg;
	bb_rest_done(r, bb_page(r->arena, rows, list->limit, list->item, list->item_arg));
}

/* Reads the page and answers with it; `item` and its `arg` as of bb_page(). BB_LATER. */
static inline int bb_list_read(struct bb_rest *r, struct bb_list *list, const struct bb_query *q,
			       bb_item_fn *item, void *arg)
{
	list->item = item;
	list->item_arg = arg;
	r->arg = list;
	return bb_rest_read(r, q, list->count, list->v, bb_list_show);
}

/* The whole of a route that lists: the query's parameters are the key's operator (NULL: all), the
 * filters in their order, the cursor being the last, and how many rows to fetch. `item` as in
 * bb_page(), with the plugin's own as its `arg`. BB_LATER, or BB_DONE when a filter is malformed.
 */
static inline int bb_rest_list(const struct bb_api *api, struct bb *me, struct bb_call *call,
			       void *self, const struct bb_query *q,
			       const struct bb_filter *filters, uint32_t n, bb_item_fn *item)
{
	struct bb_list *list = bb_list_new(api, call, self, 1, filters, n);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(api->attr(call, "operator_id"));
	return bb_list_read(bb_rest_later(api, me, call, self), list, q, item, self);
}

/* A unit of one statement. */
static inline int bb_rest_write(struct bb_rest *r, const struct bb_query *q, uint32_t n,
				const struct bb_val *v, bb_rest_fn *step)
{
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, q, n, v, NULL, NULL);
	return bb_rest_commit(r, unit, step);
}

/* The operator that a new thing is for: the key's own; else the body's `operator_id`, else
 * "default". NULL: the key may not make it for that operator, and the call has been failed. */
static inline const char *bb_rest_operator(const struct bb_api *api, struct bb_call *call)
{
	const char *own = api->attr(call, "operator_id");
	const char *asked = bb_json_get_str(api->payload(call), "operator_id", NULL);
	if (own && asked && strcmp(own, asked) != 0) {
		api->fail(call, "403", "this key belongs to operator %s", own);
		return NULL;
	}
	return own ? own : asked ? asked : "default";
}

/* A number in the path, "{id}". False: it is none, and the call has been failed with 404. */
static inline bool bb_path_id(const struct bb_api *api, struct bb_call *call, const char *name,
			      int64_t *ret)
{
	if (bb_parse_int(api->attr(call, name), ret))
		return true;
	api->fail(call, "404", "there is nothing of that id");
	return false;
}

/* The beginning of a route on one thing by its number, "{id}": the query's parameters are the id
 * and the key's operator (NULL: any). `step` finds `arg` in r->arg. BB_LATER, or BB_DONE when the
 * path has no number. */
static inline int bb_rest_find(const struct bb_api *api, struct bb *me, struct bb_call *call,
			       void *self, const char *thing, const struct bb_query *q,
			       bb_rest_fn *step, void *arg)
{
	int64_t id;
	if (!bb_path_id(api, call, "id", &id))
		return BB_DONE;
	struct bb_val v[] = {bb_i64(id), bb_text(api->attr(call, "operator_id"))};
	struct bb_rest *r = bb_rest_later(api, me, call, self);
	r->arg = arg;
	return bb_rest_one(r, thing, q, 2, v, step);
}

/* A body member for a query: absent and null are NULL. */
static inline struct bb_val bb_member_val(const struct bb_json *body, const char *key)
{
	const struct bb_json *v = bb_json_get(body, key);
	switch (v ? v->type : (uint32_t)BB_JSON_NULL) {
	case BB_JSON_BOOL:
		return bb_i64(v->b);
	case BB_JSON_INT:
		return bb_i64(v->i);
	case BB_JSON_REAL:
		return bb_f64(v->f);
	case BB_JSON_STRING:
		return bb_textn(v->s, v->len);
	default:
		return bb_null();
	}
}

/* One fault of a body, as validation would tell it: [{"path": ..., "rule": ...}]; answer 422. */
static inline void bb_rest_fault(const struct bb_api *api, struct bb_call *call, const char *path,
				 const char *rule)
{
	api->set_errors(call, bb_json_fault(api->arena(call), path, rule));
}

/* `version` is the row's updated_at, as bb_if_match() compares it. */
static inline void bb_set_etag(const struct bb_api *api, struct bb_call *call, const char *version)
{
	api->set_header(call, "etag", bb_printf(api->arena(call), "\"%s\"", version));
}

/* For the audit log: what the thing was before this call changed it. */
static inline void bb_set_before(const struct bb_api *api, struct bb_call *call,
				 const struct bb_json *v)
{
	api->set_attr(call, "before", api->json_write(api->arena(call), v, NULL));
}

/* The same of the row that was read, if there was one. */
static inline void bb_set_before_row(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows)
		return;
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, 0);
	bb_set_before(r->api, r->call, bb_build_object(&b));
}

/* The step of bb_rest_one() in a PUT: `before` is what it is about to change; without an
 * `updated_at`, or NULL, it is not there yet. What the body does not name is written as it was; so
 * where no If-Match says of which version the change is, it is of this one, lest it undo what
 * somebody else changes in the same moment. */
static inline void bb_rest_changing(struct bb_rest *r, const struct bb_json *before)
{
	const char *version = bb_json_get_str(before, "updated_at", "");
	if (before)
		bb_set_before(r->api, r->call, before);
	r->first = false;
	/* The version that was there before as well was not why the last try changed nothing. */
	if (r->if_match.type != BB_NULL || (r->version && !strcmp(r->version, version)))
		return;
	r->again = r->one;
	r->version = bb_strdup(r->arena, version);
	r->first = !*version;
	if (!r->first)
		r->if_match = bb_text(r->version);
}

/* For the query of a PUT that also makes: 1 where bb_rest_changing() has found nothing, so that a
 * row which is there now must stay as it is, and bb_rest_stale() reads it; else 0. */
static inline struct bb_val bb_rest_first(const struct bb_rest *r)
{
	return bb_i64(r->first);
}

/* Was what bb_rest_changing() has found put into the place of an If-Match? */
static inline bool bb_rest_assumes(const struct bb_rest *r)
{
	return r->first || (r->version && r->if_match.s == r->version);
}

/* The change has found no row of that version: it is made anew of the one that is there now, or,
 * where the request has an If-Match, the answer is 412 with the text. Ends the step. */
static inline void bb_rest_stale(struct bb_rest *r, const char *text)
{
	enum { MOST_TIMES = 50 };
	if (!bb_rest_assumes(r) || r->times++ >= MOST_TIMES) {
		bb_rest_fail(r, "412", text);
		return;
	}
	r->if_match = bb_null();
	r->arg = r->again.arg;
	bb_rest_one(r, r->again.thing, r->again.q, r->again.n, r->again.v, r->again.step);
}
#endif
