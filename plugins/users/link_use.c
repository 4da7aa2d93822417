/* A link's token comes back: it signs in, or sets a password. Once. */
#include "hashing.h"
#include "link.h"

#define OVER "this link has been used, is not the newest, or has expired"

/* What both begin with: the user of the token in the body, in r->arg; then `found`. */
static int begin(struct users *p, struct bb_call *call, const char *purpose, const char *or_purpose,
		 bb_rest_fn *found)
{
	char hash[TOKEN_SIZE];
	struct bb_arena *a = p->api->arena(call);
	if (!sign_in_is_ours(p, call))
		return BB_DONE;
	token_hash(bb_json_get_str(p->api->payload(call), "token", ""), hash);
	struct sign_in *s = sign_in_begin(p, call, bb_printf(a, "link:%s", hash));
	if (!s)
		return BB_DONE;
	s->more = bb_strdup(a, hash);
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = s;
	const struct bb_val v[] = {bb_text(hash), bb_text(purpose), bb_text(or_purpose),
				   bb_now(p->api, a)};
	return bb_rest_read(r, p->q[Q_SIGN_IN_OF_LINK], 4, v, found);
}

/* Codes are guessed at the user's cost, whichever link they come with. */
static bool move_account(struct bb_rest *r, struct sign_in *s)
{
	struct users *p = r->self;
	attempts_forget(p->accounts, s->account);
	s->account = s->email_key ? s->email_key : s->user_id;
	int64_t wait_s = attempts_take(p->accounts, s->account, r->api->now_ms());
	if (!wait_s)
		return true;
	attempts_give_back(p->networks, s->network);
	r->api->set_header(r->call, "retry-after", bb_printf(r->arena, "%lld", (long long)wait_s));
	bb_rest_fail(r, "429", "too many attempts have failed; wait");
	return false;
}

static void used(struct bb_rest *r, const struct bb_rows *rows)
{
	struct sign_in *s = r->arg;
	if (rows->rows)
		session_begin(r, s);
	else
		sign_in_failed(r, s, OVER);
}

static void use(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct users *p = r->self;
	const struct sign_in *s = r->arg;
	const struct bb_val v[] = {bb_text(s->more)};
	(void)rows;
	bb_rest_write(r, p->q[Q_LINK_USE], 1, v, used);
}

static void login_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct sign_in *s = r->arg;
	sign_in_read(r->arena, s, rows);
	s->then = use;
	if (!s->user_id)
		sign_in_failed(r, s, OVER);
	else if (move_account(r, s))
		factor_demand(r, s);
}

int link_consume(struct bb_call *call, void *self)
{
	return begin(self, call, "login", NULL, login_found);
}

static void set(struct bb_rest *r, const struct bb_rows *rows)
{
	struct sign_in *s = r->arg;
	if (!rows->rows) {
		sign_in_failed(r, s, OVER);
		return;
	}
	sign_in_good(r->self, s);
	session_set_caller(r, s);
	bb_rest_gone(r);
}

/* All of the user's links go with it, and their sessions end. */
static void hashed(struct bb_rest *r, const struct hashing *h)
{
	const struct users *p = r->self;
	const struct sign_in *s = r->arg;
	const struct bb_val now = bb_now(r->api, r->arena), link = bb_text(s->more);
	const struct bb_val v[] = {link, bb_text(h->made), now};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_LINK_LOCK], 1, &link, NULL, NULL);
	r->api->add(unit, p->q[Q_PASSWORD_BY_LINK], 3, v, NULL, NULL);
	r->api->add(unit, p->q[Q_SESSIONS_END_BY_LINK], 1, &link, NULL, NULL);
	r->api->add(unit, p->q[Q_LINKS_USE], 1, &link, NULL, NULL);
	bb_rest_commit(r, unit, set);
}

static void reset_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct sign_in *s = r->arg;
	const char *password = bb_json_get_str(r->api->payload(r->call), "password", "");
	sign_in_read(r->arena, s, rows);
	if (!s->user_id) {
		sign_in_failed(r, s, OVER);
		return;
	}
	if (password_check(r, "password", password, s->email))
		hashing_make(r, password, hashed);
	else
		sign_in_undone(r->self, s);
}

int reset_consume(struct bb_call *call, void *self)
{
	return begin(self, call, "reset", "invite", reset_found);
}
