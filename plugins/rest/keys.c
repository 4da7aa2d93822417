/* /api/admin/keys, and the first one: /api/admin/bootstrap. */
#include <busbar/users.h>

#include "private.h"
#include "secret.h"

static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, 0);
	if (r->arg) { /* just made: its secret is shown this once */
		r->api->set_attr(r->call, "secret", "1");
		r->api->set_header(r->call, "cache-control", "no-store");
		bb_put_str(&b, "key", r->arg);
	}
	bb_rest_done(r, bb_build_object(&b));
}

static int get_then(struct bb_call *call, struct rest *p, bb_rest_fn *step)
{
	struct bb_val v[] = {bb_text(p->api->attr(call, "id"))};
	return bb_rest_one(bb_rest_later(p->api, p->me, call, p), "key", p->q[Q_KEY_GET], 1, v,
			   step);
}

int key_get(struct bb_call *call, void *self)
{
	return get_then(call, self, show);
}

int key_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"role", BB_BY_TEXT},
						   {"cursor", BB_BY_TEXT, bb_is_id}};
	struct rest *p = self;
	struct bb_list *list = bb_list_new(p->api, call, p, 0, filters, 2);
	if (!list)
		return BB_DONE;
	return bb_list_read(bb_rest_later(p->api, p->me, call, p), list, p->q[Q_KEY_LIST], NULL,
			    NULL);
}

static void created(struct bb_rest *r, const struct bb_rows *rows)
{
	struct rest *p = r->self;
	if (!rows->rows) {
		bb_rest_fault(r->api, r->call, "operator_id", "names no operator");
		bb_rest_fail(r, "422", "there is no such operator");
		return;
	}
	const char *id = bb_strdup(r->arena, bb_cell_text(rows, 0, 0));
	struct bb_val v[] = {bb_text(id)};
	bb_rest_made(r, "/api/admin/keys", id);
	bb_rest_one(r, "key", p->q[Q_KEY_GET], 1, v, show);
}

/* What a role needs, and what it must not have. NULL if all is well; else the member at fault. */
static const char *misfit(const char *role, const struct bb_json *body, const char **ret_rule)
{
	bool bound = bb_json_get_str(body, "operator_id", NULL) != NULL;
	bool user = bb_json_get_str(body, "user_id", NULL) != NULL;
	if (!strcmp(role, "admin") && bound) {
		*ret_rule = "an admin is not bound to an operator";
		return "operator_id";
	}
	if (strcmp(role, "user") != 0 && user) {
		*ret_rule = "only for the role user";
		return "user_id";
	}
	if (!strcmp(role, "user") && !user) {
		*ret_rule = "is needed for the role user";
		return "user_id";
	}
	return NULL;
}

static bool is_bound(const char *role)
{
	return !strcmp(role, "operator") || !strcmp(role, "user");
}

/* A new secret, its digest and its first letters; false: the call has been failed. */
static bool draw_secret(struct bb_rest *r, struct bb_val *ret_digest, struct bb_val *ret_prefix)
{
	char *secret = bb_alloc(r->arena, SECRET_SIZE), *digest = bb_alloc(r->arena, DIGEST_SIZE);
	if (!secret_new(secret)) {
		bb_rest_fail(r, "500", "no random numbers");
		return false;
	}
	secret_digest(digest, (const char *const[]){secret, NULL});
	r->arg = secret;
	*ret_digest = bb_text(digest);
	*ret_prefix = bb_text(bb_strndup(r->arena, secret, SECRET_PREFIX));
	return true;
}

/* The time as storage writes it; null stays null. */
static struct bb_val time_member(const struct bb_api *api, struct bb_arena *a,
				 const struct bb_json *body, const char *key)
{
	const struct bb_json *v = bb_json_get(body, key);
	int64_t ms;
	if (!bb_json_is(v, BB_JSON_STRING) || api->time_parse(v->s, v->len, &ms))
		return bb_null();
	return bb_time(api, a, ms);
}

static const char *operator_for(const char *role, const struct bb_json *body)
{
	return bb_json_get_str(body, "operator_id", is_bound(role) ? "default" : NULL);
}

static void insert(struct bb_rest *r)
{
	struct rest *p = r->self;
	const struct bb_json *body = p->api->payload(r->call);
	const char *role = bb_json_get_str(body, "role", "");
	struct bb_val v[10] = {
	    bb_text(p->api->new_id(r->arena)),
	    bb_member_val(body, "name"),
	    bb_text(role),
	    bb_text(operator_for(role, body)),
	    bb_member_val(body, "user_id"),
	    [7] = bb_now(p->api, r->arena),
	    bb_text(p->api->attr(r->call, "key_name")),
	    time_member(p->api, r->arena, body, "expires_at"),
	};
	if (draw_secret(r, &v[5], &v[6]))
		bb_rest_write(r, p->q[Q_KEY_INSERT], 10, v, created);
}

int key_create(struct bb_call *call, void *self)
{
	struct rest *p = self;
	const struct bb_json *body = p->api->payload(call);
	const char *role = bb_json_get_str(body, "role", ""), *rule = NULL;
	const char *at = misfit(role, body, &rule);
	if (at) {
		bb_rest_fault(p->api, call, at, rule);
		p->api->fail(call, "422", "%s: %s", at, rule);
		return BB_DONE;
	}
	return bb_rest_user_fits(bb_rest_later(p->api, p->me, call, p),
				 bb_json_get_str(body, "user_id", NULL), operator_for(role, body),
				 insert);
}

static void deleted(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		bb_rest_fail(r, "409",
			     "this is the last admin key that has not expired; make another one "
			     "first");
		return;
	}
	bb_rest_gone(r);
}

static void delete_it(struct bb_rest *r, const struct bb_rows *rows)
{
	struct rest *p = r->self;
	struct bb_builder b = bb_build(r->arena);
	bb_put_row(&b, rows, 0, 0);
	bb_set_before(r->api, r->call, bb_build_object(&b));
	const struct bb_val v[] = {*bb_cell(rows, 0, 0), bb_now(r->api, r->arena)};
	struct bb_unit *unit = r->api->begin(r->me);
	r->api->add(unit, p->q[Q_ADMIN_KEYS_LOCK], 0, NULL, NULL, NULL);
	r->api->add(unit, p->q[Q_KEY_DELETE], 2, v, NULL, NULL);
	bb_rest_commit(r, unit, deleted);
}

int key_delete(struct bb_call *call, void *self)
{
	return get_then(call, self, delete_it);
}

/* A proxy on this machine would make everybody look local. */
static bool is_local(const struct bb_api *api, struct bb_call *call)
{
	const char *remote = api->http(call)->remote;
	if (bb_came_by_proxy(api, call))
		return false;
	if (!strncmp(remote, "::ffff:", 7))
		remote += 7;
	return !strncmp(remote, "127.", 4) || !strcmp(remote, "::1");
}

static void bootstrapped(struct bb_rest *r, const struct bb_rows *rows)
{
	if (!rows->rows) {
		bb_rest_fail(r, "409", "there is an admin key already");
		return;
	}
	r->api->set_attr(r->call, "key_name", "bootstrap"); /* for the audit log */
	r->api->set_attr(r->call, "role", "admin");
	r->api->log(r->me, BB_INFO, "the first admin key was made");
	created(r, rows);
}

int bootstrap(struct bb_call *call, void *self)
{
	struct rest *p = self;
	if (!is_local(p->api, call)) {
		p->api->fail(call, "403", "only from the machine that busbard runs on");
		return BB_DONE;
	}
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct bb_val v[4] = {bb_text("admin"), [3] = bb_now(p->api, r->arena)};
	if (!draw_secret(r, &v[1], &v[2]))
		return BB_LATER;
	r->conflict = "there is an admin key already";
	return bb_rest_write(r, p->q[Q_KEY_BOOTSTRAP], 4, v, bootstrapped);
}
