/* LogStatusNotification and SignedFirmwareStatusNotification: what chargers say of jobs. */
#include "moves.h"
#include "security.h"

struct report {
	struct incoming in; /* a copy */
	const struct job_kind *kind;
};

/* The columns of job_find. */
enum { ID, STATE, TOLD };

static void move(struct report *rep, struct bb_unit *u, int64_t id, const struct move *m)
{
	struct security *p = rep->in.p;
	int64_t deadline_ms = job_deadline_ms(p, rep->kind->name, p->api->now_ms());
	const struct bb_val v[] = {bb_i64(id), bb_text(m->state), bb_text(rep->in.now),
				   bb_i64(m->ends), bb_time(p->api, rep->in.arena, deadline_ms)};
	p->api->add(u, p->query[Q_JOB_MOVE], 5, v, jobs_tell, p);
}

/* The file was faster than what the charger says of it, which is kept all the same. */
static bool comes_after_file(const char *state, const char *told, const char *status)
{
	return !strcmp(state, "uploaded") && strcmp(told, "Uploaded") != 0 &&
	       strcmp(told, status) != 0 && strcmp(status, "Idle") != 0;
}

/* One of a job that nobody knows, or that does not take it, changes nothing. */
static void on_job(int err, const struct bb_rows *r, void *arg)
{
	struct report *rep = arg;
	struct incoming *in = &rep->in;
	const char *status = bb_json_get_str(in->payload, "status", "");
	if (err) {
		incoming_fail(in, err);
		return;
	}
	const char *state = r->rows ? bb_cell_text(r, 0, STATE) : "superseded";
	const char *told = r->rows ? bb_cell_text(r, 0, TOLD) : NULL;
	const struct move *m = job_move(rep->kind, state, status);
	if (!m && !comes_after_file(state, told ? told : "", status)) {
		in->p->api->resolve(in->reply, bb_json_empty(in->arena));
		return;
	}
	struct bb_unit *u = in->p->api->begin(in->p->bb);
	int64_t id = bb_cell_int(r, 0, ID, 0);
	const struct bb_val v[] = {bb_i64(id), bb_text(status), bb_text(in->now)};
	in->p->api->add(u, in->p->query[Q_JOB_STATUS], 3, v, NULL, NULL);
	if (m)
		move(rep, u, id, m);
	incoming_commit(in, u, bb_json_empty(in->arena));
}

static int reported(struct bb_call *call, struct security *p, const struct job_kind *kind)
{
	struct incoming *in = incoming_begin(call, p);
	if (!in)
		return -EIO;
	struct report *rep = bb_alloc(in->arena, sizeof *rep);
	*rep = (struct report){*in, kind};
	const struct bb_val v[] = {
	    bb_i64(in->link->charger_id), bb_text(kind->name),
	    bb_member_val(in->payload, "requestId"),
	    bb_time(p->api, in->arena, p->api->now_ms() - p->config->late_ms)};
	int err = p->api->read(p->bb, p->query[Q_JOB_FIND], 4, v, on_job, rep);
	if (err < 0)
		incoming_fail(in, err);
	return BB_LATER;
}

int log_status_notification(struct bb_call *call, void *self)
{
	return reported(call, self, &job_log);
}

int signed_firmware_status_notification(struct bb_call *call, void *self)
{
	return reported(call, self, &job_firmware);
}
