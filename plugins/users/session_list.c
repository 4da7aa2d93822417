/* Sessions over REST: one's own, and those of users whom the caller may change. */
#include "session.h"

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	(void)arg;
	struct bb_builder b = bb_build(a);
	uint32_t last = r->columns - 1;
	for (uint32_t c = 1; c < last; c++)
		bb_put_column(&b, r, row, c);
	bb_put_bool(&b, "current", bb_cell_int(r, row, last, 0) != 0);
	return bb_build_object(&b);
}

enum { USER, TOKEN, NOW, IDLE_SINCE, OWN };

static struct bb_list *list_new(struct users *p, struct bb_call *call)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_TEXT, bb_is_id}};
	struct bb_list *list = bb_list_new(p->api, call, p, OWN, filters, 1);
	if (list) {
		list->v[NOW] = bb_now(p->api, p->api->arena(call));
		list->v[IDLE_SINCE] = session_idle_since(p, p->api->arena(call));
	}
	return list;
}

int session_list(struct bb_call *call, void *self)
{
	struct users *p = self;
	struct own *own = bb_alloc(p->api->arena(call), sizeof *own);
	if (!session_own(p, call, own))
		return BB_DONE;
	struct bb_list *list = list_new(p, call);
	if (!list)
		return BB_DONE;
	list->v[USER] = bb_text(own->user_id);
	list->v[TOKEN] = bb_text(own->token_hash);
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_SESSION_LIST], item,
			    NULL);
}

static void ended(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void one_ended(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		bb_rest_gone(r);
	else
		bb_rest_fail(r, "404", "there is no such session");
}

int session_end(struct bb_call *call, void *self)
{
	struct users *p = self;
	struct own own;
	if (!session_own(p, call, &own))
		return BB_DONE;
	const struct bb_val v[] = {bb_text(own.user_id), bb_text(p->api->attr(call, "id"))};
	return bb_rest_write(bb_rest_later(p->api, p->me, call, p), p->q[Q_SESSION_END], 2, v,
			     one_ended);
}

int sessions_end(struct bb_call *call, void *self)
{
	struct users *p = self;
	struct own own;
	if (!session_own(p, call, &own))
		return BB_DONE;
	const struct bb_val v[] = {bb_text(own.user_id), bb_text(own.token_hash)};
	return bb_rest_write(bb_rest_later(p->api, p->me, call, p), p->q[Q_SESSIONS_END], 2, v,
			     ended);
}

int logout(struct bb_call *call, void *self)
{
	struct users *p = self;
	struct own own;
	if (!session_own(p, call, &own))
		return BB_DONE;
	session_cookie_clear(p, call);
	const struct bb_val v[] = {bb_text(own.token_hash)};
	return bb_rest_write(bb_rest_later(p->api, p->me, call, p), p->q[Q_SESSION_END_BY_TOKEN], 1,
			     v, ended);
}

static void list_of(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct users *p = r->self;
	struct bb_list *list = r->arg;
	list->v[USER] = *bb_cell(rows, 0, 0);
	bb_list_read(r, list, p->q[Q_SESSION_LIST], item, NULL);
}

int session_list_of_user(struct bb_call *call, void *self)
{
	struct bb_list *list = list_new(self, call);
	return list ? user_find(call, self, list_of, list) : BB_DONE;
}

static void end_of(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct users *p = r->self;
	const struct bb_json *user = user_json(r->arena, rows, 0, NULL);
	if (!user_check_manage(r, bb_json_get_str(user, "role", "")))
		return;
	const struct bb_val v[] = {*bb_cell(rows, 0, 0), bb_null()};
	bb_rest_write(r, p->q[Q_SESSIONS_END], 2, v, ended);
}

int sessions_end_of_user(struct bb_call *call, void *self)
{
	return user_find(call, self, end_of, NULL);
}
