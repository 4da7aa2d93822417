/* POST /auth/login: an e-mail address, its password, and the second factor where there is one. */
#include "address.h"
#include "hashing.h"
#include "session.h"

static void signed_in(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	session_begin(r, r->arg);
}

static void checked(struct bb_rest *r, const struct hashing *h)
{
	struct sign_in *s = r->arg;
	if (!h->good || !s->user_id)
		sign_in_failed(r, s, "the e-mail address or the password is wrong");
	else
		factor_demand(r, s);
}

/* As long for those who are not there. */
static void found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct sign_in *s = r->arg;
	sign_in_read(r->arena, s, rows);
	hashing_check(r, s->password_hash,
		      bb_json_get_str(r->api->payload(r->call), "password", ""), checked);
}

int login(struct bb_call *call, void *self)
{
	struct users *p = self;
	if (!sign_in_is_ours(p, call))
		return BB_DONE;
	const char *email = bb_json_get_str(p->api->payload(call), "email", "");
	if (!address_is_valid(email)) {
		bb_rest_fault(p->api, call, "email", "is not an e-mail address");
		p->api->fail(call, "422", "email is not an e-mail address");
		return BB_DONE;
	}
	struct sign_in *s = sign_in_begin(p, call, address_key(p->api->arena(call), email));
	if (!s)
		return BB_DONE;
	s->then = signed_in;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = s;
	const struct bb_val v[] = {bb_text(s->account)};
	return bb_rest_read(r, p->q[Q_SIGN_IN_OF_EMAIL], 1, v, found);
}
