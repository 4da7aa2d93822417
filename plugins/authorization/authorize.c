/* The hook `authorize`: may this token charge? Read from storage each time, so that every node
 * answers by the same rows; when storage is away the question fails, and nobody charges for it. */
#include "authorization.h"
#include "id_tag.h"
#include "verdict.h"

/* Columns of the query. */
enum { PARENT, STATUS, EXPIRES, USER, MAX_ACTIVE, GROUP_STATUS, GROUP_EXPIRES, ACTIVE };

static struct standing standing_of(const struct bb_api *api, const struct bb_rows *r,
				   uint32_t status, uint32_t expires)
{
	struct standing s = {bb_cell_text(r, 0, status), NEVER};
	const char *time = bb_cell_text(r, 0, expires);
	if (time && api->time_parse(time, strlen(time), &s.expires_ms))
		s.expires_ms = 0; /* not readable: not valid any more */
	return s;
}

static bool is_start(const struct bb_json *question)
{
	return !strcmp(bb_json_get_str(question, "purpose", ""), "start");
}

static void put_if(struct bb_builder *b, const char *key, const struct bb_rows *r, uint32_t column)
{
	if (bb_cell(r, 0, column)->type != BB_NULL)
		bb_put(b, key, bb_cell_json(b->arena, bb_cell(r, 0, column)));
}

static void answer_known(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct authorization *p = r->self;
	const struct token t = {
	    .own = standing_of(p->api, rows, STATUS, EXPIRES),
	    .group = standing_of(p->api, rows, GROUP_STATUS, GROUP_EXPIRES),
	    .max_active = bb_cell_int(rows, 0, MAX_ACTIVE, p->cfg->max_active),
	    .active = bb_cell_int(rows, 0, ACTIVE, 0),
	};
	struct bb_builder b = bb_build(r->arena);
	bb_put_str(&b, "status",
		   verdict_of(&t, is_start(p->api->payload(r->call)), p->api->now_ms()));
	put_if(&b, "parent_id_tag", rows, PARENT);
	put_if(&b, "expiry_date", rows, EXPIRES);
	put_if(&b, "user_id", rows, USER);
	p->api->resolve(r->reply, bb_build_object(&b));
}

static void answer(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct authorization *p = r->self;
	if (rows->rows) {
		answer_known(r, rows);
		return;
	}
	if (!strcmp(p->cfg->unknown, "pass")) {
		p->api->pass(r->reply);
		return;
	}
	const char *status = !strcmp(p->cfg->unknown, "accept") ? "Accepted" : "Invalid";
	p->api->resolve(r->reply, bb_json_one(r->arena, "status", bb_json_make_str(status)));
}

static void on_rows(int err, const struct bb_rows *rows, void *arg)
{
	struct bb_rest *r = arg;
	if (err)
		r->api->reject(r->reply, "StorageAway", "the token could not be looked up");
	else
		answer(r, rows);
}

int authorize(struct bb_call *call, void *self)
{
	struct authorization *p = self;
	const struct bb_json *q = p->api->payload(call);
	struct bb_arena *a = p->api->arena(call);
	struct bb_rest *r = bb_alloc(a, sizeof *r);
	*r = (struct bb_rest){.api = p->api, .me = p->me, .call = call, .arena = a, .self = p};
	struct bb_val v[] = {bb_text(bb_json_get_str(q, "operator_id", "default")),
			     bb_text(id_tag_key(a, bb_json_get_str(q, "id_tag", ""))),
			     bb_i64(is_start(q)), bb_i64(bb_json_get_int(q, "charger_id", 0)),
			     bb_member_val(q, "connector_id")};
	r->reply = p->api->defer(call, 0, NULL, NULL);
	int err = p->api->read(p->me, p->q[Q_AUTHORIZE], 5, v, on_rows, r);
	if (err < 0)
		on_rows(err, NULL, r);
	return BB_LATER;
}
