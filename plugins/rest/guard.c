/* Before every route: cross-origin rules, limits, who calls, the role that the route asks for, and
 * the claim of an Idempotency-Key. */
#include <busbar/networks.h>

#include "private.h"
#include "secret.h"

/* Is `word` one of the words of `list`, which may be NULL? */
static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = list; at && (at = strstr(at, word)); at += len)
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

static void retry_after(struct rest *p, struct bb_call *call, int64_t wait_s)
{
	const char *text = bb_printf(p->api->arena(call), "%lld", (long long)wait_s);
	p->api->set_header(call, "retry-after", text);
}

void reject_unauthorized(struct bb_rest *r, const char *text)
{
	r->api->set_header(r->call, "www-authenticate", "Bearer realm=\"busbar\"");
	bb_rest_fail(r, "401", text);
}

static void set_caller(struct bb_rest *r, const struct caller *c)
{
	const struct {
		const char *attr, *value;
	} map[] = {
	    {"caller_kind", c->kind},
	    {"key_id", c->id},
	    {"key_name", c->name},
	    {"role", c->role},
	    {"operator_id", c->operator_id},
	    {"account_id", c->user_id},
	    {"caller_email", c->email},
	    {"caller_expires_at", c->expires_at},
	    /* What only this user may see; others see what their operator may. */
	    {"user_id", !strcmp(c->role, "user") ? c->user_id : NULL},
	};
	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		if (map[i].value)
			r->api->set_attr(r->call, map[i].attr, map[i].value);
}

static void let_through(struct rest *p, struct bb_rest *r)
{
	const char *key = r->api->header(r->call, "idempotency-key");
	if (key && !strcmp(r->api->http(r->call)->method, "POST"))
		idempotency_claim(p, r);
	else
		r->api->pass(r->reply);
}

bool caller_admit(struct bb_rest *r, const struct caller *c)
{
	struct rest *p = r->self;
	if (!bb_operator_admits(p->operators, r, c->operator_id))
		return false;
	if (strcmp(c->role, "admin") != 0 && !has_word(r->api->http(r->call)->scope, c->role)) {
		bb_rest_fail(r, "403", bb_printf(r->arena, "the role %s may not do this", c->role));
		return false;
	}
	int64_t wait_s = limiter_take(&p->keys, c->id, p->cfg->per_key, p->api->now_ms());
	if (wait_s) {
		retry_after(p, r->call, wait_s);
		bb_rest_fail(r, "429",
			     !strcmp(c->kind, "key") ? "too many requests with this key"
						     : "too many requests of this caller");
		return false;
	}
	set_caller(r, c);
	let_through(p, r);
	return true;
}

/* One bearer decides, if there is one; a browser's cookies do only beside none. */
static int authenticate(struct rest *p, struct bb_call *call)
{
	const char *authorization = p->api->header(call, "authorization");
	const char *key = secret_of_header(authorization);
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	if (key && !strncmp(key, SECRET_MARK, strlen(SECRET_MARK)))
		return caller_by_key(r, key);
	if (!key && !p->api->header(call, "cookie")) {
		reject_unauthorized(r, "this needs an API key: Authorization: Bearer <key>");
		return BB_LATER;
	}
	return caller_ask(r, key ? authorization : NULL);
}

static int64_t take_of_address(struct rest *p, const struct bb_http *http)
{
	char network[BB_NETWORK_SIZE];
	bb_network_of(http->remote, network);
	return limiter_take(&p->addresses, network, p->cfg->per_address, p->api->now_ms());
}

int guard(struct bb_call *call, void *self)
{
	struct rest *p = self;
	const struct bb_http *http = p->api->http(call);
	bool is_public = !http->route || has_word(http->scope, "public");
	browser_headers(p, call, !is_public);
	bool is_preflight = cors_begin(p, call);
	int64_t wait_s = take_of_address(p, http);
	if (wait_s) {
		retry_after(p, call, wait_s);
		p->api->fail(call, "429", "too many requests from this address");
		return BB_DONE;
	}
	if (is_preflight) {
		cors_answer_preflight(p, call);
		return BB_DONE;
	}
	if (is_public)
		return BB_PASS;
	return authenticate(p, call);
}
