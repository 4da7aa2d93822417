/* The hook `authorize`: who has no money starts nothing; who has, has some held for the session
 * that may follow. All else is for the handlers behind it to say. */
#include <busbar/id_tag.h>

#include "wallet.h"

/* Columns of the query holder. */
enum { WALLET_ID, USER_ID, MODE, AVAILABLE, RUNNING };

struct asking {
	struct wallet *plugin;
	struct bb_arena *arena;
	struct bb_reply *reply;
	const struct bb_json *question;
	const char *user_id, *id_tag_key;
	bool start;
};

static void refuse_start(struct asking *q)
{
	struct bb_builder b = bb_build(q->arena);
	bb_put_str(&b, "status", "Blocked");
	bb_put_str(&b, "user_id", q->user_id);
	q->plugin->api->resolve(q->reply, bb_build_object(&b));
}

static void on_held(int err, const struct bb_rows *rows, void *arg)
{
	struct asking *q = arg;
	if (err)
		q->plugin->api->reject(q->reply, "StorageAway", "the hold could not be stored");
	else if (rows->rows)
		q->plugin->api->pass(q->reply);
	else
		refuse_start(q);
}

static void hold(struct asking *q, int64_t wallet_id)
{
	const struct wallet *p = q->plugin;
	const struct bb_api *api = p->api;
	int64_t now = api->now_ms();
	const struct bb_val expire[] = {bb_i64(wallet_id), bb_time(api, q->arena, now)};
	const struct bb_val v[] = {
	    bb_i64(wallet_id),
	    bb_member_val(q->question, "charger_id"),
	    bb_i64(bb_json_get_int(q->question, "connector_id", 0)),
	    bb_text(q->id_tag_key),
	    bb_member_val(q->question, "at"),
	    bb_i64(p->cfg->hold_minor),
	    bb_i64(p->cfg->start_minimum_minor),
	    bb_time(api, q->arena, now),
	    bb_time(api, q->arena, now + p->cfg->hold_for_ms),
	};
	struct bb_unit *unit = api->begin(p->me);
	api->add(unit, p->q[Q_LOCK], 1, v, NULL, NULL);
	api->add(unit, p->q[Q_HOLDS_EXPIRE_OF], 2, expire, NULL, NULL);
	api->add(unit, p->q[Q_HOLD], sizeof v / sizeof *v, v, NULL, NULL);
	bb_commit(api, unit, on_held, q);
}

/* A card that is shown is refused early, but never to one who may want to stop with it. */
static void on_holder(int err, const struct bb_rows *rows, void *arg)
{
	struct asking *q = arg;
	const struct wallet *p = q->plugin;
	if (err) {
		p->api->reject(q->reply, "StorageAway", "the wallet could not be looked up");
		return;
	}
	if (!rows->rows || bb_cell(rows, 0, AVAILABLE)->type == BB_NULL) {
		p->api->pass(q->reply);
		return;
	}
	bool prepaid = !strcmp(bb_cell_text(rows, 0, MODE), "prepaid");
	int64_t available = bb_cell_int(rows, 0, AVAILABLE, 0);
	bool enough = prepaid ? available >= p->cfg->start_minimum_minor : available > 0;
	q->user_id = bb_strdup(q->arena, bb_cell_text(rows, 0, USER_ID));
	if (q->start && prepaid)
		hold(q, bb_cell_int(rows, 0, WALLET_ID, 0));
	else if (enough || (!q->start && bb_cell_int(rows, 0, RUNNING, 0)))
		p->api->pass(q->reply);
	else
		refuse_start(q);
}

int authorize_hold(struct bb_call *call, void *self)
{
	struct wallet *p = self;
	const struct bb_json *question = p->api->payload(call);
	const char *purpose = bb_json_get_str(question, "purpose", "");
	bool start = !strcmp(purpose, "start");
	if (!start && strcmp(purpose, "authorize") != 0)
		return BB_PASS;
	struct asking *q = bb_alloc(p->api->arena(call), sizeof *q);
	*q = (struct asking){
	    .plugin = p, .arena = p->api->arena(call), .question = question, .start = start};
	q->id_tag_key = bb_id_tag_key(q->arena, bb_json_get_str(question, "id_tag", ""));
	const struct bb_val v[] = {bb_text(bb_json_get_str(question, "operator_id", "default")),
				   bb_text(q->id_tag_key), bb_now(p->api, q->arena)};
	q->reply = p->api->defer(call, 0, NULL, NULL);
	bb_read(p->api, p->me, p->q[Q_HOLDER], 3, v, on_holder, q);
	return BB_LATER;
}

/* A unit of its own whose end nobody waits for: the sweep makes up for what fails. */
static void write(const struct wallet *p, enum query q, uint32_t n, const struct bb_val *v)
{
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[q], n, v, NULL, NULL);
	p->api->commit(unit, NULL, NULL);
}

/* What was refused after the wallet was asked, by a station's list or a limit, holds nothing. */
void link_hold(const struct bb_json *event, void *self)
{
	const struct wallet *p = self;
	bool accepted = !strcmp(bb_json_get_str(event, "token_status", ""), "Accepted");
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val v[] = {
	    bb_member_val(event, "charger_id"),
	    bb_member_val(event, "connector_id"),
	    bb_text(bb_id_tag_key(a, bb_json_get_str(event, "id_tag", ""))),
	    bb_member_val(event, "started_at"),
	    bb_member_val(event, "transaction_id"),
	    bb_time(p->api, a, p->api->now_ms() + p->cfg->hold_at_most_ms),
	};
	if (accepted)
		write(p, Q_HOLD_LINK, sizeof v / sizeof *v, v);
	else
		write(p, Q_HOLD_DROP, 4, v);
	p->api->arena_free(a);
}

void sweep_holds(void *arg)
{
	const struct wallet *p = arg;
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val until = bb_time(p->api, a, p->api->now_ms() + p->cfg->hold_at_most_ms);
	const struct bb_val now = bb_now(p->api, a);
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_HOLDS_LINK], 1, &until, NULL, NULL);
	p->api->add(unit, p->q[Q_HOLDS_EXPIRE], 1, &now, NULL, NULL);
	p->api->commit(unit, NULL, NULL);
	p->api->arena_free(a);
}
