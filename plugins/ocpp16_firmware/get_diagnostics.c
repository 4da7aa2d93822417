/* POST /api/admin/chargers/{id}/get-diagnostics */
#include "place.h"

struct diagnostics {
	struct bb_charger charger; /* first: what job_command() looks for */
	struct draft draft;
	const char *url;
};

static void ask(struct bb_rest *r, const struct bb_rows *rows)
{
	struct diagnostics *d = r->arg;
	(void)rows;
	job_command(r, "GetDiagnostics",
		    place_diagnostics(r->api, r->arena, d->url, r->api->payload(r->call)),
		    &d->draft);
}

/* A URL of ours, that knows the job. */
static void receive(struct bb_rest *r)
{
	struct firmware *p = r->self;
	struct diagnostics *d = r->arg;
	const char *error = NULL;
	const struct bb_file_wish wish = {
	    .charger_id = d->charger.id,
	    .purpose = DIAGNOSTICS,
	    .ref = d->draft.id,
	    .valid_until_ms = job_deadline_ms(p, DIAGNOSTICS, r->api->now_ms()) + job_waits_ms(r),
	};
	struct bb_unit *unit = r->api->begin(r->me);
	if (p->files->receive(unit, &wish, r->arena, &d->url, &error)) {
		r->api->rollback(unit);
		bb_rest_fail(r, "409", error ? error : "there is nowhere to upload to");
		return;
	}
	bb_rest_commit(r, unit, ask);
}

static void found(struct bb_rest *r)
{
	if (!job_may_ask(r))
		return;
	struct diagnostics *d = bb_zalloc(r->arena, sizeof *d);
	d->charger = *(const struct bb_charger *)r->arg;
	d->draft.id = r->api->new_id(r->arena);
	d->draft.location = d->url = bb_json_get_str(r->api->payload(r->call), "location", NULL);
	r->arg = d;
	if (d->url)
		ask(r, NULL);
	else
		receive(r);
}

int get_diagnostics(struct bb_call *call, void *self)
{
	struct firmware *p = self;
	if (!place_check(p->api, call, p->api->payload(call)))
		return BB_DONE;
	return bb_on_charger(p->api, p->me, p->chargers, call, p, found);
}
