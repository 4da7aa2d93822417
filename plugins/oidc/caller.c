/* The answer to the question `caller`: who is it that has this token? What costs nothing is looked
 * at first, the signature on a thread of the pool, and nothing is stored before it is good. */
#include <openssl/evp.h>
#include <strings.h>

#include "jwt.h"
#include "oidc.h"

#define VERIFYING_MOST 64

struct asking {
	struct waiter waiter; /* first */
	struct oidc *p;
	struct issuer *issuer;
	struct bb_arena *arena;
	struct bb_reply *reply;
	const char *token, *remote;
	struct jwt jwt;
	struct person person;
	struct provision provision;
	unsigned char hash[SEEN_HASH];
	uint64_t generation;
	EVP_PKEY *key;
	bool waited, good;
};

static void refuse(struct asking *q, int status, const char *detail)
{
	struct oidc *p = q->p;
	struct bb_builder b = bb_build(q->arena);
	int64_t count = bb_refusals_note(&p->token_refusals, q->remote, status, p->api->now_ms());
	bb_put_int(&b, "status", status);
	bb_put_str(&b, "detail", detail);
	if (count)
		p->api->log(p->me, BB_INFO,
			    "a token from %s is refused: %s (%lld since the last line)", q->remote,
			    detail, (long long)count);
	p->api->resolve(q->reply, bb_build_object(&b));
}

static void refuse_token(struct asking *q, const char *fault)
{
	refuse(q, 401, bb_printf(q->arena, "the token is refused: %s", fault));
}

/* `rest` answers 503. */
static void put_off(struct asking *q, const char *text)
{
	q->p->api->reject(q->reply, "Timeout", text);
}

static void storage_failed(struct asking *q, int err)
{
	if (err == -EAGAIN || err == -ECANCELED || err == -EEXIST)
		put_off(q, "users cannot be read now");
	else
		q->p->api->reject(q->reply, "Storage", "users cannot be read");
}

static void tell(struct asking *q, const char *user_id)
{
	struct bb_builder b = bb_build(q->arena);
	bb_put_str(&b, "kind", "jwt");
	bb_put_str(&b, "name", q->person.name);
	bb_put_str(&b, "role", q->person.role);
	bb_put_str(&b, "operator_id", q->person.operator_id);
	bb_put_str(&b, "user_id", user_id);
	bb_put_str(&b, "email", q->person.email);
	bb_put_str(&b, "expires_at", q->p->api->time_format(q->arena, jwt_expires_ms(&q->jwt)));
	q->p->api->resolve(q->reply, bb_build_object(&b));
}

static void on_provided(struct provision *pr, int err)
{
	struct asking *q = pr->arg;
	if (!err)
		tell(q, pr->user_id);
	else if (err == -ENOENT)
		refuse(q, 403, "you cannot be of that operator here");
	else if (err == -EACCES)
		refuse(q, 403, "this user is disabled");
	else
		storage_failed(q, err);
}

static void provide(struct asking *q)
{
	q->provision = (struct provision){.p = q->p,
					  .arena = q->arena,
					  .issuer = q->issuer,
					  .person = q->person,
					  .done = on_provided,
					  .arg = q};
	provision_commit(&q->provision, q->p->api->begin(q->p->me));
}

static bool is_as_before(const struct bb_user *user, const struct person *person)
{
	const char *before = user->operator_id ? user->operator_id : "";
	return !strcmp(user->role, person->role) && !strcmp(user->name, person->name) &&
	       !strcmp(before, person->operator_id ? person->operator_id : "");
}

static void on_user(int err, const struct bb_user *user, void *arg)
{
	struct asking *q = arg;
	if (err && err != -ENOENT)
		storage_failed(q, err);
	else if (err && !q->issuer->create_users)
		refuse(q, 403, "you are no user here");
	else if (!err && user->disabled)
		refuse(q, 403, "this user is disabled");
	else if (!err && is_as_before(user, &q->person))
		tell(q, bb_strdup(q->arena, user->id));
	else
		provide(q);
}

static void look_for_user(struct asking *q)
{
	const char *subject = bb_json_get_str(q->jwt.claims, "sub", "");
	const char *fault =
	    claims_person(q->arena, q->issuer->rules, q->jwt.claims, subject, &q->person);
	if (fault)
		refuse(q, 403, fault);
	else
		q->p->users->find_subject(q->issuer->issuer, subject, on_user, q);
}

/* On a thread of the pool. */
static void verify(void *arg)
{
	struct asking *q = arg;
	q->good = key_has_signed(q->key, q->jwt.alg, q->jwt.signed_text, q->jwt.signed_len,
				 q->jwt.signature);
}

static void verified(void *arg)
{
	struct asking *q = arg;
	EVP_PKEY_free(q->key);
	q->p->verifying--;
	if (!q->good) {
		refuse_token(q, "its signature is wrong");
		return;
	}
	seen_put(q->p->seen, q->hash, q->generation, q->p->api->now_ms());
	look_for_user(q);
}

static void begin_verify(struct asking *q, const struct key *key)
{
	if (q->p->verifying >= VERIFYING_MOST) {
		put_off(q, "too many tokens are being looked at");
		return;
	}
	EVP_PKEY_up_ref(key->pkey);
	q->key = key->pkey;
	q->p->verifying++;
	if (q->p->api->offload(q->p->me, verify, verified, q) < 0) {
		EVP_PKEY_free(q->key);
		q->p->verifying--;
		put_off(q, "tokens cannot be looked at now");
	}
}

static void look_for_key(struct asking *q);

static void on_keys(struct waiter *w)
{
	look_for_key((struct asking *)w);
}

static bool wait(struct asking *q)
{
	if (q->waited)
		return false;
	q->waited = true;
	q->waiter.fn = on_keys;
	return keys_wait(q->issuer, &q->waiter);
}

static void look_for_key(struct asking *q)
{
	const struct keyset *s = &q->issuer->keys;
	if (!keys_are_there(q->issuer)) {
		if (!wait(q))
			put_off(q, "the issuer's keys cannot be fetched now");
		return;
	}
	keys_refresh(q->issuer);
	const struct key *key = keyset_find(s, q->jwt.kid, q->jwt.alg);
	if (!key) {
		if (!wait(q))
			refuse_token(q, "its key is not known");
		return;
	}
	q->generation = s->generation;
	if (seen_has(q->p->seen, q->hash, q->generation, q->p->api->now_ms()))
		look_for_user(q);
	else
		begin_verify(q, key);
}

static const char *fault_of(struct asking *q)
{
	struct oidc *p = q->p;
	const char *fault = jwt_read(p->api, q->arena, q->token, &q->jwt);
	if (fault)
		return fault;
	q->issuer = issuers_find(p->issuers, bb_json_get_str(q->jwt.claims, "iss", ""));
	if (!q->issuer)
		return "its issuer is not known";
	if (!(q->issuer->algorithms & algorithm_bit(q->jwt.alg)))
		return "its algorithm is not allowed";
	return jwt_fault(&q->jwt, q->issuer->audience, p->api->now_ms(), p->cfg->skew_ms);
}

int caller(struct bb_call *call, void *self)
{
	struct oidc *p = self;
	const struct bb_json *question = p->api->payload(call);
	const char *token = bb_json_get_str(question, "authorization", "");
	if (!p->issuers->count || strncasecmp(token, "Bearer ", 7) != 0)
		return BB_PASS;
	token += 7 + strspn(token + 7, " ");
	if (!jwt_looks_like(token))
		return BB_PASS;
	struct asking *q = bb_zalloc(p->api->arena(call), sizeof *q);
	q->p = p;
	q->arena = p->api->arena(call);
	q->token = token;
	q->remote = bb_json_get_str(question, "remote", "");
	q->reply = p->api->defer(call, 0, NULL, NULL);
	const char *fault = fault_of(q);
	if (fault) {
		refuse_token(q, fault);
		return BB_LATER;
	}
	seen_hash(token, q->hash);
	look_for_key(q);
	return BB_LATER;
}
