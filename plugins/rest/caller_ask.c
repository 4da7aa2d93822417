/* A caller who is no API key: a session's cookie, another bearer. Those who know such callers
 * answer the question `caller`. */
#include "private.h"

#define ASK_MS 15000u

/* An answer that would let a caller see more than anybody meant is none. */
static const char *misfit(const struct caller *c)
{
	if (!c->role || !c->name || !c->kind)
		return "has no role, name or kind";
	if (!strcmp(c->role, "admin"))
		return c->operator_id ? "has an admin of one operator" : NULL;
	if (!strcmp(c->role, "readonly"))
		return NULL;
	if (!c->operator_id)
		return "has no operator";
	return !strcmp(c->role, "user") && !c->user_id ? "has no user" : NULL;
}

static void admit(struct bb_rest *r, const struct bb_json *answer)
{
	struct caller c = {
	    .kind = bb_json_get_str(answer, "kind", NULL),
	    .name = bb_json_get_str(answer, "name", NULL),
	    .role = bb_json_get_str(answer, "role", NULL),
	    .operator_id = bb_json_get_str(answer, "operator_id", NULL),
	    .user_id = bb_json_get_str(answer, "user_id", NULL),
	    .email = bb_json_get_str(answer, "email", NULL),
	    .expires_at = bb_json_get_str(answer, "expires_at", NULL),
	};
	const char *fault = misfit(&c);
	if (fault) {
		r->api->log(r->me, BB_ERROR, "an answer to the question caller %s", fault);
		bb_rest_fail(r, "500", "nobody could say who calls");
		return;
	}
	/* No key's id has a colon. */
	c.id = c.user_id ? bb_printf(r->arena, "user:%s", c.user_id)
			 : bb_printf(r->arena, "%s:%s", c.kind, c.name);
	caller_admit(r, &c);
}

static void refuse(struct bb_rest *r, int64_t status, const struct bb_json *answer)
{
	const char *detail =
	    bb_strdup(r->arena, bb_json_get_str(answer, "detail", "the caller is not known"));
	if (status == 403)
		bb_rest_fail(r, "403", detail);
	else
		reject_unauthorized(r, detail);
}

static void on_answer(int err, const struct bb_json *v, void *arg)
{
	struct bb_rest *r = arg;
	int64_t status = err ? 0 : bb_json_get_int(v, "status", 0);
	if (err == -ENOENT)
		reject_unauthorized(r, "nobody here knows this caller");
	else if (err == -ECANCELED || err == -ETIMEDOUT)
		bb_rest_fail(r, "503", "who calls cannot be looked up now; try again");
	else if (err)
		bb_rest_fail(r, "500", "nobody could say who calls");
	else if (status)
		refuse(r, status, v);
	else
		admit(r, v);
}

int caller_ask(struct bb_rest *r, const char *authorization)
{
	const struct bb_http *http = r->api->http(r->call);
	struct bb_builder b = bb_build(r->arena);
	if (authorization) {
		bb_put_str(&b, "authorization", authorization);
	} else {
		bb_put_str(&b, "cookie", r->api->header(r->call, "cookie"));
		bb_put_str(&b, "csrf", r->api->header(r->call, "x-csrf-token"));
	}
	bb_put_str(&b, "method", http->method);
	bb_put_str(&b, "path", http->path);
	bb_put_str(&b, "remote", http->remote);
	r->api->ask_hook(r->me, "caller", bb_build_object(&b), ASK_MS, on_answer, r);
	return BB_LATER;
}
