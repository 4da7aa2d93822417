/* POST /api/admin/invoices: of one session, or of a user's month. */
#include "issue.h"

void issue_answer(const struct issued *end, void *arg)
{
	struct bb_rest *r = arg;
	if (end->id) {
		invoice_answer(r, bb_strdup(r->arena, end->id), end->repeated ? 200 : 201);
		return;
	}
	if (end->errors)
		r->api->set_errors(r->call, end->errors);
	if (end->status)
		bb_rest_fail(r, end->status, end->text);
	else
		bb_rest_fail(r, "409", "no session of that user and month is left to invoice");
}

static void on_transaction(struct bb_rest *r, const struct bb_rows *rows)
{
	const struct issue_spec *spec = r->arg;
	const char *number = bb_cell_text(rows, 0, 3), *user_id = bb_cell_text(rows, 0, 4);
	const char *wanted = bb_json_get_str(r->api->payload(r->call), "user_id", NULL);
	if (number)
		bb_rest_fail(r, "409", bb_printf(r->arena, "the session stands on %s", number));
	else if (wanted && (!user_id || strcmp(wanted, user_id) != 0))
		bb_rest_fail(r, "409", "the session is not that user's");
	else
		issue_begin(r->self, spec, issue_answer, r);
}

static int refuse(const struct bb_api *api, struct bb_call *call, const char *path,
		  const char *rule)
{
	bb_rest_fault(api, call, path, rule);
	api->fail(call, "422", "%s %s", path, rule);
	return BB_DONE;
}

int invoice_issue(struct bb_call *call, void *self)
{
	struct invoices *p = self;
	const struct bb_json *body = p->api->payload(call);
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id)
		return BB_DONE;
	struct issue_spec spec = {
	    .kind = "invoice",
	    .operator_id = operator_id,
	    .transaction_id = bb_json_get_int(body, "transaction_id", 0),
	    .key_operator = p->api->attr(call, "operator_id"),
	    .user_id = bb_json_get_str(body, "user_id", NULL),
	    .month = bb_json_get_str(body, "month", NULL),
	    .recipient = bb_json_get(body, "recipient"),
	    .language = bb_json_get_str(body, "language", NULL),
	};
	if (spec.transaction_id && spec.month)
		return refuse(p->api, call, "month", "does not go with transaction_id");
	if (!spec.transaction_id && !spec.user_id)
		return refuse(p->api, call, "transaction_id", "is missing, and so is user_id");
	if (!spec.transaction_id && !spec.month)
		return refuse(p->api, call, "month", "is missing");
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	if (!spec.transaction_id) {
		issue_begin(p, &spec, issue_answer, r);
		return BB_LATER;
	}
	r->arg = memcpy(bb_alloc(r->arena, sizeof spec), &spec, sizeof spec);
	const struct bb_val v[] = {bb_i64(spec.transaction_id), bb_text(spec.key_operator)};
	return bb_rest_one(r, "transaction", p->q[Q_TRANSACTION], 2, v, on_transaction);
}
