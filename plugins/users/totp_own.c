/* /auth/totp: a user's second factor is set up, confirmed, and taken away. */
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "hashing.h"
#include "recovery.h"
#include "totp.h"

/* Is `word` one of the words of `list`? */
static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = list; (at = strstr(at, word)); at += len)
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

bool totp_is_required(const struct users *p, const char *role)
{
	return has_word(p->cfg->totp_for, role);
}

/* GET */

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_bool(&b, "enabled", bb_cell(rows, 0, 0)->type != BB_NULL);
	bb_put_bool(&b, "required", totp_is_required(r->self, r->api->attr(r->call, "role")));
	bb_put_int(&b, "recovery_codes_left", bb_cell_int(rows, 0, 3, 0));
	bb_rest_done(r, bb_build_object(&b));
}

int totp_get(struct bb_call *call, void *self)
{
	struct users *p = self;
	struct own own;
	if (!session_own(p, call, &own))
		return BB_DONE;
	const struct bb_val v[] = {bb_text(own.user_id)};
	return bb_rest_one(bb_rest_later(p->api, p->me, call, p), "user", p->q[Q_TOTP_GET], 1, v,
			   show);
}

/* POST: a new secret. With the password, where there is one: a page left open must not do. */

struct enrolment {
	struct sign_in *who;
	char secret[TOTP_SECRET_TEXT];
};

static void enrolled(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct users *p = r->self;
	const struct enrolment *e = r->arg;
	if (!rows->rows) {
		bb_rest_fail(r, "409", "there is a second factor; disable it first");
		return;
	}
	const char *account = e->who->email ? e->who->email : e->who->name;
	struct bb_builder b = bb_build(r->arena);
	r->api->set_attr(r->call, "secret", "1");
	r->api->set_header(r->call, "cache-control", "no-store");
	bb_put_str(&b, "secret", e->secret);
	bb_put_str(&b, "uri", totp_uri(r->arena, p->cfg->totp_issuer, account, e->secret));
	bb_rest_done(r, bb_build_object(&b));
}

static void enrol(struct bb_rest *r, struct sign_in *s)
{
	const struct users *p = r->self;
	struct enrolment *e = bb_alloc(r->arena, sizeof *e);
	unsigned char secret[TOTP_SECRET_BYTES];
	sign_in_good(p, s);
	if (RAND_bytes(secret, sizeof secret) != 1) {
		bb_rest_fail(r, "500", "no random numbers");
		return;
	}
	e->who = s;
	base32_write(secret, sizeof secret, e->secret);
	OPENSSL_cleanse(secret, sizeof secret);
	r->arg = e;
	const struct bb_val v[] = {bb_text(s->user_id), bb_text(e->secret),
				   bb_now(r->api, r->arena)};
	bb_rest_write(r, p->q[Q_TOTP_BEGIN], 3, v, enrolled);
}

static void enrol_checked(struct bb_rest *r, const struct hashing *h)
{
	struct sign_in *s = r->arg;
	if (h->good) {
		enrol(r, s);
		return;
	}
	bb_rest_fault(r->api, r->call, "password", "is wrong");
	bb_rest_fail(r, "403", "the password is wrong");
}

static void enrol_found(struct bb_rest *r, const struct bb_rows *rows)
{
	struct sign_in *s = r->arg;
	sign_in_read(r->arena, s, rows);
	if (s->password_hash)
		hashing_check(r, s->password_hash,
			      bb_json_get_str(r->api->payload(r->call), "password", ""),
			      enrol_checked);
	else
		enrol(r, s);
}

int totp_enrol(struct bb_call *call, void *self)
{
	return totp_begin(call, self, NULL, enrol_found);
}

/* POST /confirm: a first code puts the secret in force. */

static void note_changed(int err, const struct bb_rows *rows, void *arg)
{
	struct recovery *c = arg;
	c->changed = !err && rows->rows;
}

static void confirm(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct users *p = r->self;
	const struct sign_in *s = r->arg;
	const struct own *own = s->more;
	const char *secret = bb_cell_text(rows, 0, 1);
	const char *code = bb_json_get_str(r->api->payload(r->call), "code", "");
	int64_t step;
	if (bb_cell(rows, 0, 0)->type != BB_NULL || !secret) {
		sign_in_undone(p, s);
		bb_rest_fail(r, "409", "nothing waits to be confirmed; POST /auth/totp first");
		return;
	}
	if (!totp_check(secret, code, r->api->now_ms(), -1, &step)) {
		refuse(r, "code", "is wrong");
		return;
	}
	sign_in_good(p, s);
	struct recovery *c = bb_zalloc(r->arena, sizeof *c);
	const struct bb_val v[] = {bb_text(own->user_id), bb_now(r->api, r->arena), bb_i64(step),
				   bb_text(secret)};
	const struct bb_val others[] = {v[0], bb_text(own->token_hash)};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_TOTP_CONFIRM], 4, v, note_changed, c);
	r->api->add(unit, p->q[Q_SESSIONS_END], 2, others, NULL, NULL);
	if (recovery_add(r, unit, own->user_id, c))
		bb_rest_commit(r, unit, recovery_told);
}

static void confirm_found(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct users *p = r->self;
	const struct bb_val v[] = {bb_text(totp_user(r))};
	(void)rows;
	bb_rest_one(r, "user", p->q[Q_TOTP_GET], 1, v, confirm);
}

int totp_confirm(struct bb_call *call, void *self)
{
	return totp_begin(call, self, NULL, confirm_found);
}
