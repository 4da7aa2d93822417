/* The task bill_owed: money has come, or more credit: what did not fit before is billed now, the
 * oldest first. */
#include "wallet.h"

struct collecting {
	struct wallet *plugin;
	struct bb_arena *arena;
	struct bb_reply *reply;
};

int enqueue_owed(const struct wallet *p, struct bb_unit *unit, struct bb_arena *a,
		 int64_t wallet_id)
{
	return p->api->enqueue(p->me, unit, "bill_owed",
			       bb_json_one(a, "wallet_id", bb_json_make_int(wallet_id)));
}

static void on_enqueued(int err, const struct bb_rows *rows, void *arg)
{
	struct collecting *c = arg;
	(void)rows;
	if (err)
		c->plugin->api->reject(c->reply, "StorageError", "the tasks could not be stored");
	else
		c->plugin->api->resolve(c->reply, bb_json_empty(c->arena));
}

static void on_owed(int err, const struct bb_rows *rows, void *arg)
{
	struct collecting *c = arg;
	const struct bb_api *api = c->plugin->api;
	if (err || !rows->rows) {
		on_enqueued(err, NULL, c);
		return;
	}
	struct bb_unit *unit = api->begin(c->plugin->me);
	for (uint32_t i = 0; i < rows->rows; i++)
		api->enqueue(c->plugin->me, unit, "bill_transaction",
			     bb_json_one(c->arena, "transaction_id",
					 bb_json_make_int(bb_cell_int(rows, i, 0, 0))));
	err = api->commit(unit, on_enqueued, c);
	if (err < 0)
		on_enqueued(err, NULL, c);
}

int bill_owed(struct bb_call *call, void *self)
{
	struct wallet *p = self;
	struct collecting *c = bb_alloc(p->api->arena(call), sizeof *c);
	const struct bb_val id = bb_i64(bb_json_get_int(p->api->payload(call), "wallet_id", 0));
	*c = (struct collecting){p, p->api->arena(call), p->api->defer(call, 0, NULL, NULL)};
	bb_read(p->api, p->me, p->q[Q_OWED], 1, &id, on_owed, c);
	return BB_LATER;
}
