/* POST, PUT and DELETE of /api/admin/users. */
#include "address.h"
#include "roles.h"
#include "users.h"

/* What a user is to be. */
struct wanted {
	const char *role, *operator_id;
	struct bb_val email, email_key, name, state, language;
	bool drops_admin; /* it was one that could sign in */
	bool changed;     /* set when it has been */
	const char *id;
};

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
static bool settle_operator(struct bb_rest *r, const struct bb_json *before, struct wanted *w)
{
	const struct bb_json *body = r->api->payload(r->call);
	const struct bb_json *told = bb_json_get(body, "operator_id");
	const char *own = r->api->attr(r->call, "operator_id");
	const char *asked = bb_json_str(told ? told : bb_json_get(before, "operator_id"), NULL);
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

/* What the body leaves out is as in `before`, which is NULL for a new user. False: the call has
 * been failed. */
static bool decide(struct bb_rest *r, const struct bb_json *before, struct wanted *w)
{
	const struct bb_json *body = r->api->payload(r->call);
	const char *old_role = bb_json_get_str(before, "role", NULL);
	w->role = bb_json_get_str(body, "role", old_role);
	if (!user_check_manage(r, w->role) || (old_role && !user_check_manage(r, old_role)) ||
	    !settle_operator(r, before, w))
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
	return true;
}

static void created(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wanted *w = r->arg;
	if (!rows->rows) {
		refuse(r, "operator_id", "names no operator");
		return;
	}
	r->api->set_status(r->call, 201);
	r->api->set_header(r->call, "location", bb_printf(r->arena, "/api/admin/users/%s", w->id));
	user_read_again(r, w->id);
}

int user_create(struct bb_call *call, void *self)
{
	struct users *p = self;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct wanted *w = bb_zalloc(r->arena, sizeof *w);
	const char *id = bb_json_get_str(p->api->payload(call), "id", NULL);
	r->arg = w;
	if (id && !user_id_is_valid(id)) {
		refuse(r, "id", "has other signs than letters, digits and . _ - + @ | :");
		return BB_LATER;
	}
	if (!decide(r, NULL, w))
		return BB_LATER;
	w->id = id ? id : p->api->new_id(r->arena);
	const struct bb_val v[] = {
	    bb_text(w->id),
	    bb_text(w->operator_id),
	    w->email,
	    w->email_key,
	    w->name,
	    bb_text(w->role),
	    w->state,
	    w->language,
	    bb_text(p->api->attr(call, "key_name")),
	    bb_now(p->api, r->arena),
	};
	r->conflict = "another user has this id or e-mail address";
	return bb_rest_write(r, p->q[Q_INSERT], sizeof v / sizeof *v, v, created);
}

static void note_changed(int err, const struct bb_rows *rows, void *arg)
{
	struct wanted *w = arg;
	w->changed = !err && rows->rows;
}

static void put_done(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct wanted *w = r->arg;
	(void)rows;
	if (w->changed)
		user_read_again(r, w->id);
	else if (w->drops_admin)
		bb_rest_fail(r, "409", "this is the last active admin; make another one first");
	else
		bb_rest_fail(r, "412", "the user has changed since the version in If-Match");
}

static bool is_the_version(const struct bb_rest *r, const struct bb_json *before)
{
	return r->if_match.type == BB_NULL ||
	       !strcmp(r->if_match.s, bb_json_get_str(before, "updated_at", ""));
}

static void put_over(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct users *p = r->self;
	struct wanted *w = r->arg;
	const struct bb_json *before = user_json(r->arena, rows, 0, NULL);
	bb_set_before(r->api, r->call, before);
	if (!decide(r, before, w))
		return;
	w->id = bb_json_get_str(before, "id", "");
	if (!is_the_version(r, before)) {
		bb_rest_fail(r, "412", "the user has changed since the version in If-Match");
		return;
	}
	const struct bb_val id = bb_text(w->id);
	const struct bb_val v[] = {
	    id,
	    r->if_match,
	    bb_changed_at(r->api, r->arena, before),
	    bb_text(w->operator_id),
	    w->email,
	    w->email_key,
	    w->name,
	    bb_text(w->role),
	    w->state,
	    w->language,
	    bb_i64(w->drops_admin),
	};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_ADMINS_LOCK], 0, NULL, NULL, NULL);
	r->api->add(unit, p->q[Q_UPDATE], sizeof v / sizeof *v, v, note_changed, w);
	r->api->add(unit, p->q[Q_SESSIONS_END_OF_DISABLED], 1, &id, NULL, NULL);
	r->conflict = "another user has this e-mail address, or there is no such operator";
	bb_rest_commit(r, unit, put_done);
}

int user_put(struct bb_call *call, void *self)
{
	struct users *p = self;
	return user_find(call, p, put_over, bb_zalloc(p->api->arena(call), sizeof(struct wanted)));
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	if (rows->rows)
		bb_rest_gone(r);
	else
		bb_rest_fail(r, "409", "this is the last active admin; make another one first");
}

static void delete_it(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct users *p = r->self;
	const struct bb_json *before = user_json(r->arena, rows, 0, NULL);
	if (!user_check_manage(r, bb_json_get_str(before, "role", "")))
		return;
	bb_set_before(r->api, r->call, before);
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_ADMINS_LOCK], 0, NULL, NULL, NULL);
	r->api->add(unit, p->q[Q_DELETE], 1, bb_cell(rows, 0, 0), NULL, NULL);
	bb_rest_commit(r, unit, deleted);
}

int user_delete(struct bb_call *call, void *self)
{
	return user_find(call, self, delete_it, NULL);
}
