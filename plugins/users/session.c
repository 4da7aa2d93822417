#include "session.h"

#include "cookie.h"

#define PLAIN "busbar"
#define AGENT_MOST 200u

static bool is_loopback(const char *remote)
{
	if (!strncmp(remote, "::ffff:", 7))
		remote += 7;
	return !strncmp(remote, "127.", 4) || !strcmp(remote, "::1");
}

const char *session_token(const struct users *p, struct bb_arena *a, const char *cookies,
			  const char *remote)
{
	const char *token = cookie_find(a, cookies, BB_SESSION_COOKIE);
	if (!token && p->cfg->insecure_cookies && is_loopback(remote))
		token = cookie_find(a, cookies, PLAIN);
	return token;
}

/* Empty with an age of 0 takes the cookie away. */
static void set_cookie(const struct users *p, struct bb_call *call, const char *token,
		       int64_t age_s)
{
	const struct bb_http *http = p->api->http(call);
	bool plain = p->cfg->insecure_cookies && !http->tls && is_loopback(http->remote);
	p->api->set_header(call, "set-cookie",
			   bb_printf(p->api->arena(call),
				     "%s=%s; Path=/; Max-Age=%lld; HttpOnly;%s SameSite=Lax",
				     plain ? PLAIN : BB_SESSION_COOKIE, token, (long long)age_s,
				     plain ? "" : " Secure;"));
}

void session_cookie_clear(const struct users *p, struct bb_call *call)
{
	set_cookie(p, call, "", 0);
}

struct bb_val session_idle_since(const struct users *p, struct bb_arena *a)
{
	return bb_time(p->api, a, p->api->now_ms() - p->cfg->session_idle_ms);
}

bool session_own(struct users *p, struct bb_call *call, struct own *ret)
{
	const char *kind = p->api->attr(call, "caller_kind");
	const char *user_id = p->api->attr(call, "account_id");
	const char *token = session_token(p, p->api->arena(call), p->api->header(call, "cookie"),
					  p->api->http(call)->remote);
	if (!kind || strcmp(kind, "session") != 0 || !user_id || !token) {
		p->api->fail(call, "403", "this is for users who have signed in");
		return false;
	}
	ret->user_id = user_id;
	token_hash(token, ret->token_hash);
	return true;
}

/* What has begun, until its answer leaves. */
struct beginning {
	char token[TOKEN_SIZE], csrf[TOKEN_SIZE];
	const char *expires_at;
	int64_t age_s;
	bool limited;
	const struct sign_in *who;
};

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct beginning *s = r->arg;
	struct bb_builder b = bb_build(r->arena);
	set_cookie(r->self, r->call, s->token, s->age_s);
	r->api->set_header(r->call, "cache-control", "no-store");
	bb_put_json(&b, "user", user_json(r->arena, rows, 0, NULL));
	bb_put_str(&b, "csrf_token", s->csrf);
	bb_put_str(&b, "expires_at", s->expires_at);
	bb_put_bool(&b, "totp_required", s->limited);
	bb_rest_done(r, bb_build_object(&b));
}

void session_set_caller(struct bb_rest *r, const struct sign_in *s)
{
	const struct {
		const char *attr, *value;
	} map[] = {{"caller_kind", "session"},
		   {"key_id", bb_printf(r->arena, "user:%s", s->user_id)},
		   {"key_name", s->name},
		   {"role", s->role},
		   {"operator_id", s->operator_id},
		   {"account_id", s->user_id},
		   {"secret", "1"}};
	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		if (map[i].value)
			r->api->set_attr(r->call, map[i].attr, map[i].value);
}

static void stored(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct users *p = r->self;
	const struct beginning *s = r->arg;
	(void)rows;
	sign_in_good(p, s->who);
	session_set_caller(r, s->who);
	const struct bb_val v[] = {bb_text(s->who->user_id), bb_null()};
	bb_rest_one(r, "user", p->q[Q_GET], 2, v, show);
}

static const char *agent(struct bb_rest *r)
{
	const char *text = r->api->header(r->call, "user-agent");
	size_t len = text ? strlen(text) : 0;
	return text ? bb_strndup(r->arena, text, len < AGENT_MOST ? len : AGENT_MOST) : NULL;
}

static void add(struct bb_rest *r, struct bb_unit *unit, const struct beginning *s)
{
	const struct users *p = r->self;
	const struct bb_val now = bb_now(r->api, r->arena), user_id = bb_text(s->who->user_id);
	char token[TOKEN_SIZE], csrf[TOKEN_SIZE];
	token_hash(s->token, token);
	token_hash(s->csrf, csrf);
	const struct bb_val v[] = {
	    bb_text(r->api->new_id(r->arena)),
	    user_id,
	    bb_text(token),
	    bb_text(csrf),
	    bb_text(r->api->http(r->call)->remote),
	    bb_text(agent(r)),
	    now,
	    bb_text(s->expires_at),
	};
	const struct bb_val seen[] = {user_id, now};
	r->api->add(unit, p->q[Q_SESSION_INSERT], sizeof v / sizeof *v, v, NULL, NULL);
	r->api->add(unit, p->q[Q_SESSIONS_TRIM], 1, &user_id, NULL, NULL);
	r->api->add(unit, p->q[Q_USER_SIGNED_IN], 2, seen, NULL, NULL);
}

bool operator_is_disabled(const struct users *p, const char *operator_id)
{
	return p->operators && operator_id && p->operators->may(operator_id) == -EACCES;
}

void session_begin(struct bb_rest *r, const struct sign_in *who)
{
	const struct users *p = r->self;
	struct beginning *s = bb_zalloc(r->arena, sizeof *s);
	if (!bb_operator_admits(p->operators, r, who->operator_id)) {
		sign_in_good(p, who); /* nothing was guessed */
		return;
	}
	s->who = who;
	s->limited = !who->totp_secret && totp_is_required(p, who->role);
	s->age_s = p->cfg->session_most_ms / 1000;
	s->expires_at = r->api->time_format(r->arena, r->api->now_ms() + p->cfg->session_most_ms);
	r->arg = s;
	if (!token_new(s->token) || !token_new(s->csrf)) {
		bb_rest_fail(r, "500", "no random numbers");
		return;
	}
	struct bb_unit *unit = r->api->begin(r->me);
	add(r, unit, s);
	bb_rest_commit(r, unit, stored);
}
