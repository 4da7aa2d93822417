/* Files as admins see them. */
#include "private.h"

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  uint32_t from)
{
	struct bb_builder b = bb_build(a);
	bb_put_row(&b, r, row, from);
	return bb_build_object(&b);
}

const struct bb_json *file_json(struct bb_arena *a, const struct bb_rows *r, uint32_t row)
{
	return item(a, r, row, 0);
}

int file_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"purpose", BB_BY_TEXT},
						   {"charge_point_id", BB_BY_TEXT},
						   {"ref", BB_BY_TEXT},
						   {"cursor", BB_BY_INT}};
	struct files *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_LIST], filters,
			    sizeof filters / sizeof *filters, NULL);
}

static int find(struct bb_call *call, struct files *p, bb_rest_fn *step)
{
	return bb_rest_find(p->api, p->me, call, p, "file", p->q[Q_GET], step, NULL);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_done(r, file_json(r->arena, rows, 0));
}

int file_get(struct bb_call *call, void *self)
{
	return find(call, self, show);
}

static void send_content(struct bb_rest *r, const struct bb_rows *rows)
{
	download_answer(r, rows);
}

int file_content(struct bb_call *call, void *self)
{
	return find(call, self, send_content);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	sweep_soon(r->self);
	bb_rest_gone(r);
}

static void delete (struct bb_rest *r, const struct bb_rows *rows)
{
	struct files *p = r->self;
	bb_set_before(p->api, r->call, file_json(r->arena, rows, 0));
	r->conflict = "something still refers to this file";
	struct bb_unit *u = p->api->begin(p->me);
	file_remove(p, u, Q_DELETE, bb_cell_int(rows, 0, 0, 0));
	bb_rest_commit(r, u, deleted);
}

int file_delete(struct bb_call *call, void *self)
{
	return find(call, self, delete);
}
