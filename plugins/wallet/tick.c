/* The hook `tick`: a running session is cut off when what it costs so far has used up the wallet;
 * until then it holds at least that. */
#include "left.h"
#include "wallet.h"

#define LOOK_AGAIN_MOST_S 3600

/* Columns of the query left_for. */
enum { WALLET_ID, CURRENCY, MODE, BALANCE, LEFT, HELD };

struct asking {
	struct wallet *plugin;
	struct bb_arena *arena;
	struct bb_reply *reply;
	int64_t transaction_id, price_minor, duration_s, left_minor;
	const char *currency;
};

static void cut_off(struct asking *q, const char *reason)
{
	struct bb_builder b = bb_build(q->arena);
	bb_put_bool(&b, "cut_off", true);
	bb_put_str(&b, "reason", reason);
	bb_put_str(&b, "by", "wallet");
	q->plugin->api->resolve(q->reply, bb_build_object(&b));
}

static void go_on(struct asking *q)
{
	int64_t ahead = q->plugin->cfg->cut_off_ahead_ms / 1000;
	struct bb_builder b = bb_build(q->arena);
	int64_t s =
	    left_for_s(q->left_minor, q->price_minor, q->duration_s, LOOK_AGAIN_MOST_S + ahead) -
	    ahead;
	bb_put_bool(&b, "cut_off", false);
	if (s < LOOK_AGAIN_MOST_S)
		bb_put_int(&b, "next_s", s < 1 ? 1 : s);
	q->plugin->api->resolve(q->reply, bb_build_object(&b));
}

static void on_raised(int err, const struct bb_rows *rows, void *arg)
{
	(void)err; /* the next look raises it */
	(void)rows;
	go_on(arg);
}

static void raise_hold(struct asking *q, int64_t wallet_id)
{
	const struct wallet *p = q->plugin;
	int64_t now = p->api->now_ms();
	const struct bb_val v[] = {bb_i64(q->transaction_id), bb_i64(wallet_id),
				   bb_i64(q->price_minor), bb_time(p->api, q->arena, now),
				   bb_time(p->api, q->arena, now + p->cfg->hold_at_most_ms)};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_HOLD_RAISE], sizeof v / sizeof *v, v, NULL, NULL);
	bb_commit(p->api, unit, on_raised, q);
}

static void on_left(int err, const struct bb_rows *rows, void *arg)
{
	struct asking *q = arg;
	const struct wallet *p = q->plugin;
	if (err) {
		p->api->reject(q->reply, "StorageAway", "the wallet could not be looked up");
		return;
	}
	if (!rows->rows || bb_cell(rows, 0, LEFT)->type == BB_NULL) {
		p->api->pass(q->reply);
		return;
	}
	bool prepaid = !strcmp(bb_cell_text(rows, 0, MODE), "prepaid");
	if (strcmp(bb_cell_text(rows, 0, CURRENCY), q->currency) != 0) {
		if (prepaid && q->price_minor)
			cut_off(q, "the price is in another currency than the wallet");
		else
			p->api->pass(q->reply);
		return;
	}
	q->left_minor = bb_cell_int(rows, 0, LEFT, 0);
	if (left_is_used_up(q->left_minor, q->price_minor, q->duration_s,
			    p->cfg->cut_off_ahead_ms / 1000))
		cut_off(q, prepaid ? "the balance is used up" : "the credit is used up");
	else if (q->price_minor > bb_cell_int(rows, 0, HELD, 0))
		raise_hold(q, bb_cell_int(rows, 0, WALLET_ID, 0));
	else
		go_on(q);
}

int tick(struct bb_call *call, void *self)
{
	struct wallet *p = self;
	const struct bb_json *question = p->api->payload(call);
	const char *user_id = bb_json_get_str(question, "user_id", NULL);
	const char *currency = bb_json_get_str(question, "currency", NULL);
	int64_t price = bb_json_get_int(question, "price_so_far_minor", -1);
	if (!user_id || !currency || price < 0)
		return BB_PASS;
	struct asking *q = bb_alloc(p->api->arena(call), sizeof *q);
	*q = (struct asking){
	    .plugin = p,
	    .arena = p->api->arena(call),
	    .transaction_id = bb_json_get_int(question, "transaction_id", 0),
	    .price_minor = price,
	    .duration_s = bb_json_get_int(question, "duration_s", 0),
	    .currency = currency,
	    .reply = p->api->defer(call, 0, NULL, NULL),
	};
	const struct bb_val v[] = {bb_text(bb_json_get_str(question, "operator_id", "default")),
				   bb_text(user_id), bb_i64(q->transaction_id)};
	bb_read(p->api, p->me, p->q[Q_LEFT_FOR], 3, v, on_left, q);
	return BB_LATER;
}
