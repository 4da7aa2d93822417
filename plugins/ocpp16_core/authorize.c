#include "core16.h"
#include "id_tag_info.h"

static void on_token(int err, const struct id_tag_info *info, void *arg)
{
	struct waiting *w = arg;
	if (err)
		waiting_fail(w, err, "the token could not be looked up");
	else
		waiting_answer(w, bb_json_one(w->arena, "idTagInfo", id_tag_json(w, info)));
}

int authorize(struct bb_call *call, void *self)
{
	struct core16 *core = self;
	struct waiting *w = bb_alloc(core->api->arena(call), sizeof *w);
	int err = waiting_begin(w, core, call);
	if (err < 0)
		return err;
	const struct id_tag_question q = {
	    .id_tag = bb_json_get_str(w->payload, "idTag", ""),
	    .purpose = "authorize",
	    .at_ms = w->now_ms,
	};
	id_tag_ask(w, &q, on_token, w);
	return BB_LATER;
}
