/* Before every route: cross-origin rules, limits, the caller's key, the role that the route asks
 * for, and the claim of an Idempotency-Key. */
#include "private.h"
#include "secret.h"

#define USED_EVERY_MS 60000

/* Is `word` one of the words of `list`, which may be NULL? */
static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = list; at && (at = strstr(at, word)); at += len)
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

static const char *retry_after(struct rest *p, struct bb_call *call, int64_t wait_s)
{
	const char *text = bb_printf(p->api->arena(call), "%lld", (long long)wait_s);
	p->api->set_header(call, "retry-after", text);
	return text;
}

static void reject_unauthorized(struct bb_rest *r, const char *text)
{
	r->api->set_header(r->call, "www-authenticate", "Bearer realm=\"busbar\"");
	bb_rest_fail(r, "401", text);
}

/* Columns of key_by_hash. */
enum { KEY_ID, KEY_NAME, KEY_ROLE, KEY_OPERATOR, KEY_USER, KEY_EXPIRES, KEY_USED };

static bool is_before(const struct bb_api *api, const char *time, int64_t ms)
{
	int64_t at;
	return time && !api->time_parse(time, strlen(time), &at) && at <= ms;
}

static void note_used(struct rest *p, struct bb_rest *r, const struct bb_rows *rows)
{
	int64_t now = p->api->now_ms();
	const char *used = bb_cell_text(rows, 0, KEY_USED);
	if (used && !is_before(p->api, used, now - USED_EVERY_MS))
		return;
	struct bb_val v[] = {*bb_cell(rows, 0, KEY_ID), bb_time(p->api, r->arena, now)};
	struct bb_unit *u = p->api->begin(p->me);
	p->api->add(u, p->q[Q_KEY_USED], 2, v, NULL, NULL);
	p->api->commit(u, NULL, NULL);
}

static void set_caller(struct bb_rest *r, const struct bb_rows *rows)
{
	static const struct {
		const char *attr;
		uint32_t column;
	} map[] = {{"key_id", KEY_ID},
		   {"key_name", KEY_NAME},
		   {"role", KEY_ROLE},
		   {"operator_id", KEY_OPERATOR},
		   {"user_id", KEY_USER}};
	for (size_t i = 0; i < sizeof map / sizeof *map; i++) {
		const char *text = bb_cell_text(rows, 0, map[i].column);
		if (text)
			r->api->set_attr(r->call, map[i].attr, text);
	}
}

static void let_through(struct rest *p, struct bb_rest *r)
{
	const char *key = r->api->header(r->call, "idempotency-key");
	if (key && !strcmp(r->api->http(r->call)->method, "POST"))
		idempotency_claim(p, r);
	else
		r->api->pass(r->reply);
}

static void check_key(struct bb_rest *r, const struct bb_rows *rows)
{
	struct rest *p = r->self;
	if (!rows->rows ||
	    is_before(p->api, bb_cell_text(rows, 0, KEY_EXPIRES), p->api->now_ms())) {
		reject_unauthorized(r, "this API key is unknown or has expired");
		return;
	}
	const char *role = bb_cell_text(rows, 0, KEY_ROLE);
	if (strcmp(role, "admin") != 0 && !has_word(r->api->http(r->call)->scope, role)) {
		bb_rest_fail(r, "403", bb_printf(r->arena, "the role %s may not do this", role));
		return;
	}
	int64_t wait_s = limiter_take(&p->keys, bb_cell_text(rows, 0, KEY_ID), p->cfg->per_key,
				      p->api->now_ms());
	if (wait_s) {
		retry_after(p, r->call, wait_s);
		bb_rest_fail(r, "429", "too many requests with this key");
		return;
	}
	note_used(p, r, rows);
	set_caller(r, rows);
	let_through(p, r);
}

static int authenticate(struct rest *p, struct bb_call *call)
{
	const char *key = secret_of_header(p->api->header(call, "authorization"));
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	if (!key) {
		reject_unauthorized(r, "this needs an API key: Authorization: Bearer <key>");
		return BB_LATER;
	}
	char digest[DIGEST_SIZE];
	secret_digest(digest, (const char *const[]){key, NULL});
	struct bb_val v[] = {bb_text(digest)};
	return bb_rest_read(r, p->q[Q_KEY_BY_HASH], 1, v, check_key);
}

int guard(struct bb_call *call, void *self)
{
	struct rest *p = self;
	const struct bb_http *http = p->api->http(call);
	if (cors_handle(p, call))
		return BB_DONE;
	int64_t wait_s =
	    limiter_take(&p->addresses, http->remote, p->cfg->per_address, p->api->now_ms());
	if (wait_s) {
		retry_after(p, call, wait_s);
		p->api->fail(call, "429", "too many requests from this address");
		return BB_DONE;
	}
	if (!http->route || has_word(http->scope, "public"))
		return BB_PASS;
	return authenticate(p, call);
}
