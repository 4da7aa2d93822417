/* The hook `admit`: may this charger connect? Answered from memory, at once. */
#include "chargers.h"

#include <ctype.h>
#include <openssl/crypto.h>

#define IDENTITY_MOST 255u /* bytes; longer ones are refused before they get anywhere */
#define WARN_EVERY_MS 60000

static int refuse(struct chargers *p, struct bb_call *call, int status, const char *reason)
{
	struct bb_builder b = bb_build(p->api->arena(call));
	bb_put_int(&b, "status", status);
	bb_put_str(&b, "reason", reason);
	p->api->reply(call, bb_build_object(&b));
	return BB_DONE;
}

/* NULL unless the charger has names of its own. */
static const struct bb_json *quirks_of(struct chargers *p, struct bb_arena *a,
				       const struct facts *f)
{
	const struct bb_json *v = NULL;
	if (f->quirks)
		p->api->json_parse(a, f->quirks, strlen(f->quirks), &v, NULL);
	return v;
}

static int let_in(struct chargers *p, struct bb_call *call, const struct facts *f)
{
	struct bb_arena *a = p->api->arena(call);
	struct bb_builder b = bb_build(a);
	bb_put_int(&b, "status", 101);
	bb_put_int(&b, "charger_id", f->id);
	bb_put_str(&b, "operator_id", f->operator_id);
	bb_put_str(&b, "validation", f->validation);
	bb_put_json(&b, "quirks", quirks_of(p, a, f));
	bb_put_str(&b, "vendor", f->vendor);
	bb_put_str(&b, "model", f->model);
	bb_put_str(&b, "firmware_version", f->firmware_version);
	bb_put_str(&b, "registration", f->registration);
	p->api->reply(call, bb_build_object(&b));
	return BB_DONE;
}

/* Printable: an identity ends up in logs, in close frames and in URLs. */
static bool presentable(const char *id)
{
	size_t len = strlen(id);
	if (!len || len > IDENTITY_MOST)
		return false;
	for (const char *c = id; *c; c++)
		if (iscntrl((unsigned char)*c))
			return false;
	return true;
}

static bool password_good(struct charger *c, const char *authorization)
{
	unsigned char password[PASSWORD_MOST], proof[PASSWORD_PROOF];
	const struct facts *f = &c->facts;
	int len = password_of_basic(authorization, f->charge_point_id, password);
	if (len < 0)
		return false;
	password_proof(f->password_hash, password, (size_t)len, proof);
	bool good = c->proven && !CRYPTO_memcmp(proof, c->proof, sizeof proof);
	if (!good && password_matches(f->password_hash, password, (size_t)len)) {
		good = c->proven = true;
		memcpy(c->proof, proof, sizeof proof);
	}
	OPENSSL_cleanse(password, sizeof password);
	return good;
}

static void warn_refused(struct chargers *p, struct charger *c, const struct bb_json *q,
			 const char *why)
{
	int64_t now = p->api->now_ms();
	if (c->warned_ms && now - c->warned_ms < WARN_EVERY_MS)
		return;
	c->warned_ms = now;
	p->api->log(p->me, BB_WARN,
		    "charger refused charge_point_id=%s remote=%s reason=\"%s\" (told once a "
		    "minute)",
		    c->facts.charge_point_id, bb_json_get_str(q, "remote", "?"), why);
}

static int admit_known(struct chargers *p, struct bb_call *call, struct charger *c)
{
	const struct bb_json *q = p->api->payload(call);
	if (c->facts.security_profile >= 2 && !bb_json_get_bool(q, "tls", false)) {
		warn_refused(p, c, q, "its security profile needs TLS");
		return refuse(p, call, 403, "this charger's security profile needs TLS");
	}
	if (c->facts.password_hash &&
	    !password_good(c, bb_json_get_str(q, "authorization", NULL))) {
		warn_refused(p, c, q, "wrong or missing password");
		return refuse(p, call, 401, "wrong or missing password");
	}
	return let_in(p, call, &c->facts);
}

static int admit_unknown(struct chargers *p, struct bb_call *call, const char *id)
{
	if (!strcmp(p->cfg->unknown, "reject"))
		return refuse(p, call, 404, "no charger of this identity is registered");
	/* A charger's row may say what it means that offers none; of others there is no row. */
	const struct bb_json *subprotocol = bb_json_get(p->api->payload(call), "subprotocol");
	if (subprotocol && subprotocol->type == BB_JSON_NULL)
		return refuse(p, call, 400, "no subprotocol is offered");
	if (!p->api->storage_healthy())
		return refuse(p, call, 503, "storage is away");
	struct charger *c = unknown_register(p, id);
	return c ? let_in(p, call, &c->facts)
		 : refuse(p, call, 503, "too many unknown chargers at once; try again");
}

int admit(struct bb_call *call, void *self)
{
	struct chargers *p = self;
	const char *id = bb_json_get_str(p->api->payload(call), "charge_point_id", "");
	if (!presentable(id))
		return refuse(p, call, 404, "the URL names no charger");
	if (!p->sync.loaded)
		return refuse(p, call, 503, "chargers are still being loaded");
	struct charger *c = registry_find(&p->registry, id);
	return c ? admit_known(p, call, c) : admit_unknown(p, call, id);
}
