#include "sign_in.h"

#include <strings.h>

static int64_t take(struct users *p, struct sign_in *s)
{
	int64_t now = p->api->now_ms();
	int64_t wait_s = attempts_take(p->networks, s->network, now);
	if (wait_s)
		return wait_s;
	wait_s = attempts_take(p->accounts, s->account, now);
	if (wait_s)
		attempts_give_back(p->networks, s->network);
	return wait_s;
}

struct sign_in *sign_in_begin(struct users *p, struct bb_call *call, const char *account)
{
	struct bb_arena *a = p->api->arena(call);
	struct sign_in *s = bb_zalloc(a, sizeof *s);
	p->accounts->free = p->cfg->account_failures;
	p->networks->free = p->cfg->address_failures;
	p->accounts->longest_ms = p->networks->longest_ms = p->cfg->slow_down_ms;
	s->account = account;
	s->status = "401";
	bb_network_of(p->api->http(call)->remote, s->network);
	int64_t wait_s = take(p, s);
	if (!wait_s)
		return s;
	p->api->set_header(call, "retry-after", bb_printf(a, "%lld", (long long)wait_s));
	p->api->fail(call, "429", "too many attempts have failed; wait");
	return NULL;
}

void sign_in_good(const struct users *p, const struct sign_in *s)
{
	attempts_forget(p->accounts, s->account);
	attempts_give_back(p->networks, s->network);
}

void sign_in_undone(const struct users *p, const struct sign_in *s)
{
	attempts_give_back(p->accounts, s->account);
	attempts_give_back(p->networks, s->network);
}

void sign_in_read(struct bb_arena *a, struct sign_in *s, const struct bb_rows *rows)
{
	static const size_t texts[] = {
	    offsetof(struct sign_in, user_id),
	    offsetof(struct sign_in, name),
	    offsetof(struct sign_in, role),
	    offsetof(struct sign_in, operator_id),
	    offsetof(struct sign_in, email),
	    offsetof(struct sign_in, email_key),
	    0 /* the state */,
	    offsetof(struct sign_in, password_hash),
	    offsetof(struct sign_in, totp_secret),
	};
	enum { STATE = 6, TEXTS = sizeof texts / sizeof *texts };
	if (!rows->rows || strcmp(bb_cell_text(rows, 0, STATE), "active") != 0)
		return;
	for (uint32_t i = 0; i < TEXTS; i++) {
		const char *text = bb_cell_text(rows, 0, i);
		if (i != STATE && text)
			*(const char **)((char *)s + texts[i]) = bb_strdup(a, text);
	}
	s->last_step = bb_cell_int(rows, 0, TEXTS, -1);
}

void sign_in_failed(struct bb_rest *r, const struct sign_in *s, const char *text)
{
	struct users *p = r->self;
	const char *remote = r->api->http(r->call)->remote;
	int64_t count = bb_refusals_note(&p->refusals, remote, 0, r->api->now_ms());
	if (count)
		r->api->log(r->me, BB_WARN,
			    "a sign-in of %s from %s failed: %s (%lld since the last line)",
			    s->account, remote, text, (long long)count);
	bb_rest_fail(r, s->status, text);
}

bool sign_in_is_ours(struct users *p, struct bb_call *call)
{
	const char *site = p->api->header(call, "sec-fetch-site");
	const char *type = p->api->header(call, "content-type");
	if (site && !strcmp(site, "cross-site")) {
		p->api->fail(call, "403", "a page of another site may not do this");
		return false;
	}
	if (!type || strncasecmp(type, "application/json", 16) != 0) {
		p->api->fail(call, "415", "the body must be application/json");
		return false;
	}
	return true;
}
