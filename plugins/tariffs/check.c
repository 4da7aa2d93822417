/* POST /api/admin/tariffs/check: a tariff without storing it. */
#include "trial.h"

static void checked(void *arg, const struct bb_json *bill, const char *error)
{
	struct bb_rest *r = arg;
	struct bb_builder b = bb_build(r->arena);
	bb_put_bool(&b, "valid", bill != NULL);
	bb_put_str(&b, "error", error);
	bb_put_json(&b, "sample", bill);
	bb_rest_done(r, bb_build_object(&b));
}

int tariff_check(struct bb_call *call, void *self)
{
	struct tariffs *p = self;
	const char *operator_id = bb_rest_operator(p->api, call);
	if (!operator_id)
		return BB_DONE;
	struct bb_rest *r = bb_rest_later(p->api, p->me, call, p);
	struct draft *d = bb_zalloc(r->arena, sizeof *d);
	if (!trial_draft(r, p->api->payload(call), "", d))
		return BB_LATER;
	d->operator_id = bb_strdup(r->arena, operator_id);
	draft_try(p, r->arena, d, checked, r);
	return BB_LATER;
}
