/* POST /auth/password: a user changes it, and what every new password must be. */
#include "address.h"
#include "hashing.h"
#include "session.h"

static int64_t characters(const char *s)
{
	int64_t n = 0;
	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

bool password_check(struct bb_rest *r, const char *path, const char *password, const char *email)
{
	const struct users *p = r->self;
	int64_t least = p->cfg->password_least;
	if (strlen(password) > PASSWORD_MOST || characters(password) < least) {
		refuse(r, path,
		       bb_printf(r->arena, "must have %lld characters, and at most %u bytes",
				 (long long)least, PASSWORD_MOST));
		return false;
	}
	if (email && !strcmp(address_key(r->arena, password), address_key(r->arena, email))) {
		refuse(r, path, "is the e-mail address");
		return false;
	}
	return true;
}

static void changed(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static void hashed(struct bb_rest *r, const struct hashing *h)
{
	const struct users *p = r->self;
	const struct sign_in *s = r->arg;
	const struct own *own = s->more;
	const struct bb_val v[] = {bb_text(own->user_id), bb_text(h->made),
				   bb_now(r->api, r->arena)};
	const struct bb_val others[] = {v[0], bb_text(own->token_hash)};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_PASSWORD_SET], 3, v, NULL, NULL);
	r->api->add(unit, p->q[Q_SESSIONS_END], 2, others, NULL, NULL);
	bb_rest_commit(r, unit, changed);
}

static void checked(struct bb_rest *r, const struct hashing *h)
{
	const struct sign_in *s = r->arg;
	if (!h->good) {
		bb_rest_fault(r->api, r->call, "current", "is wrong");
		bb_rest_fail(r, "403", "the current password is wrong");
		return;
	}
	sign_in_good(r->self, s);
	hashing_make(r, bb_json_get_str(r->api->payload(r->call), "new", ""), hashed);
}

static void found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct sign_in *s = r->arg;
	const struct bb_json *body = r->api->payload(r->call);
	sign_in_read(r->arena, s, rows);
	if (!s->password_hash) {
		sign_in_undone(r->self, s);
		bb_rest_fail(r, "409",
			     "there is no password yet; have a link sent: POST /auth/reset");
		return;
	}
	if (!password_check(r, "new", bb_json_get_str(body, "new", ""), s->email)) {
		sign_in_undone(r->self, s);
		return;
	}
	hashing_check(r, s->password_hash, bb_json_get_str(body, "current", ""), checked);
}

int password_change(struct bb_call *call, void *self)
{
	struct users *p = self;
	struct own *own = bb_alloc(p->api->arena(call), sizeof *own);
	if (!session_own(p, call, own))
		return BB_DONE;
	struct sign_in *s = sign_in_begin(p, call, own->user_id);
	if (!s)
		return BB_DONE;
	s->more = own;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = s;
	const struct bb_val v[] = {bb_text(own->user_id)};
	return bb_rest_read(r, p->q[Q_SIGN_IN_OF_ID], 1, v, found);
}
