/* Wallets and their entries over REST. */
#include "wallet.h"

/* The last columns of the view wallet_rows: amounts of the currency before them. */
enum { AMOUNTS = 4 };

const struct bb_json *wallet_json(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	static const char *const names[AMOUNTS] = {"balance", "held", "owed", "available"};
	struct bb_builder b = bb_build(a);
	uint32_t currency = r->columns - AMOUNTS - 1;
	(void)arg;
	for (uint32_t c = 1; c <= currency; c++)
		bb_put_column(&b, r, row, c);
	for (uint32_t i = 0; i < AMOUNTS; i++)
		bb_put(
		    &b, names[i],
		    bb_money_json(a, bb_cell(r, row, currency + 1 + i), bb_cell(r, row, currency)));
	return bb_build_object(&b);
}

void wallet_show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *v = wallet_json(r->arena, rows, 0, NULL);
	bb_set_etag(r->api, r->call, bb_json_get_str(v, "updated_at", ""));
	bb_rest_done(r, v);
}

int wallet_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"user", BB_BY_TEXT},
						   {"mode", BB_BY_TEXT},
						   {"currency", BB_BY_TEXT},
						   {"cursor", BB_BY_INT}};
	struct wallet *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_LIST], filters, 4, wallet_json);
}

int wallet_find(struct bb_call *call, struct wallet *p, bb_rest_fn *step, void *arg)
{
	return bb_rest_find(p->api, p->me, call, p, "wallet", p->q[Q_GET], step, arg);
}

int wallet_get(struct bb_call *call, void *self)
{
	return wallet_find(call, self, wallet_show, NULL);
}

static void list_entries(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wallet *p = r->self;
	struct bb_list *list = r->arg;
	list->v[0] = *bb_cell(rows, 0, 0);
	bb_list_read(r, list, p->q[Q_ENTRIES], entry_json, NULL);
}

static struct bb_list *entry_filters(struct wallet *p, struct bb_call *call)
{
	static const struct bb_filter filters[] = {
	    {"account", BB_BY_TEXT}, {"kind", BB_BY_TEXT}, {"transaction", BB_BY_INT},
	    {"from", BB_BY_TIME},    {"to", BB_BY_TIME},   {"cursor", BB_BY_INT}};
	return bb_list_new(p->api, call, p, 1, filters, sizeof filters / sizeof *filters);
}

int wallet_entries(struct bb_call *call, void *self)
{
	struct wallet *p = self;
	struct bb_list *list = entry_filters(p, call);
	return list ? wallet_find(call, p, list_entries, list) : BB_DONE;
}

struct of_user {
	bb_rest_fn *step;
	void *arg;
};

static void of_user(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct of_user *of = r->arg;
	if (rows->rows > 1) {
		bb_rest_fail(r, "409",
			     "several operators have this user; name one by ?operator_id=");
		return;
	}
	r->arg = of->arg;
	of->step(r, rows);
}

int wallet_find_of_user(struct bb_call *call, struct wallet *p, bb_rest_fn *step, void *arg)
{
	const struct bb_api *api = p->api;
	const char *id = api->attr(call, "id"), *own = api->attr(call, "user_id");
	const char *operator_id = api->attr(call, "operator_id");
	if (!strcmp(api->attr(call, "role"), "user") && (!own || strcmp(own, id) != 0)) {
		api->fail(call, "404", "there is no such user");
		return BB_DONE;
	}
	struct bb_rest *r = bb_rest_later(api, p->me, call, p);
	const struct bb_val v[] = {
	    bb_text(id), bb_text(operator_id ? operator_id : api->param(call, "operator_id"))};
	struct of_user *of = bb_alloc(r->arena, sizeof *of);
	*of = (struct of_user){step, arg};
	r->arg = of;
	return bb_rest_one(r, "wallet", p->q[Q_OF_USER], 2, v, of_user);
}

int wallet_of_user(struct bb_call *call, void *self)
{
	return wallet_find_of_user(call, self, wallet_show, NULL);
}

int entries_of_user(struct bb_call *call, void *self)
{
	struct wallet *p = self;
	struct bb_list *list = entry_filters(p, call);
	return list ? wallet_find_of_user(call, p, list_entries, list) : BB_DONE;
}
