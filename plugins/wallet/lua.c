/* busbar.wallet.balance(user_id) of operators' scripts. */
#include "wallet.h"

static void put_limited(struct bb_builder *b, const char *key, int64_t v)
{
	if (v != BB_WALLET_UNLIMITED)
		bb_put_int(b, key, v);
}

static void on_found(int err, const struct bb_wallet *w, void *arg)
{
	struct bb_rest *r = arg;
	const struct bb_json none = bb_json_make_null();
	if (err && err != -ENOENT) {
		r->api->reject(r->reply, "StorageAway", "the wallet could not be looked up");
		return;
	}
	if (err) {
		r->api->resolve(r->reply, &none);
		return;
	}
	struct bb_builder b = bb_build(r->arena);
	bb_put_int(&b, "balance_minor", w->balance_minor);
	put_limited(&b, "available_minor", w->available_minor);
	put_limited(&b, "credit_limit_minor", w->credit_limit_minor);
	bb_put_str(&b, "currency", w->currency);
	bb_put_str(&b, "mode", w->prepaid ? "prepaid" : "postpaid");
	r->api->resolve(r->reply, bb_build_object(&b));
}

int lua_balance(struct bb_call *call, void *self)
{
	struct wallet *p = self;
	const char *user_id = bb_json_str(bb_json_at(p->api->payload(call), 0), NULL);
	const char *operator_id = p->api->attr(call, "operator_id");
	if (!user_id || !operator_id) {
		p->api->fail(call, "Refused", "balance(user_id) takes a text");
		return BB_DONE;
	}
	wallet_service.find(operator_id, user_id, on_found, bb_rest_later(p->api, p->me, call, p));
	return BB_LATER;
}
