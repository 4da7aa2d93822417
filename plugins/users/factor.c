/* The second factor: a code of an authenticator app, or one of those kept for when it is lost. */
#include "sign_in.h"
#include "token.h"
#include "totp.h"

static void used(struct bb_rest *r, const struct bb_rows *rows)
{
	struct sign_in *s = r->arg;
	if (rows->rows)
		s->then(r, rows);
	else
		sign_in_failed(r, s, "the code is wrong or has been used");
}

void recovery_code_hash(struct bb_arena *a, const char *code, char *ret)
{
	char *plain = bb_strdup(a, code), *to = plain;
	for (; *code; code++) {
		char c = *code >= 'A' && *code <= 'Z' ? (char)(*code - 'A' + 'a') : *code;
		if (c != '-' && c != ' ')
			*to++ = c;
	}
	*to = '\0';
	token_hash(plain, ret);
}

static void use_recovery_code(struct bb_rest *r, const struct sign_in *s, const char *code)
{
	const struct users *p = r->self;
	char hash[TOKEN_SIZE];
	recovery_code_hash(r->arena, code, hash);
	const struct bb_val v[] = {bb_text(s->user_id), bb_text(hash)};
	bb_rest_write(r, p->q[Q_RECOVERY_CODE_USE], 2, v, used);
}

static void use_code(struct bb_rest *r, const struct sign_in *s, const char *code)
{
	const struct users *p = r->self;
	int64_t step;
	if (!totp_check(s->totp_secret, code, r->api->now_ms(), s->last_step, &step)) {
		sign_in_failed(r, s, "the code is wrong or has been used");
		return;
	}
	const struct bb_val v[] = {bb_text(s->user_id), bb_i64(step)};
	bb_rest_write(r, p->q[Q_TOTP_USE], 2, v, used);
}

void factor_demand(struct bb_rest *r, struct sign_in *s)
{
	const struct users *p = r->self;
	const struct bb_json *body = r->api->payload(r->call);
	const char *code = bb_json_get_str(body, "code", NULL);
	const char *recovery = bb_json_get_str(body, "recovery_code", NULL);
	r->arg = s;
	if (!s->totp_secret) {
		s->then(r, NULL);
	} else if (code) {
		use_code(r, s, code);
	} else if (recovery) {
		use_recovery_code(r, s, recovery);
	} else {
		sign_in_undone(p, s);
		bb_rest_fault(r->api, r->call, "code", "is needed");
		bb_rest_fail(r, s->status, "a code of the authenticator app is needed");
	}
}
