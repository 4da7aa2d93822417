/* GET /users/{id}/invoices: what a user was issued; a driver sees their own. */
#include "invoices.h"

struct own {
	const char *user_id;
	bb_rest_fn *step;
};

/* The user that the path names; NULL: not the caller's to see, and the call has been failed. */
static const char *user_of(const struct bb_api *api, struct bb_call *call)
{
	const char *id = api->attr(call, "id"), *own = api->attr(call, "user_id");
	if (strcmp(api->attr(call, "role"), "user") != 0 || (own && !strcmp(own, id)))
		return id;
	api->fail(call, "404", "there is no such user");
	return NULL;
}

int own_list(struct bb_call *call, void *self)
{
	struct invoices *p = self;
	const char *user_id = user_of(p->api, call);
	return user_id ? invoice_list_of(call, p, user_id) : BB_DONE;
}

static void on_found(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct own *own = r->arg;
	const char *user_id = bb_cell_text(rows, 0, 4);
	if (user_id && !strcmp(user_id, own->user_id))
		own->step(r, rows);
	else
		bb_rest_fail(r, "404", "there is no such invoice");
}

static int begin(struct bb_call *call, struct invoices *p, bb_rest_fn *step)
{
	const char *user_id = user_of(p->api, call);
	if (!user_id)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct own *own = bb_alloc(r->arena, sizeof *own);
	*own = (struct own){user_id, step};
	r->arg = own;
	invoice_find(r, p->api->attr(call, "invoice_id"), p->api->attr(call, "operator_id"),
		     on_found);
	return BB_LATER;
}

int own_get(struct bb_call *call, void *self)
{
	return begin(call, self, invoice_show);
}

int own_html(struct bb_call *call, void *self)
{
	return begin(call, self, invoice_show_html);
}

int own_pdf(struct bb_call *call, void *self)
{
	return begin(call, self, invoice_show_pdf);
}
