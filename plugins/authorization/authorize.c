/* The hook `authorize`: may this token charge here? Read from storage each time, so that every node
 * answers by the same rows; when storage is away the question fails, and nobody charges for it. */
#include "authorization.h"
#include "id_tag.h"
#include "verdict.h"

/* Columns of the query. */
enum {
	ID,
	PARENT,
	USER,
	MAX_ACTIVE,
	OWN, /* the first of a standing's columns */
	GROUP = OWN + 4,
	GROUP_MAX_ACTIVE = GROUP + 4,
	ACCESS,
	OWN_RULE,
	GROUP_RULE,
	UNKNOWN,
	DEFAULT_MAX_ACTIVE,
};

static bool cell_is(const struct bb_rows *r, uint32_t column, const char *text)
{
	const char *is = bb_cell_text(r, 0, column);
	return is && !strcmp(is, text);
}

static int64_t time_of(const struct bb_api *api, const struct bb_rows *r, uint32_t column,
		       int64_t other)
{
	const char *text = bb_cell_text(r, 0, column);
	int64_t ms = other;
	if (text && api->time_parse(text, strlen(text), &ms))
		return 0; /* not readable: not valid any more */
	return ms;
}

static struct standing standing_of(const struct bb_api *api, const struct bb_rows *r,
				   uint32_t first)
{
	return (struct standing){
	    .status = bb_cell_text(r, 0, first),
	    .from_ms = time_of(api, r, first + 1, ALWAYS),
	    .expires_ms = time_of(api, r, first + 2, NEVER),
	    .listed = cell_is(r, first + 3, "listed"),
	};
}

static struct token token_of(const struct bb_api *api, const struct bb_rows *r)
{
	return (struct token){
	    .own = standing_of(api, r, OWN),
	    .group = standing_of(api, r, GROUP),
	    .allowed = cell_is(r, OWN_RULE, "allow") || cell_is(r, GROUP_RULE, "allow"),
	    .denied = cell_is(r, OWN_RULE, "deny") || cell_is(r, GROUP_RULE, "deny"),
	    .listed = cell_is(r, ACCESS, "listed"),
	};
}

static void put_if(struct bb_builder *b, const char *key, const struct bb_rows *r, uint32_t column)
{
	if (bb_cell(r, 0, column)->type != BB_NULL)
		bb_put(b, key, bb_cell_json(b->arena, bb_cell(r, 0, column)));
}

/* A limit that whoever stores the start counts by; 0 is none. */
static void put_limit(struct bb_builder *b, const char *key, int64_t most)
{
	if (most)
		bb_put_int(b, key, most);
}

/* The member of a group may charge no longer than the group. */
static void put_expiry(struct bb_builder *b, const struct bb_rows *r, const struct token *t)
{
	bool group = t->group.status && t->group.expires_ms < t->own.expires_ms;
	put_if(b, "expiry_date", r, (group ? GROUP : OWN) + 2);
}

static const struct bb_json *answer_of(const struct authorization *p, struct bb_arena *a,
				       const struct bb_rows *rows, const struct token *t,
				       const char *status)
{
	struct bb_builder b = bb_build(a);
	int64_t most = bb_cell_int(rows, 0, DEFAULT_MAX_ACTIVE, p->cfg->max_active);
	bb_put_str(&b, "status", status);
	put_if(&b, "parent_id_tag", rows, PARENT);
	put_expiry(&b, rows, t);
	put_if(&b, "user_id", rows, USER);
	put_limit(&b, "max_active", bb_cell_int(rows, 0, MAX_ACTIVE, most));
	put_limit(&b, "group_max_active", bb_cell_int(rows, 0, GROUP_MAX_ACTIVE, 0));
	return bb_build_object(&b);
}

/* NULL: somebody else decides. */
static const char *status_of(const struct authorization *p, const struct bb_rows *rows,
			     const struct token *t)
{
	const char *against = objection_to(t, p->api->now_ms());
	if (against || bb_cell(rows, 0, ID)->type != BB_NULL)
		return against ? against : "Accepted";
	const char *settled = bb_cell_text(rows, 0, UNKNOWN);
	const char *unknown = settled ? settled : p->cfg->unknown;
	if (!strcmp(unknown, "pass"))
		return NULL;
	return !strcmp(unknown, "accept") ? "Accepted" : "Invalid";
}

static void answer(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct authorization *p = r->self;
	const struct token t = token_of(p->api, rows);
	const char *status = status_of(p, rows, &t);
	if (status)
		p->api->resolve(r->reply, answer_of(p, r->arena, rows, &t, status));
	else
		p->api->pass(r->reply);
}

static void on_rows(int err, const struct bb_rows *rows, void *arg)
{
	struct bb_rest *r = arg;
	if (err)
		r->api->reject(r->reply, "StorageAway", "the token could not be looked up");
	else if (!rows->rows)
		r->api->resolve(r->reply,
				bb_json_one(r->arena, "status", bb_json_make_str("Invalid")));
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
			     bb_i64(bb_json_get_int(q, "charger_id", 0))};
	r->reply = p->api->defer(call, 0, NULL, NULL);
	int err = p->api->read(p->me, p->q[Q_AUTHORIZE], 3, v, on_rows, r);
	if (err < 0)
		on_rows(err, NULL, r);
	return BB_LATER;
}
