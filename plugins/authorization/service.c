#include "service.h"

#include <busbar/id_tag.h>
#include <busbar/transfer.h>

#include "breaker.h"
#include "signature.h"

#define MAX_ANSWER 65536

/* What is remembered of an operator's service while the process runs. */
struct service {
	struct service *next;
	struct breaker breaker;
	char *error; /* of its last failure, or NULL */
	int64_t failed_ms;
	char operator_id[];
};

struct asking {
	struct bb_rest *r;
	const struct inquiry *q;
};

static struct service *find(const struct authorization *p, const char *operator_id)
{
	struct service *s = p->services;
	while (s && strcmp(s->operator_id, operator_id) != 0)
		s = s->next;
	return s;
}

static struct service *find_or_make(struct authorization *p, const char *operator_id)
{
	struct service *s = find(p, operator_id);
	if (s)
		return s;
	size_t size = strlen(operator_id) + 1;
	s = calloc(1, sizeof *s + size);
	if (!s)
		abort();
	memcpy(s->operator_id, operator_id, size);
	s->next = p->services;
	p->services = s;
	return s;
}

static void free_one(struct service *s)
{
	free(s->error);
	free(s);
}

void service_forget(struct authorization *p, const char *operator_id)
{
	struct service **at = &p->services;
	while (*at && strcmp((*at)->operator_id, operator_id) != 0)
		at = &(*at)->next;
	if (!*at)
		return;
	struct service *s = *at;
	*at = s->next;
	free_one(s);
}

void service_free_all(struct authorization *p)
{
	while (p->services) {
		struct service *s = p->services;
		p->services = s->next;
		free_one(s);
	}
}

const struct bb_json *service_state(const struct authorization *p, struct bb_arena *a,
				    const char *operator_id)
{
	static const struct service none;
	const struct service *s = find(p, operator_id);
	if (!s)
		s = &none;
	struct bb_builder b = bb_build(a);
	bb_put_str(&b, "state",
		   breaker_state(&s->breaker, p->cfg->service_failures, p->api->now_ms()));
	bb_put_int(&b, "failures", s->breaker.failures);
	bb_put_str(&b, "error", s->error ? bb_strdup(a, s->error) : NULL);
	bb_put_str(&b, "failed_at", s->error ? p->api->time_format(a, s->failed_ms) : NULL);
	return bb_build_object(&b);
}

static void failed(const struct asking *ask, const char *why)
{
	struct authorization *p = ask->r->self;
	const struct inquiry *q = ask->q;
	struct service *s = find_or_make(p, q->operator_id);
	s->failed_ms = p->api->now_ms();
	breaker_failed(&s->breaker, s->failed_ms + p->cfg->service_pause_ms);
	free(s->error);
	s->error = strdup(why);
	p->api->log(p->me, BB_WARN, "operator %s: the service that authorizes has failed: %s%s",
		    q->operator_id, why,
		    s->breaker.failures == p->cfg->service_failures
			? "; it is left alone for a while"
			: "");
	p->api->resolve(ask->r->reply, q->fallback);
}

const struct bb_json *service_merge(struct bb_arena *a, const struct bb_json *said,
				    const struct bb_json *base)
{
	static const char *const members[] = {"status",  "parent_id_tag", "expiry_date",
					      "user_id", "max_active",    "group_max_active"};
	struct bb_builder b = bb_build(a);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const struct bb_json *v = bb_json_get(said, members[i]);
		if (!v)
			v = bb_json_get(base, members[i]);
		if (v && v->type != BB_JSON_NULL)
			bb_put_json(&b, members[i], v);
	}
	return bb_build_object(&b);
}

/* ConcurrentTx is true of a moment only. */
static void remember(const struct asking *ask, const struct bb_json *said, int64_t cache_s)
{
	struct authorization *p = ask->r->self;
	const struct inquiry *q = ask->q;
	struct bb_arena *a = ask->r->arena;
	if (!cache_s || !strcmp(bb_json_get_str(said, "status", ""), "ConcurrentTx"))
		return;
	struct bb_val v[] = {
	    bb_text(q->operator_id),
	    bb_text(q->id_tag),
	    bb_text(bb_id_tag_key(a, q->id_tag)),
	    bb_member_val(said, "status"),
	    bb_member_val(said, "parent_id_tag"),
	    bb_member_val(said, "expiry_date"),
	    bb_member_val(said, "user_id"),
	    bb_member_val(said, "max_active"),
	    bb_member_val(said, "group_max_active"),
	    bb_time(p->api, a, p->api->now_ms() + cache_s * 1000),
	    bb_now(p->api, a),
	};
	int64_t ms;
	if (v[5].type == BB_TEXT && !p->api->time_parse(v[5].s, v[5].len, &ms))
		v[5] = bb_time(p->api, a, ms);
	struct bb_unit *unit = p->api->begin(p->me);
	p->api->add(unit, p->q[Q_ANSWER_PUT], sizeof v / sizeof *v, v, NULL, NULL);
	if (q->lists && !q->registered)
		tokens_changed(p, unit, a, q->operator_id);
	p->api->commit(unit, NULL, NULL);
}

/* NULL: it is as it should be, in `ret`. */
static const char *fault_of(const struct authorization *p, struct bb_arena *a, int err,
			    const struct bb_transfer_answer *answer, const struct bb_json **ret)
{
	const struct bb_json *errors = NULL;
	const char *where = NULL;
	if (err)
		return answer->error ? bb_strdup(a, answer->error) : "it could not be asked";
	if (answer->status != 200)
		return bb_printf(a, "HTTP %d", answer->status);
	if (p->api->json_parse(a, answer->body, answer->body_len, ret, &where))
		return bb_printf(a, "its answer is no JSON: %s", where ? where : "");
	if (p->api->validate("hooks/authorize_service", *ret, a, &errors)) {
		const struct bb_json *first = bb_json_at(errors, 0);
		return bb_printf(a, "its answer: %s %s", bb_json_get_str(first, "path", ""),
				 bb_json_get_str(first, "rule", "is not as it should be"));
	}
	return NULL;
}

static void on_answer(int err, const struct bb_transfer_answer *answer, void *arg)
{
	const struct asking *ask = arg;
	struct authorization *p = ask->r->self;
	struct bb_arena *a = ask->r->arena;
	const struct bb_json *said = NULL;
	if (err == -ECANCELED) {
		p->api->reject(ask->r->reply, "StorageAway", "the server stops");
		return;
	}
	const char *fault = fault_of(p, a, err, answer, &said);
	if (fault) {
		failed(ask, fault);
		return;
	}
	breaker_worked(&find_or_make(p, ask->q->operator_id)->breaker);
	const struct bb_json *merged = service_merge(a, said, ask->q->base);
	remember(ask, said, bb_json_get_int(said, "cache_s", 0));
	p->api->resolve(ask->r->reply, merged);
}

/* The hook's question, and what the service cannot know. */
static const char *body_of(const struct bb_rest *r, const struct inquiry *q, size_t *ret_len)
{
	const struct bb_json *question = r->api->payload(r->call);
	struct bb_builder b = bb_build(r->arena);
	for (uint32_t i = 0; i < question->len; i++)
		bb_put(&b, question->members[i].key, question->members[i].value);
	bb_put(&b, "station_id",
	       q->station_id ? bb_json_make_int(q->station_id) : bb_json_make_null());
	bb_put(&b, "registered", bb_json_make_bool(q->registered));
	return r->api->json_write(r->arena, bb_build_object(&b), ret_len);
}

void service_ask(struct bb_rest *r, struct inquiry *q)
{
	struct authorization *p = r->self;
	struct service *s = find_or_make(p, q->operator_id);
	int64_t now_ms = p->api->now_ms();
	if (!p->transfer || !breaker_lets(&s->breaker, p->cfg->service_failures, now_ms)) {
		p->api->resolve(r->reply, q->fallback);
		return;
	}
	struct asking *ask = bb_alloc(r->arena, sizeof *ask);
	*ask = (struct asking){r, q};
	size_t len;
	const char *body = body_of(r, q, &len);
	const char *at = bb_printf(r->arena, "%lld", (long long)(now_ms / 1000));
	struct bb_transfer_header headers[] = {
	    {"Content-Type", "application/json"},
	    {"Busbar-Timestamp", at},
	    {"Busbar-Signature",
	     q->secret ? signature_of(r->arena, q->secret, at, body, len) : NULL},
	};
	const struct bb_transfer_http request = {
	    .method = "POST",
	    .url = q->url,
	    .headers = headers,
	    .header_count = q->secret ? 3 : 2,
	    .body = body,
	    .body_len = len,
	    .timeout_ms = (uint32_t)q->timeout_ms,
	    .max_answer = MAX_ANSWER,
	    .reach = BB_TRANSFER_PUBLIC,
	    .operator_id = q->operator_id,
	};
	p->transfer->http(p->me, &request, on_answer, ask);
}
