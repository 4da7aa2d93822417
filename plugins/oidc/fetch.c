/* Fetching keys: where they are is asked for first, unless the configuration says it. */
#include "oidc.h"

#define ANSWER_MOST INT64_C(262144)

static void over(struct issuer *i)
{
	struct keyset *s = &i->keys;
	struct waiter *w = s->waiting;
	s->fetching = false;
	s->waiting = NULL;
	s->waiters = 0;
	while (w) {
		struct waiter *next = w->next;
		w->fn(w);
		w = next;
	}
}

static void failed(struct issuer *i, const char *what, const char *why)
{
	i->p->api->log(i->p->me, BB_WARN, "%s of %s: %s", what, i->name, why);
	over(i);
}

/* What went wrong, NULL: nothing. */
static const char *fault_of(int err, const struct bb_transfer_answer *a)
{
	if (err)
		return a->error ? a->error : "it cannot be fetched";
	return a->status == 200 ? NULL : "the answer's status is not 200";
}

static void get(struct issuer *i, const char *url, bb_transfer_fn *fn)
{
	static const struct bb_transfer_header headers[] = {{"accept", "application/json"}};
	const struct bb_transfer_http request = {
	    .method = "GET",
	    .url = url,
	    .headers = headers,
	    .header_count = 1,
	    .timeout_ms = (uint32_t)i->p->cfg->timeout_ms,
	    .max_answer = ANSWER_MOST,
	    .reach = BB_TRANSFER_ANY,
	    .ca = i->ca,
	};
	i->p->transfer->http(i->p->me, &request, fn, i);
}

static void on_keys(int err, const struct bb_transfer_answer *answer, void *arg)
{
	struct issuer *i = arg;
	const struct oidc *p = i->p;
	const char *fault = fault_of(err, answer);
	struct bb_arena *a = p->api->arena_new();
	if (!fault && keyset_read(&i->keys, p->api, a, answer->body, answer->body_len))
		fault = "they are malformed, or none of them is of use";
	p->api->arena_free(a);
	if (fault) {
		failed(i, "the keys", fault);
		return;
	}
	i->keys.fetched_ms = p->api->now_ms();
	i->keys.fresh_until_ms =
	    i->keys.fetched_ms + keyset_max_age_ms(bb_transfer_header_of(answer, "cache-control"),
						   p->cfg->fresh_ms, p->cfg->fresh_least_ms,
						   p->cfg->fresh_most_ms);
	over(i);
}

static void on_discovery(int err, const struct bb_transfer_answer *answer, void *arg)
{
	struct issuer *i = arg;
	const struct bb_api *api = i->p->api;
	const char *fault = fault_of(err, answer), *url = NULL;
	struct bb_arena *a = api->arena_new();
	const struct bb_json *v = NULL;
	if (!fault && api->json_parse(a, answer->body, answer->body_len, &v, NULL))
		fault = "it is no JSON";
	if (!fault && strcmp(bb_json_get_str(v, "issuer", ""), i->issuer) != 0)
		fault = "it is another issuer's";
	url = bb_json_get_str(v, "jwks_uri", "");
	if (!fault && !bb_url_is_private(url))
		fault = "its jwks_uri is not of https://";
	if (fault)
		failed(i, "the discovery document", fault);
	else
		get(i, url, on_keys);
	api->arena_free(a);
}

static void fetch(struct issuer *i)
{
	const struct bb_api *api = i->p->api;
	size_t len = strlen(i->issuer);
	i->keys.fetching = true;
	i->keys.tried_ms = api->now_ms();
	i->keys.last = &i->keys.waiting;
	if (i->jwks_url) {
		get(i, i->jwks_url, on_keys);
		return;
	}
	struct bb_arena *a = api->arena_new();
	get(i,
	    bb_printf(a, "%.*s/.well-known/openid-configuration",
		      (int)(i->issuer[len - 1] == '/' ? len - 1 : len), i->issuer),
	    on_discovery);
	api->arena_free(a);
}

static bool may_fetch(const struct issuer *i)
{
	int64_t since = i->p->api->now_ms() - i->keys.tried_ms;
	return !i->keys.fetching && (since < 0 || since >= i->p->cfg->refetch_ms);
}

bool keys_are_there(const struct issuer *i)
{
	return i->keys.count && i->p->api->now_ms() - i->keys.fetched_ms < i->p->cfg->stale_most_ms;
}

void keys_refresh(struct issuer *i)
{
	if (i->p->api->now_ms() >= i->keys.fresh_until_ms && may_fetch(i))
		fetch(i);
}

bool keys_wait(struct issuer *i, struct waiter *w)
{
	struct keyset *s = &i->keys;
	if (may_fetch(i))
		fetch(i);
	if (!s->fetching || s->waiters >= WAITING_MOST)
		return false;
	w->next = NULL;
	*s->last = w;
	s->last = &w->next;
	s->waiters++;
	return true;
}
