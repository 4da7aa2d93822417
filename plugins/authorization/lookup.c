/* busbar.authorization.lookup(id_tag): what is stored of one of the operator's tokens. */
#include <busbar/id_tag.h>

#include "authorization.h"

static void on_rows(int err, const struct bb_rows *rows, void *arg)
{
	struct bb_rest *r = arg;
	const struct bb_json none = bb_json_make_null();
	if (err)
		r->api->reject(r->reply, "StorageAway", "the token could not be looked up");
	else
		r->api->resolve(r->reply, rows->rows ? token_json(r->arena, rows, 0, 1) : &none);
}

int lookup(struct bb_call *call, void *self)
{
	struct authorization *p = self;
	const char *id_tag = bb_json_str(bb_json_at(p->api->payload(call), 0), NULL);
	const char *operator_id = p->api->attr(call, "operator_id");
	if (!id_tag || !operator_id) {
		p->api->fail(call, "Refused", "lookup(id_tag) takes a text");
		return BB_DONE;
	}
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	const struct bb_val v[] = {bb_text(bb_id_tag_key(r->arena, id_tag)), bb_text(operator_id)};
	bb_read(p->api, p->me, p->q[Q_FIND], 2, v, on_rows, r);
	return BB_LATER;
}
