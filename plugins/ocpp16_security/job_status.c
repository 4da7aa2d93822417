/* LogStatusNotification and SignedFirmwareStatusNotification: what chargers say of jobs. */
#include "moves.h"
#include "security.h"

struct report {
	struct incoming in; /* a copy */
	const struct job_kind *kind;
};

static void move(struct report *rep, struct bb_unit *u, int64_t id, const char *status)
{
	struct security *p = rep->in.p;
	const struct bb_val now = bb_text(rep->in.now);
	bool last = job_ends(rep->kind, status);
	const struct bb_val v[] = {bb_i64(id), bb_text(status), now, bb_i64(last)};
	p->api->add(u, p->query[Q_JOB_STATUS], 3, v, NULL, NULL);
	p->api->add(u, p->query[Q_JOB_MOVE], 4, v, NULL, NULL);
	if (last)
		p->api->add(u, p->query[Q_JOB_LINK], 1, v, NULL, NULL);
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
	if (!r->rows || !job_takes(rep->kind, bb_cell_text(r, 0, 1), status)) {
		in->p->api->resolve(in->reply, bb_json_empty(in->arena));
		return;
	}
	struct bb_unit *u = in->p->api->begin(in->p->bb);
	move(rep, u, bb_cell_int(r, 0, 0, 0), status);
	incoming_commit(in, u, bb_json_empty(in->arena));
}

static int reported(struct bb_call *call, struct security *p, const struct job_kind *kind)
{
	struct incoming *in = incoming_begin(call, p);
	if (!in)
		return -EIO;
	struct report *rep = bb_alloc(in->arena, sizeof *rep);
	*rep = (struct report){*in, kind};
	const struct bb_val v[] = {bb_i64(in->link->charger_id), bb_text(kind->name),
				   bb_member_val(in->payload, "requestId")};
	int err = p->api->read(p->bb, p->query[Q_JOB_FIND], 3, v, on_job, rep);
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
