/* DataTransfer from a charger: whoever answers the hook `data_transfer` knows the vendor. */
#include <errno.h>

#include "core16.h"

static void put_copy(struct bb_builder *b, const char *key, const struct bb_json *v)
{
	if (bb_json_is(v, BB_JSON_STRING))
		bb_put_str(b, key, bb_strdup(b->arena, v->s));
}

static void on_answer(int err, const struct bb_json *v, void *arg)
{
	struct waiting *w = arg;
	struct bb_builder b = bb_build(w->arena);
	if (err == -ENOENT) {
		bb_put_str(&b, "status", "UnknownVendorId");
	} else if (err) {
		w->core->api->log(w->core->bb, BB_WARN, "%s: the handler of vendor %s failed: %s",
				  w->link->charge_point_id,
				  bb_json_get_str(w->payload, "vendorId", ""),
				  bb_json_get_str(v, "detail", "no reason given"));
		bb_put_str(&b, "status", "Rejected");
	} else {
		put_copy(&b, "status", bb_json_get(v, "status"));
		put_copy(&b, "data", bb_json_get(v, "data"));
	}
	waiting_answer(w, bb_build_object(&b));
}

int data_transfer(struct bb_call *call, void *self)
{
	struct core16 *core = self;
	struct waiting *w = bb_alloc(core->api->arena(call), sizeof *w);
	int err = waiting_begin(w, core, call);
	if (err < 0)
		return err;
	struct bb_builder q = bb_build(w->arena);
	bb_put_str(&q, "charge_point_id", w->link->charge_point_id);
	bb_put_str(&q, "operator_id", w->link->operator_id);
	put_copy(&q, "vendor_id", bb_json_get(w->payload, "vendorId"));
	put_copy(&q, "message_id", bb_json_get(w->payload, "messageId"));
	put_copy(&q, "data", bb_json_get(w->payload, "data"));
	err = core->api->ask_hook(core->bb, "data_transfer", bb_build_object(&q), 0, on_answer, w);
	if (err < 0)
		on_answer(err, NULL, w);
	return BB_LATER;
}
