/* Users over REST: lists, and one of them. */
#include "address.h"
#include "users.h"

/* The last columns of the view user_rows are truth values. */
enum { FLAGS = 2 };

const struct bb_json *user_json(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				void *arg)
{
	(void)arg;
	struct bb_builder b = bb_build(a);
	uint32_t flags = r->columns - FLAGS;
	for (uint32_t c = 1; c < flags; c++)
		bb_put_column(&b, r, row, c);
	for (uint32_t c = flags; c < r->columns; c++)
		bb_put_bool(&b, bb_strdup(a, r->names[c]), bb_cell_int(r, row, c, 0) != 0);
	return bb_build_object(&b);
}

void user_show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = user_json(r->arena, rows, 0, NULL);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, v);
}

void user_read_again(struct bb_rest *r, const char *id)
{
	const struct users *p = r->self;
	const struct bb_val v[] = {bb_text(id), bb_null()};
	bb_rest_one(r, "user", p->q[Q_GET], 2, v, user_show);
}

/* A driver sees only itself. */
static const char *only(const struct bb_api *api, struct bb_call *call)
{
	return !strcmp(api->attr(call, "role"), "user") ? api->attr(call, "user_id") : NULL;
}

int user_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"operator_id", BB_BY_TEXT},
						   {"role", BB_BY_TEXT},
						   {"state", BB_BY_TEXT},
						   {"email", BB_BY_TEXT},
						   {"cursor", BB_BY_TEXT, user_id_is_valid}};
	struct users *p = self;
	struct bb_list *list =
	    bb_list_new(p->api, call, p, 2, filters, sizeof filters / sizeof *filters);
	if (!list)
		return BB_DONE;
	list->v[0] = bb_text(p->api->attr(call, "operator_id"));
	list->v[1] = bb_text(only(p->api, call));
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_LIST], user_json,
			    NULL);
}

int user_find(struct bb_call *call, struct users *p, bb_rest_fn *step, void *arg)
{
	const struct bb_api *api = p->api;
	const char *id = api->attr(call, "id"), *own = only(api, call);
	if (own && strcmp(own, id) != 0) {
		api->fail(call, "404", "there is no such user");
		return BB_DONE;
	}
	struct bb_rest *r = bb_rest_later(api, p->me, call, p);
	const struct bb_val v[] = {bb_text(id), bb_text(api->attr(call, "operator_id"))};
	r->arg = arg;
	return bb_rest_one(r, "user", p->q[Q_GET], 2, v, step);
}

int user_get(struct bb_call *call, void *self)
{
	return user_find(call, self, user_show, NULL);
}
