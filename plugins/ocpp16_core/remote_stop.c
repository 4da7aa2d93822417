#include "core16.h"
#include "transaction.h"

static void on_transaction(struct bb_rest *r, const struct bb_rows *rows)
{
	bool by_id = bb_json_get(r->api->payload(r->call), "transaction_id") != NULL;
	if (!rows->rows) {
		bb_rest_fail(r, by_id ? "404" : "409",
			     by_id ? "the charger has no such transaction"
				   : "no transaction is running on this connector");
		return;
	}
	struct transaction t = transaction_from_row(r->api, r->arena, rows, 0);
	if (t.completed || !t.protocol_id) {
		bb_rest_fail(r, "409",
			     bb_printf(r->arena, "transaction %lld is over", (long long)t.id));
		return;
	}
	struct bb_json id = bb_json_make_int(strtoll(t.protocol_id, NULL, 10));
	bb_command_charger(r, "RemoteStopTransaction", bb_json_one(r->arena, "transactionId", id));
}

static void found(struct bb_rest *r)
{
	const struct core16 *core = r->self;
	const struct bb_charger *c = r->arg;
	const struct bb_json *body = r->api->payload(r->call);
	const struct bb_json *id = bb_json_get(body, "transaction_id");
	const struct bb_json *connector = bb_json_get(body, "connector_id");
	if (!id == !connector) {
		bb_rest_fault(r->api, r->call, "transaction_id",
			      "is needed, or else connector_id, and not both");
		bb_rest_fail(r, "422", "which transaction is to stop?");
		return;
	}
	const struct bb_val v[] = {bb_i64(c->id), bb_i64(bb_json_int(id ? id : connector, 0))};
	bb_rest_read(r, core->query[id ? Q_RUNNING_TRANSACTION : Q_RUNNING_ON_CONNECTOR], 2, v,
		     on_transaction);
}

/* POST /api/admin/chargers/{id}/remote-stop */
int remote_stop(struct bb_call *call, void *self)
{
	return charger_route(call, self, found);
}
