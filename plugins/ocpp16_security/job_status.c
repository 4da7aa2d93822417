/* LogStatusNotification and SignedFirmwareStatusNotification: what chargers say of jobs. */
#include "security.h"

struct kind {
	const char *name;
	const char *const *last; /* statuses after which nothing more comes */
};

static const char *const log_last[] = {"Uploaded",         "UploadFailure",         "BadMessage",
				       "PermissionDenied", "NotSupportedOperation", NULL};
static const char *const firmware_last[] = {
    "Installed",        "InstallationFailed",        "DownloadFailed",
    "InvalidSignature", "InstallVerificationFailed", NULL};
static const struct kind log_kind = {"log", log_last};
static const struct kind firmware_kind = {"firmware", firmware_last};

struct report {
	struct incoming in; /* a copy */
	const struct kind *kind;
};

static bool is_last(const struct kind *k, const char *status)
{
	for (const char *const *last = k->last; *last; last++)
		if (!strcmp(*last, status))
			return true;
	return false;
}

static void move(struct report *rep, struct bb_unit *u, int64_t id, const char *status)
{
	struct security *p = rep->in.p;
	const struct bb_val now = bb_text(rep->in.now);
	bool last = is_last(rep->kind, status);
	const struct bb_val v[] = {bb_i64(id), bb_text(status), now, bb_i64(last)};
	p->api->add(u, p->query[Q_JOB_STATUS], 3, v, NULL, NULL);
	p->api->add(u, p->query[Q_JOB_MOVE], 4, v, NULL, NULL);
	if (last)
		p->api->add(u, p->query[Q_JOB_LINK], 1, v, NULL, NULL);
}

/* What is over for good; after a failure the charger may try again. */
static bool is_over(const char *state)
{
	return !strcmp(state, "Uploaded") || !strcmp(state, "Installed") ||
	       !strcmp(state, "cancelled");
}

/* A status that it has already, one of a job that is over or that nobody knows, changes nothing. */
static void on_job(int err, const struct bb_rows *r, void *arg)
{
	struct report *rep = arg;
	struct incoming *in = &rep->in;
	const char *status = bb_json_get_str(in->payload, "status", "");
	if (err) {
		incoming_fail(in, err);
		return;
	}
	bool news = r->rows && strcmp(status, "Idle") != 0 &&
		    strcmp(bb_cell_text(r, 0, 1), status) != 0 && !is_over(bb_cell_text(r, 0, 1));
	if (!news) {
		in->p->api->resolve(in->reply, bb_json_empty(in->arena));
		return;
	}
	struct bb_unit *u = in->p->api->begin(in->p->bb);
	move(rep, u, bb_cell_int(r, 0, 0, 0), status);
	incoming_commit(in, u, bb_json_empty(in->arena));
}

static int reported(struct bb_call *call, struct security *p, const struct kind *kind)
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
	return reported(call, self, &log_kind);
}

int signed_firmware_status_notification(struct bb_call *call, void *self)
{
	return reported(call, self, &firmware_kind);
}
