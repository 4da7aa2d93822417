/* GetLog and SignedUpdateFirmware on their way: their rows, and the files that come of them. */
#include <openssl/rand.h>

#include "security.h"

int64_t job_request_id(void)
{
	uint32_t id = 0;
	RAND_bytes((unsigned char *)&id, sizeof id);
	return (id & 0x7fffffff) | 1;
}

int64_t job_deadline_ms(const struct security *p, const char *kind, int64_t ms)
{
	return ms +
	       (strcmp(kind, "log") ? p->config->firmware_timeout_ms : p->config->log_timeout_ms);
}

static int64_t later_ms(const struct security *p, const struct bb_json *firmware, const char *key,
			int64_t ms)
{
	const char *text = bb_json_get_str(firmware, key, "");
	int64_t at = ms;
	(void)p->api->time_parse(text, strlen(text), &at);
	return at > ms ? at : ms;
}

/* A firmware job's time runs from when the charger may fetch, and install. */
static int64_t begins_ms(const struct security *p, const struct bb_json *payload)
{
	const struct bb_json *firmware = bb_json_get(payload, "firmware");
	int64_t ms = later_ms(p, firmware, "retrieveDateTime", p->api->now_ms());
	return later_ms(p, firmware, "installDateTime", ms);
}

static void add(struct security *p, struct bb_unit *u, const struct bb_sent *s, const char *kind,
		const char *location)
{
	const struct job_making *m = p->making;
	int64_t deadline_ms = job_deadline_ms(p, kind, begins_ms(p, s->payload));
	const struct bb_val v[] = {
	    bb_text(s->charge_point_id),
	    bb_text(kind),
	    bb_i64(bb_json_get_int(s->payload, "requestId", 0)),
	    bb_text(s->id),
	    bb_text(bb_json_get_str(s->payload, "logType", NULL)),
	    bb_text(m && m->ref ? NULL : location),
	    bb_text(m ? m->ref : NULL),
	    m && m->file_id ? bb_i64(m->file_id) : bb_null(),
	    bb_text(s->requested_by),
	    bb_now(p->api, s->arena),
	    bb_time(p->api, s->arena, deadline_ms),
	};
	p->api->add(u, p->query[Q_JOB_ADD], sizeof v / sizeof *v, v, NULL, NULL);
}

void get_log_stored(struct bb_unit *u, const struct bb_sent *s, void *self)
{
	const struct bb_json *log = bb_json_get(s->payload, "log");
	add(self, u, s, "log", bb_json_get_str(log, "remoteLocation", ""));
}

void signed_update_stored(struct bb_unit *u, const struct bb_sent *s, void *self)
{
	const struct bb_json *firmware = bb_json_get(s->payload, "firmware");
	add(self, u, s, "firmware", bb_json_get_str(firmware, "location", ""));
}

/* The command's row is stored while ask_charger() runs, and what we know of it with it. */
void job_command(struct bb_rest *r, const char *action, const struct bb_json *payload,
		 const struct job_making *making)
{
	struct security *p = r->self;
	p->making = making;
	command_charger(r, action, payload);
	p->making = NULL;
}

/* The columns that statements on jobs return. */
enum { KIND = 1, ENDED_AT = 3, UPDATED_AT = 6 };

/* NULL: of logs nothing is told, nor of what had ended before. */
static const char *topic_of(const struct bb_rows *rows, uint32_t row)
{
	const char *ended = bb_cell_text(rows, row, ENDED_AT);
	if (strcmp(bb_cell_text(rows, row, KIND), "firmware") != 0)
		return NULL;
	if (!ended)
		return "firmware.status";
	return strcmp(ended, bb_cell_text(rows, row, UPDATED_AT)) ? NULL : "firmware.ended";
}

void jobs_tell(int err, const struct bb_rows *rows, void *arg)
{
	struct security *p = arg;
	for (uint32_t i = 0; !err && i < rows->rows; i++) {
		const char *topic = topic_of(rows, i);
		if (!topic)
			continue;
		struct bb_arena *a = p->api->arena_new();
		struct bb_builder b = bb_build(a);
		for (uint32_t c = 0; c < UPDATED_AT; c++)
			bb_put_column(&b, rows, i, c);
		p->api->emit(p->bb, NULL, topic, bb_build_object(&b));
		p->api->arena_free(a);
	}
}

static void answered(struct security *p, struct bb_unit *u, const struct bb_sent *s)
{
	const char *status = bb_json_get_str(s->response, "status", "");
	const char *kind = strcmp(s->action, "GetLog") ? "firmware" : "log";
	bool accepted = !strcmp(s->state, "accepted");
	const struct bb_val id = bb_text(s->id), now = bb_now(p->api, s->arena);
	const struct bb_val v[] = {
	    id,
	    bb_text(s->state),
	    bb_text(accepted ? NULL : status),
	    bb_text(bb_json_get_str(s->response, "filename", NULL)),
	    now,
	    bb_time(p->api, s->arena, job_deadline_ms(p, kind, p->api->now_ms())),
	};
	p->api->add(u, p->query[Q_JOB_ANSWERED], 6, v, jobs_tell, p);
	if (!strcmp(status, "AcceptedCanceled"))
		p->api->add(u, p->query[Q_JOBS_SUPERSEDE], 2, (struct bb_val[]){id, now}, jobs_tell,
			    p);
}

void job_ended(struct bb_unit *u, const struct bb_sent *s, void *self)
{
	struct security *p = self;
	if (!strcmp(s->state, "accepted") || !strcmp(s->state, "rejected")) {
		answered(p, u, s);
		return;
	}
	const struct bb_val v[] = {
	    bb_text(s->id),
	    bb_text(s->error_code ? "failed" : "unanswered"),
	    bb_text(s->error_code ? s->error_code : s->state),
	    bb_now(p->api, s->arena),
	};
	p->api->add(u, p->query[Q_JOB_UNANSWERED], 4, v, jobs_tell, p);
}

/* The topic file.received: a log has come. */
void job_on_file(const struct bb_json *fact, void *self)
{
	struct security *p = self;
	const char *ref = bb_json_get_str(fact, "ref", NULL);
	if (!ref || strcmp(bb_json_get_str(fact, "purpose", ""), "log") != 0)
		return;
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val v[] = {bb_text(ref), bb_now(p->api, a)};
	struct bb_unit *u = p->api->begin(p->bb);
	p->api->add(u, p->query[Q_JOB_UPLOADED], 2, v, NULL, NULL);
	p->api->commit(u, NULL, NULL);
	p->api->arena_free(a);
}

void jobs_check(struct security *p)
{
	struct bb_arena *a = p->api->arena_new();
	const struct bb_val now = bb_now(p->api, a);
	const struct bb_val v[] = {bb_time(p->api, a, p->api->now_ms() - p->config->late_ms), now};
	struct bb_unit *u = p->api->begin(p->bb);
	p->api->add(u, p->query[Q_JOBS_UPLOADED], 2, v, NULL, NULL);
	p->api->add(u, p->query[Q_JOBS_OVERDUE], 1, &now, jobs_tell, p);
	p->api->commit(u, NULL, NULL);
	p->api->arena_free(a);
}

int job_list(struct bb_call *call, void *self)
{
	static const struct bb_filter filters[] = {
	    {"kind", BB_BY_TEXT},       {"charger_id", BB_BY_INT}, {"charge_point_id", BB_BY_TEXT},
	    {"command_id", BB_BY_TEXT}, {"state", BB_BY_TEXT},     {"cursor", BB_BY_INT},
	};
	struct security *p = self;
	return bb_rest_list(p->api, p->bb, call, p, p->query[Q_JOB_LIST], filters,
			    sizeof filters / sizeof *filters, NULL);
}

/* One row a status, the last two columns of which are the status's. */
static void show(struct bb_rest *r, const struct bb_rows *rows)
{
	uint32_t own = rows->columns - 2;
	struct bb_builder b = bb_build(r->arena), history = bb_build(r->arena);
	for (uint32_t c = 0; c < own; c++)
		bb_put_column(&b, rows, 0, c);
	for (uint32_t i = 0; i < rows->rows; i++) {
		struct bb_builder status = bb_build(r->arena);
		if (bb_cell(rows, i, own)->type == BB_NULL)
			continue;
		bb_put_row(&status, rows, i, own);
		bb_push(&history, *bb_build_object(&status));
	}
	bb_put_json(&b, "history", bb_build_array(&history));
	bb_rest_done(r, bb_build_object(&b));
}

int job_get(struct bb_call *call, void *self)
{
	struct security *p = self;
	return bb_rest_find(p->api, p->bb, call, p, "job", p->query[Q_JOB_GET], show, NULL);
}
