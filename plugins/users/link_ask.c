/* POST /auth/link, /auth/reset, and an invitation: who has asked is told nothing, least of all
 * whether there is such a user. */
#include "address.h"
#include "link.h"

#define MAILS 3 /* to one address, before each further one must wait twice as long */
#define MAILS_WAIT_MS (15 * INT64_C(60000))

struct asking {
	const char *purpose, *operator_id;
};

static void accepted(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	r->api->set_status(r->call, 202);
	bb_rest_done(r, bb_json_empty(r->arena));
}

static void enqueue(struct bb_rest *r, struct bb_unit *unit, const char *purpose,
		    const char *user_id, const char *operator_id)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_str(&b, "purpose", purpose);
	bb_put_str(&b, "user_id", user_id);
	if (operator_id)
		bb_put_str(&b, "operator_id", operator_id);
	r->api->enqueue(r->me, unit, LINK_TASK, bb_build_object(&b));
}

/* One commit in either case: nor does the time tell who is there. */
static void found(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct users *p = r->self;
	const struct asking *q = r->arg;
	const struct bb_val nobody[] = {bb_text(""), bb_now(r->api, r->arena)};
	struct sign_in s = {0};
	struct bb_unit *unit = r->api->begin(r->me);
	sign_in_read(r->arena, &s, rows);
	if (s.user_id && !operator_is_disabled(p, s.operator_id))
		enqueue(r, unit, q->purpose, s.user_id, s.operator_id);
	else
		r->api->add(unit, p->q[Q_USER_SIGNED_IN], 2, nobody, NULL, NULL);
	bb_rest_commit(r, unit, accepted);
}

/* False: this address has had mails enough. */
static bool takes_mail(struct users *p, const char *email_key)
{
	p->mails->free = MAILS;
	p->mails->longest_ms = MAILS_WAIT_MS;
	return !attempts_take(p->mails, email_key, p->api->now_ms());
}

static int ask(struct users *p, struct bb_call *call, const char *purpose)
{
	const char *email = bb_json_get_str(p->api->payload(call), "email", "");
	struct bb_arena *a = p->api->arena(call);
	if (!sign_in_is_ours(p, call))
		return BB_DONE;
	struct sign_in *s = sign_in_begin(p, call, bb_printf(a, "mail:%s", address_key(a, email)));
	if (!s)
		return BB_DONE;
	attempts_forget(p->accounts, s->account); /* only the address asks too often */
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	if (!address_is_valid(email) || !takes_mail(p, address_key(a, email))) {
		accepted(r, NULL);
		return BB_LATER;
	}
	struct asking *q = bb_alloc(a, sizeof *q);
	*q = (struct asking){.purpose = purpose};
	r->arg = q;
	const struct bb_val v[] = {bb_text(address_key(a, email))};
	return bb_rest_read(r, p->q[Q_SIGN_IN_OF_EMAIL], 1, v, found);
}

int link_ask(struct bb_call *call, void *self)
{
	return ask(self, call, "login");
}

int reset_ask(struct bb_call *call, void *self)
{
	return ask(self, call, "reset");
}

static void invited(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	(void)rows;
	bb_put_str(&b, "email", r->arg);
	bb_put_str(&b, "state", "queued");
	r->api->set_status(r->call, 202);
	bb_rest_done(r, bb_build_object(&b));
}

/* Why this user cannot be sent a mail; NULL: they can. */
static const char *invite_fault(const struct users *p, const struct bb_json *user)
{
	if (!bb_json_get_str(user, "email", NULL) ||
	    strcmp(bb_json_get_str(user, "state", ""), "active") != 0)
		return "the user has no e-mail address, or is disabled";
	if (operator_is_disabled(p, bb_json_get_str(user, "operator_id", NULL)))
		return "the user's operator is disabled";
	if (!p->notifications)
		return "no mail is sent: load the plugin notifications, which sends it, or set the "
		       "user's password";
	if (!p->notifications->has_server())
		return "no mail is sent: name a mail server in the options notifications.smtp and "
		       "notifications.from, or set the user's password";
	return NULL;
}

static void invite_found(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_json *user = user_json(r->arena, rows, 0, NULL);
	if (!user_check_manage(r, bb_json_get_str(user, "role", "")))
		return;
	const char *fault = invite_fault(r->self, user);
	if (fault) {
		bb_rest_fail(r, "409", fault);
		return;
	}
	r->arg = (void *)bb_json_get_str(user, "email", "");
	struct bb_unit *unit = r->api->begin(r->me);
	enqueue(r, unit, "invite", bb_json_get_str(user, "id", ""),
		bb_json_get_str(user, "operator_id", NULL));
	bb_rest_commit(r, unit, invited);
}

int invite(struct bb_call *call, void *self)
{
	return user_find(call, self, invite_found, NULL);
}
