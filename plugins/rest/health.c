/* How the server is (may it be sent chargers?), and who the caller is. */
#include "private.h"

int health(struct bb_call *call, void *self)
{
	struct rest *p = self;
	bool stored = p->api->storage_healthy(), starting = p->api->is_starting();
	struct bb_builder b = bb_build(p->api->arena(call));
	bb_put_str(&b, "status", !stored ? "degraded" : starting ? "starting" : "ok");
	bb_put_str(&b, "storage", stored ? "ok" : "away");
	bb_put_int(&b, "connections", p->api->link_count());
	bb_put_str(&b, "version", p->api->version());
	if (!stored || starting)
		p->api->set_status(call, 503);
	p->api->reply(call, bb_build_object(&b));
	return BB_DONE;
}

int profile(struct bb_call *call, void *self)
{
	static const struct {
		const char *member, *attr;
	} map[] = {
	    {"kind", "caller_kind"},
	    {"name", "key_name"},
	    {"role", "role"},
	    {"operator_id", "operator_id"},
	    {"user_id", "account_id"},
	    {"email", "caller_email"},
	    {"expires_at", "caller_expires_at"},
	};
	struct rest *p = self;
	struct bb_builder b = bb_build(p->api->arena(call));
	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		bb_put_str(&b, map[i].member, p->api->attr(call, map[i].attr));
	p->api->reply(call, bb_build_object(&b));
	return BB_DONE;
}
