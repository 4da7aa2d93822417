/* /api/admin/transfer/hosts: where operators' scripts may send requests. */
#include "transfer.h"
#include "words.h"

static const struct bb_json *item(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				  void *arg)
{
	struct bb_builder b = bb_build(a);
	(void)arg;
	for (uint32_t c = 1; c < r->columns; c++)
		bb_put(&b, bb_strdup(a, r->names[c]),
		       strcmp(r->names[c], "private") != 0
			   ? bb_cell_json(a, bb_cell(r, row, c))
			   : bb_json_make_bool(bb_cell_int(r, row, c, 0) != 0));
	return bb_build_object(&b);
}

int host_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"cursor", BB_BY_INT}};
	struct transfer *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_HOST_LIST], filters, 1, item);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_done(r, item(r->arena, rows, 0, NULL));
}

static void added(struct bb_rest *r, const struct bb_rows *rows)
{
	struct transfer *p = r->self;
	if (!rows->rows) {
		bb_rest_fault(r->api, r->call, "operator_id", "names no operator");
		bb_rest_fail(r, "422", "operator_id: names no operator");
		return;
	}
	struct bb_val v[] = {*bb_cell(rows, 0, 0), bb_null()};
	r->api->set_status(r->call, 201);
	bb_rest_one(r, "host", p->q[Q_HOST_GET], 2, v, show);
}

int host_add(struct bb_call *call, void *self)
{
	struct transfer *p = self;
	const struct bb_json *body = p->api->payload(call);
	const char *host = bb_json_get_str(body, "host", ""),
		   *operator_id = bb_rest_operator(p->api, call);
	bool private = bb_json_get_bool(body, "private", false);
	if (!operator_id)
		return BB_DONE;
	if (!host_pattern_is_good(host)) {
		bb_rest_fault(p->api, call, "host", "is no host in lower case");
		return p->api->fail(call, "422", "host: is no host in lower case"), BB_DONE;
	}
	if (private && p->api->attr(call, "operator_id"))
		return p->api->fail(call, "403",
				    "private: only an admin of all operators opens private "
				    "networks to scripts"),
		       BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->conflict = "the operator's list already has this host";
	struct bb_val v[] = {bb_text(operator_id), bb_text(host), bb_member_val(body, "port"),
			     bb_i64(private), bb_now(p->api, r->arena)};
	return bb_rest_write(r, p->q[Q_HOST_ADD], 5, v, added);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void delete_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct transfer *p = r->self;
	struct bb_val id = *bb_cell(rows, 0, 0);
	bb_set_before(r->api, r->call, item(r->arena, rows, 0, NULL));
	bb_rest_write(r, p->q[Q_HOST_DELETE], 1, &id, deleted);
}

int host_delete(struct bb_call *call, void *self)
{
	struct transfer *p = self;
	return bb_rest_find(p->api, p->me, call, p, "host", p->q[Q_HOST_GET], delete_found, NULL);
}
