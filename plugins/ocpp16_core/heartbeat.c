/* Heartbeat writes nothing: that the charger was seen is kept by its link. */
#include "core16.h"
#include "sent.h"

int heartbeat(struct bb_call *call, void *self)
{
	const struct bb_api *api = ((struct core16 *)self)->api;
	struct bb_arena *a = api->arena(call);
	const char *now = sent_time_seconds(api, a, api->now_ms());
	api->reply(call, bb_json_one(a, "currentTime", bb_json_make_str(now)));
	return BB_DONE;
}
