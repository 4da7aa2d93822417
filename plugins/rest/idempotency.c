/* Idempotency-Key: a POST that was answered with success is not run again for a day; the same
 * answer is given instead. The key is claimed in a row before the request runs, so that a crash in
 * between leaves a trace. Failures give the key back: nothing was done. */
#include "private.h"
#include "secret.h"

#define KEY_MOST 255u

/* The columns of idempotency_get, and of its headers the first, in this order. */
enum { HASH, STATUS, BODY, HEADERS };
static const char *const headers[] = {"location", "etag"};
#define HEADER_COUNT (sizeof headers / sizeof *headers)

struct claim {
	const char *key;
	char digest[DIGEST_SIZE];
};

static void replay(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_json body = bb_cell_parsed(r->api, r->arena, bb_cell(rows, 0, BODY));
	r->api->set_status(r->call, (int)bb_cell_int(rows, 0, STATUS, 200));
	r->api->set_header(r->call, "idempotent-replay", "true");
	for (uint32_t i = 0; i < HEADER_COUNT; i++) {
		const char *value = bb_cell_text(rows, 0, HEADERS + i);
		if (value)
			r->api->set_header(r->call, headers[i], value);
	}
	bb_rest_done(r, &body);
}

static void decide(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct claim *c = r->arg;
	if (!rows->rows) {
		bb_rest_fail(r, "409",
			     "a request with this Idempotency-Key has just failed; "
			     "try again");
	} else if (strcmp(c->digest, bb_cell_text(rows, 0, HASH)) != 0) {
		bb_rest_fail(r, "422", "this Idempotency-Key was used for another request");
	} else if (bb_cell(rows, 0, STATUS)->type == BB_NULL) {
		bb_rest_fail(r, "409",
			     "a request with this Idempotency-Key is at work, was cut off, or has "
			     "an answer that is given once; look at what it did before using "
			     "another key");
	} else {
		replay(r, rows);
	}
}

static void claimed(struct bb_rest *r, const struct bb_rows *rows)
{
	struct rest *p = r->self;
	const struct claim *c = r->arg;
	if (rows->rows) {
		r->api->set_attr(r->call, "idempotency_key", c->key);
		r->api->pass(r->reply);
		return;
	}
	struct bb_val v[] = {bb_text(r->api->attr(r->call, "key_id")), bb_text(c->key)};
	bb_rest_read(r, p->q[Q_IDEMPOTENCY_GET], 2, v, decide);
}

static bool is_usable(const char *key)
{
	size_t len = 0;
	while (key[len] >= 0x20 && key[len] <= 0x7e)
		len++;
	return len && len <= KEY_MOST && !key[len];
}

/* What makes it the same request. Of a body that goes to its handler in pieces it is how long it
 * is: its bytes have not come yet, and of a repetition nobody reads them. */
static void digest(struct bb_rest *r, struct claim *c)
{
	const struct bb_http *http = r->api->http(r->call);
	const char *body = http->body_len ? http->body : "{}"; /* which mean the same */
	const char *texts[] = {http->method, http->path, body, NULL, NULL, NULL};
	size_t n = 3;
	if (strcmp(http->query, "{}") != 0)
		texts[n++] = http->query;
	if (!http->body_len && r->api->body_length(r->call))
		texts[n++] = bb_printf(r->arena, "%lld", (long long)r->api->body_length(r->call));
	secret_digest(c->digest, texts);
}

void idempotency_claim(struct rest *p, struct bb_rest *r)
{
	const char *key = p->api->header(r->call, "idempotency-key");
	if (!is_usable(key)) {
		bb_rest_fail(r, "400", "an Idempotency-Key has 1 to 255 characters of ASCII");
		return;
	}
	struct claim *c = bb_alloc(r->arena, sizeof *c);
	c->key = bb_strdup(r->arena, key);
	digest(r, c);
	r->arg = c;
	int64_t now = p->api->now_ms();
	struct bb_val v[] = {bb_text(p->api->attr(r->call, "key_id")), bb_text(key),
			     bb_text(c->digest), bb_time(p->api, r->arena, now),
			     bb_time(p->api, r->arena, now - p->cfg->idempotency_ms)};
	bb_rest_write(r, p->q[Q_IDEMPOTENCY_CLAIM], 5, v, claimed);
}

/* 4xx, and 503 while storage is away: nothing has happened. After other failures nobody knows. */
static bool did_nothing(const char *code)
{
	return code[0] == '4' || !strcmp(code, "503");
}

int idempotency_observe(struct bb_call *call, void *self)
{
	struct rest *p = self;
	const char *key = p->api->attr(call, "idempotency_key"), *code = NULL;
	if (!key)
		return BB_PASS;
	int status = 0;
	const struct bb_json *answer = p->api->answer(call, &status, &code);
	struct bb_val v[4 + HEADER_COUNT] = {bb_text(p->api->attr(call, "key_id")), bb_text(key)};
	if (code)
		return did_nothing(code) ? hold_and_write(p, call, "an Idempotency-Key's release",
							  Q_IDEMPOTENCY_RELEASE, 2, v)
					 : BB_PASS;
	/* An answer with a secret is given once; its claim stays without an answer. */
	if (!answer || p->api->attr(call, "secret"))
		return BB_PASS;
	v[2] = bb_i64(status ? status : 200);
	struct bb_arena *a = p->api->arena(call);
	v[3] = bb_text(p->api->json_write(a, masked(a, answer), NULL));
	for (uint32_t i = 0; i < HEADER_COUNT; i++)
		v[4 + i] = bb_text(p->api->answer_header(call, headers[i]));
	return hold_and_write(p, call, "an Idempotency-Key's answer", Q_IDEMPOTENCY_ANSWER,
			      sizeof v / sizeof *v, v);
}

void idempotency_clean(struct rest *p)
{
	struct bb_arena *a = p->api->arena_new();
	int64_t before = p->api->now_ms() - p->cfg->idempotency_ms;
	struct bb_val v[] = {bb_time(p->api, a, before)};
	struct bb_unit *u = p->api->begin(p->me);
	p->api->add(u, p->q[Q_IDEMPOTENCY_CLEAN], 1, v, NULL, NULL);
	p->api->commit(u, NULL, NULL);
	p->api->arena_free(a);
}
