/* Bills over REST: what became of sessions' prices; and once more, when what stood in the way is
 * mended. */
#include <busbar/users.h>

#include "wallet.h"

/* The query's last amounts, of the currency behind them. */
enum { AMOUNT = 11, TAX, REFUNDED, OWED, CURRENCY };

static const struct bb_json *bill_json(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				       void *arg)
{
	static const char *const names[] = {"amount", "tax", "refunded", "owed"};
	struct bb_builder b = bb_build(a);
	(void)arg;
	for (uint32_t c = 1; c < AMOUNT; c++)
		bb_put_column(&b, r, row, c);
	for (uint32_t c = AMOUNT; c < CURRENCY; c++)
		bb_put(&b, names[c - AMOUNT],
		       bb_money_json(a, bb_cell(r, row, c), bb_cell(r, row, CURRENCY)));
	return bb_build_object(&b);
}

int bill_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"state", BB_BY_TEXT}, {"reason", BB_BY_TEXT}, {"user", BB_BY_TEXT},
	    {"wallet", BB_BY_INT}, {"from", BB_BY_TIME},   {"to", BB_BY_TIME},
	    {"cursor", BB_BY_INT},
	};
	struct wallet *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_BILL_LIST], filters,
			    sizeof filters / sizeof *filters, bill_json);
}

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	bb_rest_done(r, bill_json(r->arena, rows, 0, NULL));
}

int bill_get(struct bb_call *call, void *self)
{
	struct wallet *p = self;
	return bb_rest_find(p->api, p->me, call, p, "bill", p->q[Q_BILL_GET], show, NULL);
}

/* In r->arg: the task, and what is answered. */
struct again {
	const struct bb_json *task, *answer;
};

static void enqueued(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	r->api->set_status(r->call, 202);
	bb_rest_done(r, r->arg);
}

static void bill_soon(struct bb_rest *r)
{
	const struct again *again = r->arg;
	struct bb_unit *unit = r->api->begin(r->me);
	r->arg = (void *)again->answer;
	r->api->enqueue(r->me, unit, "bill_transaction", again->task);
	bb_rest_commit(r, unit, enqueued);
}

/* Columns: id, the transaction's state, the bill's, what is owed, whose it is. */
static void wanted(struct bb_rest *r, const struct bb_rows *rows)
{
	const char *state = bb_cell_text(rows, 0, 2);
	const struct bb_json *user = bb_json_get(r->api->payload(r->call), "user_id");
	if (strcmp(bb_cell_text(rows, 0, 1), "completed") != 0) {
		bb_rest_fail(r, "409", "the transaction is not over");
		return;
	}
	if (state && strcmp(state, "unbilled") != 0 && !bb_cell_int(rows, 0, 3, 0)) {
		bb_rest_fail(r, "409", "the transaction is billed");
		return;
	}
	struct bb_builder task = bb_build(r->arena), answer = bb_build(r->arena);
	bb_put(&task, "transaction_id", bb_cell_json(r->arena, bb_cell(rows, 0, 0)));
	bb_put(&answer, "transaction_id", bb_cell_json(r->arena, bb_cell(rows, 0, 0)));
	bb_put_str(&answer, "state", state ? bb_strdup(r->arena, state) : "unbilled");
	bb_put_json(&answer, "user_id", user);
	if (user)
		bb_put_json(&task, "user_id", user);
	bb_put_bool(&task, "ask_token", true);
	struct again *again = bb_alloc(r->arena, sizeof *again);
	*again = (struct again){bb_build_object(&task), bb_build_object(&answer)};
	r->arg = again;
	bb_rest_user_fits(r, bb_json_str(user, NULL), bb_strdup(r->arena, bb_cell_text(rows, 0, 4)),
			  bill_soon);
}

int bill_again(struct bb_call *call, void *self)
{
	struct wallet *p = self;
	return bb_rest_find(p->api, p->me, call, p, "transaction", p->q[Q_BILL_WANTED], wanted,
			    NULL);
}
