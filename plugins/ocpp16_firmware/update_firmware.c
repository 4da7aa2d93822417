/* POST /api/admin/chargers/{id}/update-firmware */
#include "place.h"

struct update {
	struct bb_charger charger; /* first: what job_command() looks for */
	struct draft draft;
	const char *url;
	int64_t retrieve_ms;
};

static void ask(struct bb_rest *r, const struct bb_rows *rows)
{
	struct update *u = r->arg;
	(void)rows;
	job_command(
	    r, "UpdateFirmware",
	    place_update(r->api, r->arena, u->url, u->retrieve_ms, r->api->payload(r->call)),
	    &u->draft);
}

static void on_file(int err, const struct bb_file *file, void *arg)
{
	struct bb_rest *r = arg;
	struct firmware *p = r->self;
	struct update *u = r->arg;
	const char *error = NULL;
	if (err == -ENOENT) {
		bb_rest_fault(r->api, r->call, "file_id",
			      "names no file of the charger's operator");
		bb_rest_fail(r, "422", "file_id names no file of the charger's operator");
		return;
	}
	if (err) {
		bb_rest_storage_failed(r, err);
		return;
	}
	const struct bb_file_offer offer = {
	    .file_id = file->id,
	    .charger_id = u->charger.id,
	    .name = file->name,
	    .ref = u->draft.id,
	    .valid_until_ms = job_deadline_ms(p, FIRMWARE, u->retrieve_ms) + job_waits_ms(r),
	};
	struct bb_unit *unit = r->api->begin(r->me);
	if (p->files->offer(unit, &offer, r->arena, &u->url, &error)) {
		r->api->rollback(unit);
		bb_rest_fail(r, "409", error ? error : "the file cannot be offered");
		return;
	}
	r->conflict = "the file is gone";
	bb_rest_commit(r, unit, ask);
}

/* From now on at the earliest; the charger may be late, but not told to be. */
static int64_t retrieve_ms(const struct bb_api *api, const struct bb_json *body)
{
	const char *text = bb_json_get_str(body, "retrieve_at", "");
	int64_t ms;
	return api->time_parse(text, strlen(text), &ms) ? api->now_ms() : ms;
}

static void found(struct bb_rest *r)
{
	struct firmware *p = r->self;
	const struct bb_json *body = r->api->payload(r->call);
	if (!job_may_ask(r))
		return;
	struct update *u = bb_zalloc(r->arena, sizeof *u);
	u->charger = *(const struct bb_charger *)r->arg;
	u->retrieve_ms = retrieve_ms(r->api, body);
	u->draft = (struct draft){
	    .id = r->api->new_id(r->arena),
	    .file_id = bb_json_get_int(body, "file_id", 0),
	    .location = bb_json_get_str(body, "location", NULL),
	    .expected_version = bb_json_get_str(body, "expected_version", NULL),
	};
	u->url = u->draft.location;
	r->arg = u;
	if (u->url)
		ask(r, NULL);
	else
		p->files->find(u->draft.file_id, u->charger.operator_id, on_file, r);
}

int update_firmware(struct bb_call *call, void *self)
{
	struct firmware *p = self;
	const struct bb_json *body = p->api->payload(call);
	if (!place_check(p->api, call, body))
		return BB_DONE;
	if (!bb_json_get(body, "file_id") && !bb_json_get(body, "location")) {
		bb_rest_fault(p->api, call, "file_id", "is missing, and so is location");
		p->api->fail(call, "422", "either file_id or location says what to install");
		return BB_DONE;
	}
	return bb_on_charger(p->api, p->me, p->chargers, call, p, found);
}
