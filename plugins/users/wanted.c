#include "wanted.h"

#include "address.h"
#include "roles.h"

void refuse(struct bb_rest *r, const char *path, const char *rule)
{
	bb_rest_fault(r->api, r->call, path, rule);
	bb_rest_fail(r, "422", bb_printf(r->arena, "%s %s", path, rule));
}

bool user_check_manage(struct bb_rest *r, const char *role)
{
	const char *actor = r->api->attr(r->call, "role");
	if (role_may_manage(actor, role))
		return true;
	bb_rest_fail(r, "403",
		     bb_printf(r->arena, "the role %s may not make or change users of the role %s",
			       actor, role));
	return false;
}

/* The operator that goes with the role; false: the call has been failed. */
static bool settle_operator(struct bb_rest *r, struct wanted *w)
{
	const struct bb_json *body = r->api->payload(r->call);
	const struct bb_json *told = bb_json_get(body, "operator_id");
	const char *own = r->api->attr(r->call, "operator_id");
	const char *asked = bb_json_str(told ? told : bb_json_get(w->before, "operator_id"), NULL);
	enum role_operator of = ROLE_OF_ONE;
	role_find(w->role, &of);
	if (of == ROLE_OF_NONE && told && asked) {
		refuse(r, "operator_id", "is not for an admin");
		return false;
	}
	if (own && asked && strcmp(own, asked) != 0) {
		bb_rest_fail(r, "403",
			     bb_printf(r->arena, "the caller belongs to operator %s", own));
		return false;
	}
	if (of == ROLE_OF_ONE && !asked)
		asked = "default";
	w->operator_id = of == ROLE_OF_NONE ? NULL : own ? own : asked;
	return true;
}

static struct bb_val member_or(const struct bb_json *body, const struct bb_json *before,
			       const char *name)
{
	return bb_member_val(bb_json_get(body, name) ? body : before, name);
}

static bool is_active_admin(const char *role, const char *state)
{
	return !strcmp(role, "admin") && !strcmp(state, "active");
}

/* The password is another person's: one's own is changed by whoever knows it. */
static bool decide_password(struct bb_rest *r, struct wanted *w)
{
	const char *id = bb_json_get_str(w->before, "id", ""),
		   *own = r->api->attr(r->call, "account_id");
	w->password = bb_json_get_str(r->api->payload(r->call), "password", NULL);
	if (!w->password)
		return true;
	if (own && !strcmp(own, id)) {
		refuse(r, "password", "of one's own is changed by POST /auth/password");
		return false;
	}
	return password_check(r, "password", w->password,
			      w->email.type == BB_TEXT ? w->email.s : NULL);
}

bool wanted_decide(struct bb_rest *r, struct wanted *w)
{
	const struct bb_json *before = w->before;
	const struct bb_json *body = r->api->payload(r->call);
	const char *old_role = bb_json_get_str(before, "role", NULL);
	w->role = bb_json_get_str(body, "role", old_role);
	if (!user_check_manage(r, w->role) || (old_role && !user_check_manage(r, old_role)) ||
	    !settle_operator(r, w))
		return false;
	w->email = member_or(body, before, "email");
	if (w->email.type == BB_TEXT && !address_is_valid(w->email.s)) {
		refuse(r, "email", "is not an e-mail address");
		return false;
	}
	w->email_key =
	    w->email.type == BB_TEXT ? bb_text(address_key(r->arena, w->email.s)) : bb_null();
	w->name = member_or(body, before, "name");
	w->language = member_or(body, before, "language");
	w->state = member_or(body, before, "state");
	if (w->state.type == BB_NULL)
		w->state = bb_text("active");
	w->drops_admin = before &&
			 is_active_admin(old_role, bb_json_get_str(before, "state", "")) &&
			 !is_active_admin(w->role, w->state.s);
	return decide_password(r, w);
}
