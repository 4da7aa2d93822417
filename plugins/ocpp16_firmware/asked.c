/* A job begins with its command's row and knows how the command ended, whoever had asked for it. */
#include "firmware.h"

static const char *kind_of(const struct bb_sent *sent)
{
	return strcmp(sent->action, "UpdateFirmware") ? DIAGNOSTICS : FIRMWARE;
}

/* The payload without its location, which may be a secret. */
static const char *request_text(const struct firmware *p, const struct bb_sent *sent)
{
	struct bb_builder b = bb_build(sent->arena);
	for (uint32_t i = 0; i < sent->payload->len; i++)
		if (strcmp(sent->payload->members[i].key, "location") != 0)
			bb_put(&b, sent->payload->members[i].key, sent->payload->members[i].value);
	return p->api->json_write(sent->arena, bb_build_object(&b), NULL);
}

/* A firmware job's time runs from when the charger may fetch. */
static int64_t begins_ms(const struct firmware *p, const struct bb_sent *sent)
{
	const char *text = bb_json_get_str(sent->payload, "retrieveDate", "");
	int64_t now = p->api->now_ms(), at = now;
	p->api->time_parse(text, strlen(text), &at);
	return at > now ? at : now;
}

static struct draft draft_of(const struct firmware *p, const struct bb_sent *sent)
{
	if (p->asking)
		return *p->asking;
	return (struct draft){
	    .id = p->api->new_id(sent->arena),
	    .location = bb_json_get_str(sent->payload, "location", NULL),
	};
}

static struct bb_val id_val(int64_t id)
{
	return id ? bb_i64(id) : bb_null();
}

void asked_stored(struct bb_unit *unit, const struct bb_sent *sent, void *self)
{
	const struct firmware *p = self;
	const struct draft d = draft_of(p, sent);
	const char *kind = kind_of(sent);
	const struct bb_val v[] = {
	    bb_text(d.id),
	    bb_text(sent->charge_point_id),
	    bb_text(kind),
	    bb_text(sent->id),
	    id_val(d.campaign_id),
	    id_val(d.file_id),
	    bb_text(d.location),
	    bb_text(d.expected_version),
	    bb_text(request_text(p, sent)),
	    bb_text(sent->requested_by),
	    bb_now(p->api, sent->arena),
	    bb_time(p->api, sent->arena, job_deadline_ms(p, kind, begins_ms(p, sent))),
	};
	p->api->add(unit, p->q[Q_JOB_ADD], sizeof v / sizeof *v, v, NULL, NULL);
	if (d.call)
		p->api->set_header(d.call, "location",
				   bb_printf(sent->arena, "/api/admin/%s-jobs/%s", kind, d.id));
}

static void answered(struct firmware *p, struct bb_unit *unit, const struct bb_sent *sent,
		     struct bb_val now)
{
	const char *file_name = bb_json_get_str(sent->response, "fileName", NULL);
	bool nothing = !strcmp(kind_of(sent), DIAGNOSTICS) && (!file_name || !*file_name);
	const struct bb_val v[] = {
	    bb_text(sent->id),
	    bb_text(nothing ? "nothing_to_upload" : "accepted"),
	    nothing ? now : bb_null(),
	    bb_text(file_name),
	    now,
	    bb_time(p->api, sent->arena, job_deadline_ms(p, kind_of(sent), p->api->now_ms())),
	};
	p->api->add(unit, p->q[Q_JOB_ANSWERED], 6, v, jobs_tell, p);
	const struct bb_val older[] = {bb_text(sent->id), now};
	p->api->add(unit, p->q[Q_JOBS_SUPERSEDE], 2, older, jobs_tell, p);
}

void asked_ended(struct bb_unit *unit, const struct bb_sent *sent, void *self)
{
	struct firmware *p = self;
	struct bb_val now = bb_now(p->api, sent->arena);
	if (!strcmp(sent->state, "accepted")) {
		answered(p, unit, sent, now);
		return;
	}
	bool refused = sent->error_code || !strcmp(sent->state, "rejected");
	const struct bb_val v[] = {
	    bb_text(sent->id),
	    bb_text(refused ? "failed" : "unanswered"),
	    bb_text(sent->error_code ? sent->error_code : sent->state),
	    now,
	};
	p->api->add(unit, p->q[Q_JOB_UNANSWERED], 4, v, jobs_tell, p);
}
