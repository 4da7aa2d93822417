/* POST /webhooks/identity/{name}: what a provider tells of its users. Nothing of a body is looked
 * at before its signature is known to be the provider's, and nothing is answered with 2xx before it
 * is in the database. */
#include "oidc.h"
#include "svix.h"

#define KEEP_EVENTS_MS INT64_C(86400000)
#define SUBJECT_MOST 255

enum kind { IGNORED, CHANGED, REMOVED };

struct event {
	struct oidc *p;
	const struct issuer *issuer;
	struct bb_rest *rest;
	enum kind kind;
	const char *id, *subject;
	const struct bb_json *data;
	struct provision provision;
};

static void answer(struct event *e, const char *outcome)
{
	struct bb_rest *r = e->rest;
	bb_rest_done(r, bb_json_one(r->arena, "outcome", bb_json_make_str(outcome)));
}

static void failed(struct event *e)
{
	bb_rest_fail(e->rest, "503", "the event could not be stored; try again");
}

static void on_stored(int err, const struct bb_rows *rows, void *arg)
{
	(void)rows;
	if (err)
		failed(arg);
	else
		answer(arg, "applied");
}

static void on_provided(struct provision *pr, int err)
{
	if (!err)
		answer(pr->arg, "applied");
	else if (err == -ENOENT || err == -EACCES)
		answer(pr->arg, "refused");
	else
		failed(pr->arg);
}

/* The same event twice at once: one of the units fails, and the provider tells it again. */
static struct bb_unit *begin_unit(const struct event *e)
{
	const struct bb_api *api = e->p->api;
	struct bb_arena *a = e->rest->arena;
	const struct bb_val v[] = {bb_text(e->issuer->name), bb_text(e->id), bb_now(api, a)};
	const struct bb_val old = bb_time(api, a, api->now_ms() - KEEP_EVENTS_MS);
	struct bb_unit *unit = api->begin(e->p->me);
	api->add(unit, e->p->q[Q_EVENTS_SWEEP], 1, &old, NULL, NULL);
	api->add(unit, e->p->q[Q_EVENT_INSERT], 3, v, NULL, NULL);
	return unit;
}

static void disable(struct event *e, bool gone)
{
	const struct oidc *p = e->p;
	struct bb_unit *unit = begin_unit(e);
	const struct bb_val v[] = {bb_text(e->issuer->issuer), bb_text(e->subject),
				   bb_now(p->api, e->rest->arena)};
	p->users->set_disabled(unit, e->rest->arena, e->issuer->issuer, e->subject, true);
	if (gone)
		p->api->add(unit, p->q[Q_GONE_PUT], 3, v, NULL, NULL);
	bb_commit(p->api, unit, on_stored, e);
}

static bool is_disabled(const struct event *e)
{
	const char *path = bb_json_get_str(e->issuer->webhook, "disabled", NULL);
	return path && bb_json_bool(claim_find(e->data, path), false);
}

/* Without rules for roles a user is made by their first token. Those who mean nothing here any more
 * are let in no more. */
static void change(struct event *e)
{
	struct provision *pr = &e->provision;
	const struct bb_json *rules = e->issuer->webhook;
	bool has_roles = bb_json_get(rules, "roles");
	*pr = (struct provision){.p = e->p,
				 .arena = e->rest->arena,
				 .issuer = e->issuer,
				 .disabled = is_disabled(e),
				 .done = on_provided,
				 .arg = e};
	const char *fault = claims_person(pr->arena, rules, e->data, e->subject, &pr->person);
	if (has_roles && !fault)
		provision_commit(pr, begin_unit(e));
	else if (has_roles || pr->disabled)
		disable(e, false);
	else
		answer(e, "ignored");
}

static void on_looked(struct bb_rest *r, const struct bb_rows *rows)
{
	struct event *e = r->self;
	if (rows->rows)
		answer(e, "repeated");
	else if (e->kind == REMOVED)
		disable(e, true);
	else
		change(e);
}

static enum kind kind_of(const char *type)
{
	static const struct {
		const char *type;
		enum kind kind;
	} kinds[] = {
	    {"user.created", CHANGED}, {"user.updated", CHANGED}, {"user.deleted", REMOVED}};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].type, type))
			return kinds[i].kind;
	return IGNORED;
}

/* False: it is malformed. */
static bool read_event(struct event *e, const struct bb_json *body)
{
	const struct bb_json *type = bb_json_get(body, "type");
	e->data = bb_json_get(body, "data");
	if (!bb_json_is(type, BB_JSON_STRING) || !bb_json_is(e->data, BB_JSON_OBJECT))
		return false;
	e->kind = kind_of(type->s);
	e->subject = bb_json_str(
	    claim_find(e->data, bb_json_get_str(e->issuer->webhook, "subject", "")), NULL);
	return e->kind == IGNORED ||
	       (e->subject && *e->subject && strlen(e->subject) <= SUBJECT_MOST);
}

static const struct issuer *issuer_of(struct oidc *p, struct bb_call *call)
{
	const struct issuer *i = issuers_named(p->issuers, p->api->attr(call, "name"));
	bool set_up = i && i->webhook && svix_has_secret(i->name, p->cfg->webhook_secrets);
	return set_up ? i : NULL;
}

static const char *fault_of(const struct oidc *p, struct bb_call *call, const char *name)
{
	const struct bb_http *http = p->api->http(call);
	const struct svix m = {.id = p->api->header(call, "svix-id"),
			       .timestamp = p->api->header(call, "svix-timestamp"),
			       .signature = p->api->header(call, "svix-signature"),
			       .body = http->body,
			       .body_len = http->body_len};
	return svix_fault(p->api->arena(call), &m, name, p->cfg->webhook_secrets, p->api->now_ms(),
			  p->cfg->tolerance_ms);
}

int webhook(struct bb_call *call, void *self)
{
	struct oidc *p = self;
	const struct bb_api *api = p->api;
	const struct bb_http *http = api->http(call);
	struct bb_arena *a = api->arena(call);
	const struct issuer *issuer = issuer_of(p, call);
	const struct bb_json *body;
	if (!issuer) {
		api->fail(call, "404", "there is no such webhook");
		return BB_DONE;
	}
	const char *fault = fault_of(p, call, issuer->name);
	if (fault) {
		int64_t count =
		    bb_refusals_note(&p->webhook_refusals, http->remote, 400, api->now_ms());
		if (count)
			api->log(p->me, BB_WARN,
				 "a webhook from %s is refused: %s (%lld since the last line)",
				 http->remote, fault, (long long)count);
		api->fail(call, "400", "%s", fault);
		return BB_DONE;
	}
	struct event *e = bb_zalloc(a, sizeof *e);
	e->p = p;
	e->issuer = issuer;
	e->id = bb_strdup(a, api->header(call, "svix-id"));
	if (api->json_parse(a, http->body, http->body_len, &body, NULL) || !read_event(e, body)) {
		api->fail(call, "400", "the body is no event");
		return BB_DONE;
	}
	if (e->kind == IGNORED) {
		api->reply(call, bb_json_one(a, "outcome", bb_json_make_str("ignored")));
		return BB_DONE;
	}
	const struct bb_val v[] = {bb_text(issuer->name), bb_text(e->id)};
	e->rest = bb_rest_later(api, p->me, call, e);
	return bb_rest_read(e->rest, p->q[Q_EVENT_FIND], 2, v, on_looked);
}
