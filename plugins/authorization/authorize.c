/* The hook `authorize`: may this token charge here? Read from storage each time, so that every node
 * answers by the same rows; when storage is away the question fails, and nobody charges for it. */
#include <busbar/id_tag.h>

#include "authorization.h"
#include "service.h"
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
	SETTLED,
	ACCESS,
	OWN_RULE,
	GROUP_RULE,
	UNKNOWN,
	DEFAULT_MAX_ACTIVE,
	SERVICE_URL,
	SERVICE_SECRET,
	SERVICE_TIMEOUT,
	SERVICE_FALLBACK,
	SERVICE_TOKENS,
	SERVICE_LISTS,
	STATION,
	ANSWER_STATUS,
	ANSWER_PARENT,
	ANSWER_EXPIRES,
	ANSWER_USER,
	ANSWER_MAX_ACTIVE,
	ANSWER_GROUP_MAX_ACTIVE,
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

/* What the operator's service has said and still holds. */
static const struct bb_json *said_before(struct bb_arena *a, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(a);
	put_if(&b, "status", rows, ANSWER_STATUS);
	put_if(&b, "parent_id_tag", rows, ANSWER_PARENT);
	put_if(&b, "expiry_date", rows, ANSWER_EXPIRES);
	put_if(&b, "user_id", rows, ANSWER_USER);
	put_if(&b, "max_active", rows, ANSWER_MAX_ACTIVE);
	put_if(&b, "group_max_active", rows, ANSWER_GROUP_MAX_ACTIVE);
	return bb_build_object(&b);
}

static const char *kept(struct bb_arena *a, const struct bb_rows *rows, uint32_t column)
{
	const char *text = bb_cell_text(rows, 0, column);
	return text ? bb_strdup(a, text) : NULL;
}

/* Nothing stored speaks against the token: the operator's service decides. */
static void ask(struct bb_rest *r, const struct bb_rows *rows, const struct token *t)
{
	const struct authorization *p = r->self;
	const struct bb_json *question = p->api->payload(r->call);
	bool registered = bb_cell(rows, 0, ID)->type != BB_NULL;
	bool locally = cell_is(rows, SERVICE_FALLBACK, "accept") ||
		       (registered && !cell_is(rows, SERVICE_FALLBACK, "deny"));
	struct inquiry *q = bb_zalloc(r->arena, sizeof *q);
	*q = (struct inquiry){
	    .operator_id = bb_json_get_str(question, "operator_id", "default"),
	    .id_tag = bb_json_get_str(question, "id_tag", ""),
	    .url = kept(r->arena, rows, SERVICE_URL),
	    .secret = kept(r->arena, rows, SERVICE_SECRET),
	    .timeout_ms = bb_cell_int(rows, 0, SERVICE_TIMEOUT, 1000),
	    .lists = bb_cell_int(rows, 0, SERVICE_LISTS, 0),
	    .registered = registered,
	    .station_id = bb_cell_int(rows, 0, STATION, 0),
	    .base = answer_of(p, r->arena, rows, t, "Accepted"),
	    .fallback = answer_of(p, r->arena, rows, t, locally ? "Accepted" : "Invalid"),
	};
	if (bb_cell(rows, 0, ANSWER_STATUS)->type != BB_NULL)
		p->api->resolve(r->reply,
				service_merge(r->arena, said_before(r->arena, rows), q->base));
	else
		service_ask(r, q);
}

/* What becomes of a token that nothing stored speaks against: accept, invalid, pass, ask. */
static const char *policy_of(const struct authorization *p, const struct bb_rows *rows)
{
	bool service = bb_cell(rows, 0, SERVICE_URL)->type != BB_NULL;
	const char *settled = bb_cell_text(rows, 0, UNKNOWN),
		   *policy = settled ? settled : p->cfg->unknown;
	if (bb_cell(rows, 0, ID)->type != BB_NULL)
		return service && cell_is(rows, SERVICE_TOKENS, "all") ? "ask" : "accept";
	return strcmp(policy, "ask") != 0 || service ? policy : "invalid";
}

static void answer(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct authorization *p = r->self;
	const struct token t = token_of(p->api, rows);
	const char *status = objection_to(&t, p->api->now_ms());
	if (!status) {
		const char *policy = policy_of(p, rows);
		if (!strcmp(policy, "pass")) {
			p->api->pass(r->reply);
			return;
		}
		if (!strcmp(policy, "ask")) {
			ask(r, rows, &t);
			return;
		}
		status = !strcmp(policy, "accept") ? "Accepted" : "Invalid";
	}
	p->api->resolve(r->reply, answer_of(p, r->arena, rows, &t, status));
}

static void read_row(struct bb_rest *r, enum query q, uint32_t n);

static bool *settled_at(struct authorization *p, const char *operator_id)
{
	uint32_t hash = 5381;
	for (const char *c = operator_id; *c; c++)
		hash = hash * 33 + (unsigned char)*c;
	return &p->settled[hash % (sizeof p->settled / sizeof *p->settled)];
}

static const char *operator_of(const struct bb_rest *r)
{
	return bb_json_get_str(r->api->payload(r->call), "operator_id", "default");
}

static void on_rows(int err, const struct bb_rows *rows, void *arg)
{
	struct bb_rest *r = arg;
	bool *settled = settled_at(r->self, operator_of(r));
	if (err) {
		r->api->reject(r->reply, "StorageAway", "the token could not be looked up");
	} else if (bb_cell_int(rows, 0, SETTLED, 0) && !*settled) {
		*settled = true;
		read_row(r, Q_AUTHORIZE, 4);
	} else {
		answer(r, rows);
	}
}

static void read_row(struct bb_rest *r, enum query q, uint32_t n)
{
	const struct authorization *p = r->self;
	const struct bb_json *question = p->api->payload(r->call);
	const char *id_tag = bb_json_get_str(question, "id_tag", "");
	const struct bb_val v[] = {
	    bb_text(operator_of(r)),
	    bb_text(bb_id_tag_key(r->arena, id_tag)),
	    bb_i64(bb_json_get_int(question, "charger_id", 0)),
	    bb_now(p->api, r->arena),
	};
	bb_read(p->api, p->me, p->q[q], n, v, on_rows, r);
}

int authorize(struct bb_call *call, void *self)
{
	struct authorization *p = self;
	struct bb_arena *a = p->api->arena(call);
	struct bb_rest *r = bb_alloc(a, sizeof *r);
	*r = (struct bb_rest){.api = p->api, .me = p->me, .call = call, .arena = a, .self = p};
	r->reply = p->api->defer(call, 0, NULL, NULL);
	if (*settled_at(p, operator_of(r)))
		read_row(r, Q_AUTHORIZE, 4);
	else
		read_row(r, Q_AUTHORIZE_PLAIN, 2);
	return BB_LATER;
}
