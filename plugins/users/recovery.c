/* Recovery codes, and what a code is asked for: new ones, and an end of the second factor. */
#include "recovery.h"

#include <openssl/rand.h>

#include "totp.h"

#define RECOVERY_CODES 10u
#define RECOVERY_BYTES 10u /* 80 bits, 16 letters */

int totp_begin(struct bb_call *call, struct users *p, bb_rest_fn *then, bb_rest_fn *found)
{
	struct own *own = bb_alloc(p->api->arena(call), sizeof *own);
	if (!session_own(p, call, own))
		return BB_DONE;
	struct sign_in *s = sign_in_begin(p, call, own->user_id);
	if (!s)
		return BB_DONE;
	s->more = own;
	s->then = then;
	s->status = "403";
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	r->arg = s;
	const struct bb_val v[] = {bb_text(own->user_id)};
	return bb_rest_read(r, p->q[Q_SIGN_IN_OF_ID], 1, v, found);
}

const char *totp_user(const struct bb_rest *r)
{
	const struct sign_in *s = r->arg;
	const struct own *own = s->more;
	return own->user_id;
}

void recovery_told(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct recovery *c = r->arg;
	(void)rows;
	if (!c->changed) {
		bb_rest_fail(r, "409", "the second factor has just been changed elsewhere");
		return;
	}
	struct bb_builder b = bb_build(r->arena);
	r->api->set_attr(r->call, "secret", "1");
	r->api->set_header(r->call, "cache-control", "no-store");
	bb_put_json(&b, "recovery_codes", c->codes);
	bb_rest_done(r, bb_build_object(&b));
}

/* "abcd-efgh-ijkl-mnop" */
static const char *recovery_code(struct bb_arena *a)
{
	unsigned char random[RECOVERY_BYTES];
	char plain[RECOVERY_BYTES * 8 / 5 + 2], *text = bb_alloc(a, 20);
	if (RAND_bytes(random, sizeof random) != 1)
		return NULL;
	base32_write(random, sizeof random, plain);
	for (size_t i = 0, at = 0; plain[i]; i++) {
		if (i && i % 4 == 0)
			text[at++] = '-';
		text[at++] = (char)(plain[i] >= 'A' ? plain[i] + 32 : plain[i]);
		text[at] = '\0';
	}
	return text;
}

bool recovery_add(struct bb_rest *r, struct bb_unit *unit, const char *user_id, struct recovery *c)
{
	const struct users *p = r->self;
	const struct bb_val user = bb_text(user_id);
	struct bb_builder codes = bb_build(r->arena);
	r->api->add(unit, p->q[Q_RECOVERY_CODES_REMOVE], 1, &user, NULL, NULL);
	for (uint32_t i = 0; i < RECOVERY_CODES; i++) {
		const char *code = recovery_code(r->arena);
		char hash[TOKEN_SIZE];
		if (!code) {
			r->api->rollback(unit);
			bb_rest_fail(r, "500", "no random numbers");
			return false;
		}
		recovery_code_hash(r->arena, code, hash);
		const struct bb_val v[] = {user, bb_text(hash)};
		r->api->add(unit, p->q[Q_RECOVERY_CODE_ADD], 2, v, NULL, NULL);
		bb_push(&codes, bb_json_make_str(code));
	}
	c->codes = bb_build_array(&codes);
	r->arg = c;
	return true;
}

static void demand(struct bb_rest *r, const struct bb_rows *rows)
{
	struct sign_in *s = r->arg;
	sign_in_read(r->arena, s, rows);
	if (s->totp_secret) {
		factor_demand(r, s);
		return;
	}
	sign_in_undone(r->self, s);
	bb_rest_fail(r, "409", "there is no second factor");
}

static void codes_anew(struct bb_rest *r, const struct bb_rows *rows)
{
	struct recovery *c = bb_zalloc(r->arena, sizeof *c);
	const char *user_id = totp_user(r);
	(void)rows;
	sign_in_good(r->self, r->arg);
	c->changed = true;
	struct bb_unit *unit = r->api->begin(r->me);
	if (recovery_add(r, unit, user_id, c))
		bb_rest_commit(r, unit, recovery_told);
}

int totp_codes(struct bb_call *call, void *self)
{
	return totp_begin(call, self, codes_anew, demand);
}

static void removed(struct bb_rest *r, const struct bb_rows *rows)
{
	(void)rows;
	bb_rest_gone(r);
}

static struct bb_unit *add_removal(struct bb_rest *r, const struct bb_val *user)
{
	const struct users *p = r->self;
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_RECOVERY_CODES_REMOVE], 1, user, NULL, NULL);
	r->api->add(unit, p->q[Q_TOTP_REMOVE], 1, user, NULL, NULL);
	return unit;
}

static void disable(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct bb_val user = bb_text(totp_user(r));
	(void)rows;
	sign_in_good(r->self, r->arg);
	bb_rest_commit(r, add_removal(r, &user), removed);
}

int totp_disable(struct bb_call *call, void *self)
{
	struct users *p = self;
	if (totp_is_required(p, p->api->attr(call, "role"))) {
		p->api->fail(call, "403", "the role %s must have a second factor",
			     p->api->attr(call, "role"));
		return BB_DONE;
	}
	return totp_begin(call, p, disable, demand);
}

/* DELETE /api/admin/users/{id}/totp: for one who has lost the app and the codes. */

static void reset(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct users *p = r->self;
	const struct bb_json *before = user_json(r->arena, rows, 0, NULL);
	if (!user_check_manage(r, bb_json_get_str(before, "role", "")))
		return;
	bb_set_before(r->api, r->call, before);
	const struct bb_val v[] = {*bb_cell(rows, 0, 0), bb_null()};
	struct bb_unit *unit = add_removal(r, v);
	r->api->add(unit, p->q[Q_SESSIONS_END], 2, v, NULL, NULL);
	bb_rest_commit(r, unit, removed);
}

int totp_reset(struct bb_call *call, void *self)
{
	return user_find(call, self, reset, NULL);
}
