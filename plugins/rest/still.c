/* The service "callers/1": is a caller still who they were when their request came? */
#include <busbar/callers.h>

#include "private.h"
#include "secret.h"

#define ASK_MS 15000u

/* The plugin's only instance: a service's functions are asked without one. */
static struct rest *the;

struct bb_caller {
	const char *kind, *id, *role, *operator_id, *user_id, *expires_at;
	const char *authorization, *cookie; /* what named them: one of them */
	const char *path, *remote;
};

struct asking {
	const struct bb_caller *caller;
	struct bb_arena *arena;
	bb_caller_fn *fn;
	void *arg;
};

static const char *copied(struct bb_arena *a, const char *text)
{
	return text ? bb_strdup(a, text) : NULL;
}

static const struct bb_caller *caller_of(struct bb_call *call, struct bb_arena *a)
{
	const struct bb_api *api = the->api;
	struct bb_caller *c = (struct bb_caller *)bb_alloc(a, sizeof *c);
	*c = (struct bb_caller){
	    .kind = copied(a, api->attr(call, "caller_kind")),
	    .id = copied(a, api->attr(call, "key_id")),
	    .role = copied(a, api->attr(call, "role")),
	    .operator_id = copied(a, api->attr(call, "operator_id")),
	    .user_id = copied(a, api->attr(call, "account_id")),
	    .expires_at = copied(a, api->attr(call, "caller_expires_at")),
	    .path = copied(a, api->http(call)->path),
	    .remote = copied(a, api->http(call)->remote),
	};
	const char *authorization = api->header(call, "authorization");
	if (secret_of_header(authorization))
		c->authorization = copied(a, authorization);
	else
		c->cookie = copied(a, api->header(call, "cookie"));
	return c;
}

static const char *id_of(const struct bb_caller *c)
{
	return c->id;
}

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void end(struct asking *q, int err)
{
	q->fn(err, q->arg);
	the->api->arena_free(q->arena);
}

/* Columns of key_get. */
enum { KEY_ROLE = 2, KEY_OPERATOR, KEY_USER };

static void on_key(int err, const struct bb_rows *rows, void *arg)
{
	struct asking *q = arg;
	const struct bb_caller *c = q->caller;
	if (!err && (!rows->rows || !same(bb_cell_text(rows, 0, KEY_ROLE), c->role) ||
		     !same(bb_cell_text(rows, 0, KEY_OPERATOR), c->operator_id) ||
		     !same(bb_cell_text(rows, 0, KEY_USER), c->user_id)))
		err = -EACCES;
	end(q, err);
}

static void on_answer(int err, const struct bb_json *v, void *arg)
{
	struct asking *q = arg;
	const struct bb_caller *c = q->caller;
	if (err == -ENOENT ||
	    (!err &&
	     (bb_json_get(v, "status") || !same(bb_json_get_str(v, "role", NULL), c->role) ||
	      !same(bb_json_get_str(v, "operator_id", NULL), c->operator_id) ||
	      !same(bb_json_get_str(v, "user_id", NULL), c->user_id))))
		err = -EACCES;
	end(q, err);
}

static void ask(struct asking *q)
{
	const struct bb_caller *c = q->caller;
	struct bb_builder b = bb_build(q->arena);
	if (c->authorization)
		bb_put_str(&b, "authorization", c->authorization);
	else
		bb_put_str(&b, "cookie", c->cookie);
	bb_put_str(&b, "method", "GET");
	bb_put_str(&b, "path", c->path);
	bb_put_str(&b, "remote", c->remote);
	bb_put_bool(&b, "again", true);
	int err = the->api->ask_hook(the->me, "caller", bb_build_object(&b), ASK_MS, on_answer, q);
	if (err < 0)
		on_answer(err, NULL, q);
}

static bool has_expired(const struct bb_caller *c)
{
	int64_t at;
	return c->expires_at && !the->api->time_parse(c->expires_at, strlen(c->expires_at), &at) &&
	       at <= the->api->now_ms();
}

static void still(const struct bb_caller *c, bb_caller_fn *fn, void *arg)
{
	if (has_expired(c) ||
	    (c->operator_id && the->operators && the->operators->may(c->operator_id) == -EACCES)) {
		fn(-EACCES, arg);
		return;
	}
	struct bb_arena *a = the->api->arena_new();
	struct asking *q = (struct asking *)bb_alloc(a, sizeof *q);
	*q = (struct asking){c, a, fn, arg};
	if (strcmp(c->kind, "key") != 0) {
		ask(q);
		return;
	}
	const struct bb_val id = bb_text(c->id);
	int err = the->api->read(the->me, the->q[Q_KEY_GET], 1, &id, on_key, q);
	if (err < 0)
		on_key(err, NULL, q);
}

const struct bb_callers callers_service = {sizeof callers_service, caller_of, id_of, still};

void still_open(struct rest *p)
{
	the = p;
}
