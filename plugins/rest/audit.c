/* The audit log: a row for every change made over REST. */
#include "private.h"

/* An answer with the attribute `secret` has a secret in one of these. */
static bool is_secret(const char *member)
{
	static const char *const members[] = {"key", "secret", "csrf_token", "uri",
					      "recovery_codes"};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (!strcmp(members[i], member))
			return true;
	return false;
}

static const struct bb_json *without_secrets(struct bb_arena *a, const struct bb_json *answer)
{
	struct bb_builder b = bb_build(a);
	for (uint32_t i = 0; i < answer->len; i++)
		if (!is_secret(answer->members[i].key))
			bb_put(&b, answer->members[i].key, answer->members[i].value);
	return bb_build_object(&b);
}

/* The answer as the log keeps it: without secrets, NULL if there is none. */
static const char *after_text(struct rest *p, struct bb_call *call, const struct bb_json *answer)
{
	struct bb_arena *a = p->api->arena(call);
	if (!bb_json_is(answer, BB_JSON_OBJECT) || !answer->len)
		return NULL;
	if (p->api->attr(call, "secret"))
		answer = without_secrets(a, answer);
	return p->api->json_write(a, masked(a, answer), NULL);
}

int audit_observe(struct bb_call *call, void *self)
{
	struct rest *p = self;
	const struct bb_api *api = p->api;
	const struct bb_http *http = api->http(call);
	const char *code = NULL, *actor = api->attr(call, "key_name");
	int status = 0;
	const struct bb_json *answer = api->answer(call, &status, &code);
	if (code || !actor || !http->route || bb_is_reading(http->method))
		return BB_PASS;
	struct bb_val v[] = {
	    bb_now(api, api->arena(call)),
	    bb_text(actor),
	    bb_text(api->attr(call, "key_id")),
	    bb_text(api->attr(call, "role")),
	    bb_text(api->attr(call, "operator_id")),
	    bb_text(http->method),
	    bb_text(http->path),
	    bb_text(http->route),
	    bb_i64(status ? status : 200),
	    bb_text(http->remote),
	    bb_text(api->attr(call, "before")),
	    bb_text(after_text(p, call, answer)),
	    bb_text(api->attr(call, "caller_kind")),
	    bb_text(api->attr(call, "account_id")),
	};
	return hold_and_write(p, call, "an audit row", Q_AUDIT_INSERT, sizeof v / sizeof *v, v);
}

static const struct bb_json *entry(struct bb_arena *a, const struct bb_rows *r, uint32_t row,
				   void *arg)
{
	const struct rest *p = arg;
	struct bb_builder b = bb_build(a);
	uint32_t before = r->columns - 2;
	for (uint32_t c = 1; c < before; c++)
		bb_put(&b, bb_strdup(a, r->names[c]), bb_cell_json(a, bb_cell(r, row, c)));
	bb_put(&b, "before", bb_cell_parsed(p->api, a, bb_cell(r, row, before)));
	bb_put(&b, "after", bb_cell_parsed(p->api, a, bb_cell(r, row, before + 1)));
	return bb_build_object(&b);
}

int audit_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {{"actor", BB_BY_TEXT},
						   {"path", BB_BY_TEXT},
						   {"from", BB_BY_TIME},
						   {"to", BB_BY_TIME},
						   {"cursor", BB_BY_INT}};
	struct rest *p = self;
	return bb_rest_list(p->api, p->me, call, p, p->q[Q_AUDIT_LIST], filters,
			    sizeof filters / sizeof *filters, entry);
}
