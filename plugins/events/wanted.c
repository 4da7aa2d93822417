/* What is asked for at /api/events. */
#include "wanted.h"

static bool read_kinds(const struct bb_api *api, struct bb_call *call, struct filter *f)
{
	const char *text = api->param(call, "kind");
	char *kinds = NULL;
	if (text && (!kinds_read(text, &kinds) || !kinds)) {
		bb_query_fault(api, call, "kind",
			       "is a list of kinds of events, with commas between them");
		return false;
	}
	f->kinds = kinds ? bb_strdup(api->arena(call), kinds) : NULL;
	free(kinds);
	return true;
}

/* A browser that comes back sends the header; its URL is still that of the first time. */
const char *last_id_of(const struct bb_api *api, struct bb_call *call)
{
	const char *text = api->header(call, "last-event-id");
	return text ? text : api->param(call, "last_event_id");
}

bool read_last_id(const struct bb_api *api, struct bb_call *call, int64_t *ret)
{
	const char *text = last_id_of(api, call);
	*ret = -1;
	if (!text || frame_read_id(text, ret))
		return true;
	if (api->header(call, "last-event-id"))
		api->fail(call, "400", "the header Last-Event-ID has no id of this stream");
	else
		bb_query_fault(api, call, "last_event_id", "is no id of this stream");
	return false;
}

static bool read_operator(const struct bb_api *api, struct bb_call *call, struct filter *f)
{
	const char *own = api->attr(call, "operator_id"), *asked = api->param(call, "operator");
	f->operator_id = own ? own : asked;
	if (!own || !asked || !strcmp(own, asked))
		return true;
	api->fail(call, "403", "this key belongs to operator %s", own);
	return false;
}

struct wanted *wanted_read(const struct bb_api *api, struct bb_call *call)
{
	struct wanted *w = bb_zalloc(api->arena(call), sizeof *w);
	struct filter *f = &w->filter;
	if (!read_operator(api, call, f) || !read_kinds(api, call, f) ||
	    !read_last_id(api, call, &w->last_id))
		return NULL;
	bb_parse_int(api->param(call, "station"), &f->station_id);
	bb_parse_int(api->param(call, "transaction"), &f->transaction_id);
	f->charger = api->param(call, "charger");
	f->command_id = api->param(call, "command");
	f->bulk_id = api->param(call, "bulk");
	if (f->command_id && f->bulk_id) {
		bb_query_fault(api, call, "bulk", "goes not with command: ask for one of them");
		return NULL;
	}
	if (f->charger && !bb_parse_int(f->charger, &f->charger_id))
		f->charger_id = 0;
	f->user_id = own_user(api, call);
	return w;
}
