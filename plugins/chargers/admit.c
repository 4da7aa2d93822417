/* The hook `admit`: may this charger connect? Answered from memory, at once. */
#include <ctype.h>

#include "credentials.h"

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

/* A charger at the door. */
struct visit {
	struct chargers *p;
	struct bb_call *call;
	struct charger *charger;
	const struct bb_json *question;
};

static const struct {
	const char *name, *text;
	int status;
} refusals[REFUSALS] = {
    [NO_PASSWORD] = {"no_password", "wrong or missing password", 401},
    [WRONG_PASSWORD] = {"wrong_password", "wrong or missing password", 401},
    [TOO_MANY_ATTEMPTS] = {"too_many_attempts", "too many wrong passwords", 429},
    [NO_TLS] = {"no_tls", "this charger's security profile needs TLS", 403},
    [NO_CERTIFICATE] = {"no_certificate",
			"this charger's security profile needs a client certificate", 403},
    [WRONG_CERTIFICATE] = {"wrong_certificate", "the client certificate is another charger's", 403},
};

/* Told and logged once a minute, charger and reason; `count` says of how many. */
static void tell_refused(const struct visit *v, enum refusal why)
{
	struct chargers *p = v->p;
	struct charger *c = v->charger;
	int64_t now = p->api->now_ms();
	c->refused[why].count++;
	if (c->refused[why].told_ms && now - c->refused[why].told_ms < WARN_EVERY_MS)
		return;
	c->refused[why].told_ms = now;
	const char *remote = bb_json_get_str(v->question, "remote", "?");
	p->api->log(p->me, BB_WARN,
		    "charger refused charge_point_id=%s remote=%s reason=\"%s\" (told once a "
		    "minute)",
		    c->facts.charge_point_id, remote, refusals[why].text);
	struct bb_builder b = bb_build(p->api->arena(v->call));
	bb_put_int(&b, "charger_id", c->facts.id);
	bb_put_str(&b, "charge_point_id", c->facts.charge_point_id);
	bb_put_str(&b, "operator_id", c->facts.operator_id);
	bb_put_str(&b, "remote", remote);
	bb_put_int(&b, "status", refusals[why].status);
	bb_put_str(&b, "reason", refusals[why].name);
	bb_put_str(&b, "detail", refusals[why].text);
	bb_put_int(&b, "count", c->refused[why].count);
	c->refused[why].count = 0;
	p->api->emit(p->me, NULL, "charger.refused", bb_build_object(&b));
}

static int turn_away(const struct visit *v, enum refusal why)
{
	tell_refused(v, why);
	return refuse(v->p, v->call, refusals[why].status, refusals[why].text);
}

static bool has_certificate(const struct visit *v)
{
	const struct bb_json *shown = bb_json_get(v->question, "client_certificate");
	const struct facts *f = &v->charger->facts;
	return bb_json_get_bool(v->question, "tls", false) &&
	       certificate_names(v->p, f->charge_point_id, f->serial_number,
				 bb_json_get_str(shown, "common_name", NULL));
}

static int enter(const struct visit *v, int64_t by_profile)
{
	struct charger *c = v->charger;
	if (c->facts.pending_profile > 0 && by_profile >= c->facts.pending_profile)
		pending_promote_profile(v->p, c);
	return let_in(v->p, v->call, &c->facts);
}

static int wait_first(const struct visit *v, int64_t wait_ms)
{
	struct bb_builder b = bb_build(v->p->api->arena(v->call));
	tell_refused(v, TOO_MANY_ATTEMPTS);
	bb_put_int(&b, "status", refusals[TOO_MANY_ATTEMPTS].status);
	bb_put_str(&b, "reason", refusals[TOO_MANY_ATTEMPTS].text);
	bb_put_int(&b, "retry_after_s", (wait_ms + 999) / 1000);
	v->p->api->reply(v->call, bb_build_object(&b));
	return BB_DONE;
}

static int admit_by_password(const struct visit *v)
{
	struct charger *c = v->charger;
	int64_t profile = bb_json_get_bool(v->question, "tls", false) ? 2 : 1;
	struct shown_password shown = password_shown(v->p, c, v->question);
	switch (shown.is) {
	case PASSWORD_TOO_SOON:
		return wait_first(v, shown.wait_ms);
	case PASSWORD_PENDING:
		pending_use(v->p, c, &shown.pending);
		return enter(v, profile);
	case PASSWORD_RIGHT:
		if (c->facts.pending && strstr(c->facts.pending, ":open:"))
			pending_refute(v->p, c);
		return enter(v, profile);
	default:
		if (!c->facts.password_hash)
			return enter(v, 0);
		return turn_away(v, shown.is == PASSWORD_WRONG ? WRONG_PASSWORD : NO_PASSWORD);
	}
}

static int admit_known(const struct visit *v)
{
	const struct facts *f = &v->charger->facts;
	bool mutual =
	    f->security_profile == 3 || f->pending_profile == 3 || f->pending_profile == -3;
	if (mutual && has_certificate(v))
		return enter(v, 3);
	if (f->security_profile >= 2 && !bb_json_get_bool(v->question, "tls", false))
		return turn_away(v, NO_TLS);
	if (f->security_profile < 3)
		return admit_by_password(v);
	if (bb_json_is(bb_json_get(v->question, "client_certificate"), BB_JSON_OBJECT))
		return turn_away(v, WRONG_CERTIFICATE);
	return turn_away(v, NO_CERTIFICATE);
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
	struct charger *c = registry_find(&p->registry, id);
	if (!c)
		return admit_unknown(p, call, id);
	const struct visit v = {p, call, c, p->api->payload(call)};
	return admit_known(&v);
}
