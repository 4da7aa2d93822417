/* busbar.scripts.get(key) and busbar.scripts.put(key, value): what an operator's scripts keep. */
#include "scripts.h"

#define KEY_MOST 128u

struct keeping {
	struct scripts *plugin;
	struct bb_reply *reply;
	struct bb_arena *arena;
};

static void failed(const struct keeping *k, int err)
{
	k->plugin->api->reject(k->reply, "StorageAway",
			       err == -EAGAIN || err == -ECANCELED ? "storage is away"
								   : "storage failed");
}

static struct keeping *later(struct bb_call *call, struct scripts *p)
{
	struct bb_arena *a = p->api->arena(call);
	struct keeping *k = bb_alloc(a, sizeof *k);
	*k = (struct keeping){p, p->api->defer(call, 0, NULL, NULL), a};
	return k;
}

/* NULL: it is none, and the call has failed. */
static const char *key_of(struct bb_call *call, struct scripts *p)
{
	const struct bb_json *v = bb_json_at(p->api->payload(call), 0);
	if (bb_json_is(v, BB_JSON_STRING) && v->len && v->len <= KEY_MOST)
		return v->s;
	p->api->fail(call, "BadKey", "a key is a text of 1 to %u bytes", KEY_MOST);
	return NULL;
}

static struct bb_val operator_of(struct bb_call *call, struct scripts *p)
{
	return bb_text(p->api->attr(call, "operator_id"));
}

static void on_value(int err, const struct bb_rows *rows, void *arg)
{
	struct keeping *k = arg;
	if (err) {
		failed(k, err);
		return;
	}
	struct bb_json v = bb_json_make_null();
	if (rows->rows)
		v = bb_cell_parsed(k->plugin->api, k->arena, bb_cell(rows, 0, 0));
	k->plugin->api->resolve(k->reply, &v);
}

int value_get(struct bb_call *call, void *self)
{
	struct scripts *p = self;
	const char *key = key_of(call, p);
	if (!key)
		return BB_DONE;
	const struct bb_val v[] = {operator_of(call, p), bb_text(key)};
	struct keeping *k = later(call, p);
	int err = p->api->read(p->me, p->q[Q_VALUE_GET], 2, v, on_value, k);
	if (err < 0)
		failed(k, err);
	return BB_LATER;
}

static void on_put(int err, const struct bb_rows *rows, void *arg)
{
	struct keeping *k = arg;
	if (err)
		failed(k, err);
	else if (!rows->rows)
		k->plugin->api->reject(k->reply, "Full", "the operator has too many keys");
	else
		k->plugin->api->resolve(k->reply, NULL);
}

static void on_deleted(int err, const struct bb_rows *rows, void *arg)
{
	struct keeping *k = arg;
	(void)rows;
	if (err)
		failed(k, err);
	else
		k->plugin->api->resolve(k->reply, NULL);
}

static void write_value(struct keeping *k, enum query q, const struct bb_val *v, uint32_t n,
			bb_rows_fn *fn)
{
	const struct bb_api *api = k->plugin->api;
	struct bb_unit *unit = api->begin(k->plugin->me);
	int err = api->add(unit, k->plugin->q[q], n, v, NULL, NULL);
	if (!err)
		err = api->commit(unit, fn, k);
	else
		api->rollback(unit);
	if (err < 0)
		failed(k, err);
}

/* nil takes the key away. */
int value_put(struct bb_call *call, void *self)
{
	struct scripts *p = self;
	const struct bb_json *value = bb_json_at(p->api->payload(call), 1);
	const char *key = key_of(call, p);
	if (!key)
		return BB_DONE;
	struct bb_val v[5] = {operator_of(call, p), bb_text(key)};
	if (!value || value->type == BB_JSON_NULL) {
		write_value(later(call, p), Q_VALUE_DELETE, v, 2, on_deleted);
		return BB_LATER;
	}
	size_t len;
	const char *text = p->api->json_write(p->api->arena(call), value, &len);
	if ((int64_t)len > p->cfg->value_bytes) {
		p->api->fail(call, "TooLong", "the value is longer than %lld bytes of JSON",
			     (long long)p->cfg->value_bytes);
		return BB_DONE;
	}
	v[2] = bb_textn(text, (uint32_t)len);
	v[3] = bb_now(p->api, p->api->arena(call));
	v[4] = bb_i64(p->cfg->value_keys);
	write_value(later(call, p), Q_VALUE_PUT, v, 5, on_put);
	return BB_LATER;
}
