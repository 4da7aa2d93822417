/* The answer to the question `caller`: whose session's cookie is it? A change needs the session's
 * own token besides, which no other page and no stolen cookie has. */
#include "session.h"

#define SEEN_EVERY_MS 60000

/* Columns of session_find. */
enum { ID, CSRF, SEEN, EXPIRES, USER_ID, NAME, ROLE, OPERATOR, EMAIL, CONFIRMED };

struct asking {
	struct users *p;
	struct bb_arena *arena;
	struct bb_reply *reply;
	const struct bb_json *question;
};

/* What a user without the second factor that they must have can still do. */
static bool is_for_limited(const char *path)
{
	return !strcmp(path, "/auth/profile") || !strcmp(path, "/auth/logout") ||
	       !strcmp(path, "/auth/totp") || !strcmp(path, "/auth/totp/confirm");
}

static void refuse_caller(const struct asking *q, int status, const char *detail)
{
	struct bb_builder b = bb_build(q->arena);
	bb_put_int(&b, "status", status);
	bb_put_str(&b, "detail", detail);
	q->p->api->resolve(q->reply, bb_build_object(&b));
}

/* Whether somebody may still hear what they once asked for is nothing that they do. */
static void note_seen(const struct asking *q, const struct bb_rows *rows)
{
	const struct users *p = q->p;
	if (bb_json_bool(bb_json_get(q->question, "again"), false))
		return;
	const char *seen = bb_cell_text(rows, 0, SEEN);
	int64_t at, now = p->api->now_ms();
	if (!p->api->time_parse(seen, strlen(seen), &at) && now - at < SEEN_EVERY_MS)
		return;
	const struct bb_val v[] = {*bb_cell(rows, 0, ID), bb_time(p->api, q->arena, now)};
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_SESSION_SEEN], 2, v, NULL, NULL);
	p->api->commit(unit, NULL, NULL);
}

static void tell(const struct asking *q, const struct bb_rows *rows)
{
	static const struct {
		const char *member;
		uint32_t column;
	} map[] = {{"name", NAME},       {"role", ROLE},   {"operator_id", OPERATOR},
		   {"user_id", USER_ID}, {"email", EMAIL}, {"expires_at", EXPIRES}};
	struct bb_builder b = bb_build(q->arena);
	bb_put_str(&b, "kind", "session");
	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		bb_put(&b, map[i].member, bb_cell_json(q->arena, bb_cell(rows, 0, map[i].column)));
	q->p->api->resolve(q->reply, bb_build_object(&b));
}

static void found(int err, const struct bb_rows *rows, void *arg)
{
	const struct asking *q = arg;
	const char *csrf = bb_json_get_str(q->question, "csrf", NULL);
	const char *path = bb_json_get_str(q->question, "path", "");
	if (err)
		q->p->api->reject(q->reply,
				  err == -EAGAIN || err == -ECANCELED ? "Timeout" : "Storage",
				  "sessions cannot be read");
	else if (!rows->rows)
		refuse_caller(q, 401, "the session is over; sign in again");
	else if (!bb_is_reading(bb_json_get_str(q->question, "method", "")) &&
		 !token_has_hash(csrf, bb_cell_text(rows, 0, CSRF)))
		refuse_caller(q, 403,
			      "a change needs the session's token in the header X-CSRF-Token");
	else if (bb_cell(rows, 0, CONFIRMED)->type == BB_NULL &&
		 totp_is_required(q->p, bb_cell_text(rows, 0, ROLE)) && !is_for_limited(path))
		refuse_caller(q, 403, "set up a second factor first: POST /auth/totp");
	else {
		note_seen(q, rows);
		tell(q, rows);
	}
}

int caller(struct bb_call *call, void *self)
{
	struct users *p = self;
	struct bb_arena *a = p->api->arena(call);
	const struct bb_json *question = p->api->payload(call);
	const char *token = session_token(p, a, bb_json_get_str(question, "cookie", NULL),
					  bb_json_get_str(question, "remote", ""));
	if (!token)
		return BB_PASS;
	struct asking *q = bb_alloc(a, sizeof *q);
	*q = (struct asking){p, a, p->api->defer(call, 0, NULL, NULL), question};
	char hash[TOKEN_SIZE];
	token_hash(token, hash);
	const struct bb_val v[] = {bb_text(hash), bb_now(p->api, a), session_idle_since(p, a)};
	bb_read(p->api, p->me, p->q[Q_SESSION_FIND], 3, v, found, q);
	return BB_LATER;
}
